// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import static ockam.fixtures.Stages.done;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.LoggingTestKit;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import ockam.fixtures.MutableClock;
import ockam.fixtures.SystemKit;
import ockam.identity.CredentialAndPurposeKey;
import ockam.identity.CredentialOptions;
import ockam.identity.CredentialStore;
import ockam.identity.Identities;
import ockam.identity.Identity;
import ockam.identity.InMemoryCredentialStore;
import ockam.identity.InMemoryIdentityRepository;
import ockam.vault.SoftwareVault;
import ockam.wire.Attributes;
import ockam.wire.Identifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import scala.concurrent.ExecutionContext;

/** A node that starts again while its authority is away (authority, section 7.1; authority, section 10, item 28). */
class KeptCredentialsTest {
    private static final Duration VALIDITY = Duration.ofMinutes(10);

    @RegisterExtension
    static final SystemKit KIT = new SystemKit();

    private final HandTime time = new HandTime();
    private final MutableClock clock = time.clock();
    private final Identity authority =
            done(Identities.create(SoftwareVault.create(Runnable::run), InMemoryIdentityRepository.create(), clock)
                    .create());
    private final Identifier subject = Identifier.parse("I" + "1".repeat(64));
    private CredentialStore store = InMemoryCredentialStore.create();
    private Supplier<CompletionStage<CredentialAndPurposeKey>> source = this::issues;
    private int asked;

    private CompletionStage<CredentialAndPurposeKey> issues() {
        return authority
                .identities()
                .issueCredential(authority, CredentialOptions.of(subject, Attributes.none(), VALIDITY));
    }

    /** As each start of the node makes one. */
    private RefreshingRetriever retriever() {
        return new RefreshingRetriever(
                time,
                ExecutionContext.fromExecutor(Runnable::run),
                KeptCredentials.create(
                        store,
                        subject,
                        authority.identifier(),
                        () -> {
                            asked++;
                            return source.get();
                        },
                        clock,
                        ChannelTests.REFRESH),
                clock,
                ChannelTests.REFRESH,
                new SplittableRandom(1));
    }

    private void isDown() {
        source = () -> CompletableFuture.failedStage(new IllegalStateException("down"));
    }

    private Throwable refused() {
        return ChannelTests.failureOf(retriever().credential());
    }

    @Test
    void nodeThatStartsAgainHasItsCredentialWithoutItsAuthority() {
        CredentialAndPurposeKey first = done(retriever().credential());
        isDown();
        clock.goesOn(VALIDITY.minusSeconds(61));

        assertThat(done(retriever().credential())).isEqualTo(first);

        assertThat(asked).isOne();
        clock.goesOn(Duration.ofSeconds(1));
        assertThat(refused()).hasMessage("the source of credentials has failed");
        assertThat(asked).isEqualTo(2);
    }

    @Test
    void newerOneIsAskedForAndKept() {
        CredentialAndPurposeKey first = done(retriever().credential());
        RefreshingRetriever again = retriever();
        assertThat(done(again.credential())).isEqualTo(first);
        Runnable watching = again.watch(() -> {});

        time.passes(VALIDITY.minusMinutes(2));
        CredentialAndPurposeKey second = done(again.credential());
        watching.run();

        assertThat(second).isNotEqualTo(first);
        isDown();
        assertThat(done(retriever().credential())).isEqualTo(second);
        assertThat(asked).isEqualTo(2);
    }

    /** What it says may be out of date. */
    @Test
    void oneFromBeforeIsRenewedAsSoonAsTheAuthorityIsThere() {
        CredentialAndPurposeKey first = done(retriever().credential());
        isDown();
        RefreshingRetriever again = retriever();
        assertThat(done(again.credential())).isEqualTo(first);
        var newer = new AtomicInteger();
        Runnable watching = again.watch(newer::incrementAndGet);
        time.passes(ChannelTests.REFRESH.retryPause().minusMillis(1));
        assertThat(asked).isOne();

        LoggingTestKit.warn("cannot be renewed")
                .withCause(IllegalStateException.class)
                .expect(KIT.system(), () -> {
                    time.passes(Duration.ofMillis(1));
                    assertThat(asked).isEqualTo(2);
                    time.passes(ChannelTests.REFRESH.retryPause());
                    return true;
                });
        assertThat(asked).isEqualTo(3);
        assertThat(done(again.credential())).isEqualTo(first);
        assertThat(newer).hasValue(0);
        source = this::issues;
        time.passes(ChannelTests.REFRESH.retryPause().multipliedBy(2));

        assertThat(done(again.credential())).isNotEqualTo(first);
        assertThat(newer).hasValue(1);
        time.passes(VALIDITY.minusMinutes(2).minusMillis(1));
        watching.run();
        assertThat(asked).isEqualTo(4);
    }

    /** So late that nobody waits for it any more. */
    @Test
    void storeThatAnswersLateHasItForTheNextRequest() {
        CredentialAndPurposeKey first = done(retriever().credential());
        isDown();
        store = new Late(store);
        RefreshingRetriever again = retriever();
        CompletionStage<CredentialAndPurposeKey> early = again.credential();
        time.passes(ChannelTests.REFRESH.requestTimeout());
        assertThat(ChannelTests.failureOf(early)).hasMessage("the source of credentials has failed");
        ((Late) store).answers.complete(true);
        time.passes(ChannelTests.REFRESH.retryPause());

        assertThat(done(again.credential())).isEqualTo(first);
        time.passes(VALIDITY);
        assertThat(ChannelTests.failureOf(again.credential()))
                .hasMessage("the source of credentials has failed")
                .hasRootCauseMessage("down");
    }

    @Test
    void withoutAnyTheAuthorityIsAsked() {
        isDown();

        assertThat(refused()).hasMessage("the source of credentials has failed");
        assertThat(asked).isOne();
        assertThat(done(store.find(subject, authority.identifier(), clock.instant())))
                .isEmpty();
    }

    @Test
    void storeThatFailsIsLoggedOnly() {
        store = new Failing();

        LoggingTestKit.warn("cannot be looked for")
                .expect(
                        KIT.system(),
                        () -> LoggingTestKit.warn("cannot be kept").expect(KIT.system(), () -> {
                            assertThat(done(retriever().credential())).isNotNull();
                            return true;
                        }));
    }

    /** Finds nothing before it is told to. */
    private static final class Late implements CredentialStore {
        private final CompletableFuture<Boolean> answers = new CompletableFuture<>();
        private final CredentialStore store;

        Late(CredentialStore store) {
            this.store = store;
        }

        @Override
        public CompletionStage<Boolean> keep(CredentialAndPurposeKey credential) {
            return store.keep(credential);
        }

        @Override
        public CompletionStage<Optional<CredentialAndPurposeKey>> find(
                Identifier subject, Identifier authority, Instant moment) {
            return answers.thenCompose(now -> store.find(subject, authority, moment));
        }

        @Override
        public CompletionStage<Boolean> forget(Identifier subject, Identifier authority) {
            return store.forget(subject, authority);
        }
    }

    private static final class Failing implements CredentialStore {
        private static <T> CompletionStage<T> failed() {
            return CompletableFuture.failedStage(new IllegalStateException("the disk is full"));
        }

        @Override
        public CompletionStage<Boolean> keep(CredentialAndPurposeKey credential) {
            return failed();
        }

        @Override
        public CompletionStage<Optional<CredentialAndPurposeKey>> find(
                Identifier subject, Identifier authority, Instant moment) {
            return failed();
        }

        @Override
        public CompletionStage<Boolean> forget(Identifier subject, Identifier authority) {
            return failed();
        }
    }
}
