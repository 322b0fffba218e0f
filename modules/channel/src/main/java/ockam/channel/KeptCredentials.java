// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import ockam.identity.CredentialAndPurposeKey;
import ockam.identity.CredentialStore;
import ockam.wire.Identifier;
import ockam.wire.internal.Failures;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A source of credentials for a {@link RefreshingRetriever} that remembers what it got: a node that starts again presents the credential that
 * it has, and so is not stopped by an authority that is away (authority, section 7.1).
 *
 * <p>Asked for the first time, it has the credential that is kept, if that can still be presented for a while. Otherwise, and from then on,
 * it asks the authority, and keeps what that says. Until the authority has answered once, it still has the kept one whenever the authority
 * fails, as long as that one can be presented.
 *
 * <p>What a kept credential says may be out of date, so a retriever whose source this is renews it soon: {@code retry-pause} after it got
 * it, or later, when a channel is open. As long as that fails, it presents it, and asks again as after other failures. A retriever whose
 * source is something around this takes a kept credential for a new one, and renews it shortly before it ends.
 *
 * <p>A store that fails is logged, and costs nothing but what it would have remembered. Thread safe; nothing blocks.
 */
public final class KeptCredentials implements Supplier<CompletionStage<CredentialAndPurposeKey>> {
    private static final Logger log = LoggerFactory.getLogger(KeptCredentials.class);

    private final CredentialStore store;
    private final Identifier subject;
    private final Identifier authority;
    private final Supplier<? extends CompletionStage<CredentialAndPurposeKey>> source;
    private final Clock clock;
    private final RefreshTiming timing;
    private volatile boolean hasAnswer;
    private volatile boolean hasWarned;
    private volatile @Nullable CredentialAndPurposeKey old;

    private KeptCredentials(
            CredentialStore store,
            Identifier subject,
            Identifier authority,
            Supplier<? extends CompletionStage<CredentialAndPurposeKey>> source,
            Clock clock,
            CredentialRefreshSettings settings) {
        this.store = Objects.requireNonNull(store, "store");
        this.subject = Objects.requireNonNull(subject, "subject");
        this.authority = Objects.requireNonNull(authority, "authority");
        this.source = Objects.requireNonNull(source, "source");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.timing = new RefreshTiming(settings, new SplittableRandom());
    }

    /**
     * Creates one.
     *
     * @param store where they are kept
     * @param subject whom they are about: the identity that presents them
     * @param authority whose they are
     * @param source asks the authority, as for {@link RefreshingRetriever#create}
     * @param clock by which credentials end
     * @param settings those of the retriever: how long before its end a credential is not presented any more
     */
    public static KeptCredentials create(
            CredentialStore store,
            Identifier subject,
            Identifier authority,
            Supplier<? extends CompletionStage<CredentialAndPurposeKey>> source,
            Clock clock,
            CredentialRefreshSettings settings) {
        return new KeptCredentials(store, subject, authority, source, clock, settings);
    }

    @Override
    public CompletionStage<CredentialAndPurposeKey> get() {
        if (hasAnswer) {
            return asked();
        }
        CredentialAndPurposeKey found = old;
        return found == null
                ? kept().thenCompose(kept -> kept.isPresent() ? had(kept.get()) : asked())
                : askedOr(found);
    }

    /** Whether the authority has said nothing since this one was kept. */
    boolean isOld(CredentialAndPurposeKey credential) {
        return credential.equals(old);
    }

    private CompletionStage<CredentialAndPurposeKey> had(CredentialAndPurposeKey credential) {
        old = credential;
        return CompletableFuture.completedStage(credential);
    }

    /** Also the retriever may not have it: it does not wait for a store that is slow. */
    private CompletionStage<CredentialAndPurposeKey> askedOr(CredentialAndPurposeKey found) {
        return asked().exceptionallyCompose(failure -> {
            if (!isPresentable(found)) {
                return CompletableFuture.failedStage(failure);
            }
            if (!hasWarned) { // the retriever asks often
                hasWarned = true;
                failed("renewed", failure);
            }
            return CompletableFuture.completedStage(found);
        });
    }

    private boolean isPresentable(CredentialAndPurposeKey credential) {
        return timing.held(credential).isPresentable(clock.instant());
    }

    private CompletionStage<Optional<CredentialAndPurposeKey>> kept() {
        return AskedCredentials.ask(() -> store.find(subject, authority, clock.instant()))
                .thenApply(found -> found.filter(this::isPresentable))
                .exceptionally(failure -> {
                    failed("looked for", failure);
                    return Optional.empty();
                });
    }

    private CompletionStage<CredentialAndPurposeKey> asked() {
        return AskedCredentials.ask(source).thenApply(credential -> {
            hasAnswer = true;
            old = null;
            CompletionStage<?> unused = AskedCredentials.ask(() -> store.keep(credential))
                    .whenComplete((kept, failure) -> {
                        if (failure != null) {
                            failed("kept", failure);
                        }
                    });
            return credential;
        });
    }

    private void failed(String what, Throwable failure) {
        log.warn("The credential of {} by {} cannot be {}", subject, authority, what, Failures.unwrapped(failure));
    }
}
