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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A source of credentials for a {@link RefreshingRetriever} that remembers what it got: a node that starts again presents the credential that
 * it has, and so is not stopped by an authority that is away (authority, section 7.1).
 *
 * <p>Asked for the first time, it has the credential that is kept, if that can still be presented for a while. Otherwise, and from then on,
 * it asks the authority, and keeps what that says. A store that fails is logged, and costs nothing but what it would have remembered. Thread
 * safe; nothing blocks.
 */
public final class KeptCredentials implements Supplier<CompletionStage<CredentialAndPurposeKey>> {
    private static final Logger log = LoggerFactory.getLogger(KeptCredentials.class);

    private final CredentialStore store;
    private final Identifier subject;
    private final Identifier authority;
    private final Supplier<? extends CompletionStage<CredentialAndPurposeKey>> source;
    private final Clock clock;
    private final RefreshTiming timing;
    private volatile boolean hasAny;

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
        return hasAny ? asked() : kept().thenCompose(found -> found.isPresent() ? had(found.get()) : asked());
    }

    private CompletionStage<CredentialAndPurposeKey> had(CredentialAndPurposeKey credential) {
        hasAny = true;
        return CompletableFuture.completedStage(credential);
    }

    private CompletionStage<Optional<CredentialAndPurposeKey>> kept() {
        return AskedCredentials.ask(() -> store.find(subject, authority, clock.instant()))
                .thenApply(found ->
                        found.filter(credential -> timing.held(credential).isPresentable(clock.instant())))
                .exceptionally(failure -> {
                    failed("looked for", failure);
                    return Optional.empty();
                });
    }

    private CompletionStage<CredentialAndPurposeKey> asked() {
        return AskedCredentials.ask(source).thenApply(credential -> {
            hasAny = true;
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
