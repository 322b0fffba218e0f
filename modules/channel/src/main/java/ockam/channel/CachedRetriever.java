// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import ockam.identity.CredentialAndPurposeKey;
import ockam.identity.Timestamp;

/** Has what it finds, to its last second. */
record CachedRetriever(Supplier<? extends CompletionStage<Optional<CredentialAndPurposeKey>>> lookUp, Clock clock)
        implements CredentialRetriever {
    CachedRetriever {
        Objects.requireNonNull(lookUp, "lookUp");
        Objects.requireNonNull(clock, "clock");
    }

    @Override
    public CompletionStage<CredentialAndPurposeKey> credential() {
        return AskedCredentials.ask(lookUp).thenApply(found -> {
            CredentialAndPurposeKey credential =
                    found.orElseThrow(() -> new CredentialUnavailableException("there is no credential"));
            Timestamp end = AskedCredentials.endOf(credential);
            if (!end.isAfter(Timestamp.of(clock.instant()))) {
                throw new CredentialUnavailableException("the credential has expired at " + end.toInstant());
            }
            return credential;
        });
    }

    @Override
    public Runnable watch(Runnable newer) {
        return () -> {};
    }
}
