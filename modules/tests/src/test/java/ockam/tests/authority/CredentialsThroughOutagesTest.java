// SPDX-License-Identifier: Apache-2.0

package ockam.tests.authority;

import static ockam.fixtures.Stages.awaitFailureOf;
import static ockam.tests.authority.OutageScene.VALIDITY;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import ockam.authority.AuthorityException;
import ockam.channel.CredentialRetriever;
import ockam.channel.CredentialUnavailableException;
import ockam.channel.HandshakeException;
import ockam.channel.SecureChannel;
import ockam.fixtures.MutableClock;
import ockam.fixtures.Stages;
import ockam.identity.CredentialAndPurposeKey;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.OckamTestKit;
import ockam.testkit.Party;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What members present, from an authority that is often out of reach, by a clock that is moved (authority, section 7; authority, section 10,
 * items 28, 30, 31 and 37). {@link CredentialsInRealTimeTest} waits for it.
 */
class CredentialsThroughOutagesTest {
    @RegisterExtension
    static final ActorTestKitExtension KIT = ActorTestKitExtension.create().withManualTime();

    private static final Duration STEP = Duration.ofSeconds(2); // each takes a tenth of a second
    /** From one credential to the next, at most. */
    private static final Duration LONGEST = VALIDITY.minusSeconds(3);

    private final ManualTime time;
    private final OckamTestKit kit;
    private final MutableClock clock = new MutableClock();
    private final OutageScene scene;

    CredentialsThroughOutagesTest(ActorTestKit testKit, ManualTime time) {
        this.time = time;
        kit = OckamTestKit.create(testKit);
        scene = OutageScene.inMemory(kit, clock, VALIDITY);
    }

    @AfterEach
    void end() {
        scene.close();
    }

    /** Some time passes at once, and what was asked is answered. */
    private void passes(Duration much) {
        clock.goesOn(much);
        time.timePasses(much);
        kit.eventually(() -> assertThat(scene.hasAnswered()).isTrue());
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 38})
    void noMessageIsRefusedAlthoughTheAuthorityIsOutOfReachMostOfTheTime(long first) {
        SecureChannel channel = scene.opened(scene.remote(scene.alice(), scene.settings()));
        for (long second = 0; second < 180; second += STEP.toSeconds()) {
            scene.isDown(OutageScene.isDownAt(second, first));
            passes(STEP);
            // What was due has been asked for.
            kit.eventually(() -> assertThat(scene.lastIssuedAt())
                    .isAfterOrEqualTo(clock.instant().minus(LONGEST)));
            scene.isUpToDate(channel);
            scene.isAnswered(channel, "number " + second);
        }

        assertThat(scene.denied()).isZero();
        assertThat(scene.failed()).isPositive();
        assertThat(scene.issued()).isBetween(4, 9);
    }

    @Test
    void anOutageThatOutlivesTheCredentialEndsAccessUntilTheAuthorityIsBack() {
        SecureChannel channel = scene.opened(scene.remote(scene.alice(), scene.settings()));
        scene.isAnswered(channel, "before");
        scene.isDown(true);
        passes(VALIDITY.minusSeconds(1));
        scene.isAnswered(channel, "in its last second");
        passes(Duration.ofSeconds(1));
        scene.isNotAnswered(channel);

        scene.isDown(false);
        int issued = scene.issued();
        for (int step = 0; step < 28 && scene.issued() == issued; step++) {
            passes(Duration.ofSeconds(5));
        }

        kit.eventually(() -> assertThat(scene.issued()).isEqualTo(issued + 1));
        scene.isUpToDate(channel);
        scene.isAnswered(channel, "after");
    }

    private static void assertUnavailable(Throwable failure) {
        assertThat(failure).isInstanceOfSatisfying(HandshakeException.class, refused -> {
            assertThat(refused.step()).isEqualTo(HandshakeException.Step.PREPARE);
            assertThat(refused.reason()).isEqualTo(HandshakeException.Reason.CREDENTIAL_UNAVAILABLE);
        });
        assertThat(failure).hasCauseInstanceOf(CredentialUnavailableException.class);
    }

    @Test
    void whoeverIsNoMemberHasNoChannel() {
        Party mallory = Party.create(kit.system(), clock);

        Throwable failure = awaitFailureOf(scene.create(mallory, scene.remote(mallory, scene.settings())));

        assertUnavailable(failure);
        assertThat(failure)
                .hasRootCauseInstanceOf(AuthorityException.class)
                .rootCause()
                .hasMessageContaining("REFUSED");
    }

    @Test
    void withoutItsAuthorityANewNodeHasNoChannel() {
        scene.isDown(true);

        assertUnavailable(awaitFailureOf(scene.create(scene.alice(), scene.remote(scene.alice(), scene.settings()))));
    }

    @Test
    void whatWasKeptIsPresentedToItsLastSecondWithoutTheAuthority() {
        CredentialAndPurposeKey kept =
                Stages.await(scene.remote(scene.alice(), scene.settings()).credential());
        AtomicReference<CredentialAndPurposeKey> file = new AtomicReference<>(kept);
        CredentialRetriever cached = CredentialRetriever.cached(
                () -> CompletableFuture.completedStage(Optional.ofNullable(file.get())), clock);
        int asked = scene.asked();
        scene.isDown(true);
        passes(VALIDITY.minusSeconds(1));
        scene.isAnswered(scene.opened(cached), "in its last second");

        passes(Duration.ofSeconds(1));
        CompletionStage<SecureChannel> late = scene.create(scene.alice(), cached);

        assertUnavailable(awaitFailureOf(late));
        assertThat(scene.asked()).isEqualTo(asked);
    }

    @Test
    void aFixedOneIsPresentedAlsoWhenItHasEnded() {
        CredentialAndPurposeKey kept =
                Stages.await(scene.remote(scene.alice(), scene.settings()).credential());
        CredentialRetriever fixed = CredentialRetriever.fixed(kept);
        scene.isAnswered(scene.opened(fixed), "before");
        passes(VALIDITY);

        scene.isNotAnswered(scene.opened(fixed));
    }
}
