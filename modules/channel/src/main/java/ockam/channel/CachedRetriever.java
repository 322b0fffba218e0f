// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import ockam.identity.CredentialAndPurposeKey;
import ockam.identity.Timestamp;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has what it finds, to its last second, and has it deleted then. */
record CachedRetriever(
        Supplier<? extends CompletionStage<Optional<CredentialAndPurposeKey>>> lookUp,
        Function<? super CredentialAndPurposeKey, ? extends CompletionStage<?>> delete,
        Clock clock)
        implements CredentialRetriever {
    private static final Logger log = LoggerFactory.getLogger(CachedRetriever.class);

    CachedRetriever {
        Objects.requireNonNull(lookUp, "lookUp");
        Objects.requireNonNull(delete, "delete");
        Objects.requireNonNull(clock, "clock");
    }

    @Override
    public CompletionStage<CredentialAndPurposeKey> credential() {
        return AskedCredentials.ask(lookUp).thenApply(found -> {
            CredentialAndPurposeKey credential =
                    found.orElseThrow(() -> new CredentialUnavailableException("there is no credential"));
            Timestamp end = AskedCredentials.endOf(credential);
            if (!end.isAfter(Timestamp.of(clock.instant()))) {
                deleted(credential);
                throw new CredentialUnavailableException("the credential has expired at " + end.toInstant());
            }
            return credential;
        });
    }

    /** Nobody waits for it. */
    private void deleted(CredentialAndPurposeKey ended) {
        var unused = AskedCredentials.ask(() -> delete.apply(ended).thenApply(done -> true))
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        log.warn("A credential that has expired could not be deleted", failure);
                    }
                });
    }

    @Override
    public Runnable watch(Runnable newer) {
        return () -> {};
    }
}
