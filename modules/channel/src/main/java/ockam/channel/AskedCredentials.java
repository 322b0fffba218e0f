// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import ockam.identity.CredentialAndPurposeKey;
import ockam.identity.IdentityException;
import ockam.identity.Timestamp;
import ockam.wire.internal.Failures;

/** What the application's code says about credentials, which may be anything. */
final class AskedCredentials {
    private AskedCredentials() {}

    /** Asks; what the code throws, and no stage, are failures of the stage. */
    static <T> CompletionStage<T> ask(Supplier<? extends CompletionStage<T>> code) {
        try {
            return Objects.requireNonNull(code.get(), "no stage").thenApply(Objects::requireNonNull);
        } catch (Throwable e) {
            Failures.rethrowIfFatal(e);
            return CompletableFuture.failedStage(e);
        }
    }

    /** Until when a credential is valid, if it can be read. */
    static Timestamp endOf(CredentialAndPurposeKey credential) {
        try {
            return credential.credential().content().expiresAt();
        } catch (IdentityException e) {
            throw new CredentialUnavailableException("the credential cannot be read", e);
        }
    }
}
