// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import ockam.identity.CredentialAndPurposeKey;

/** Always has the same credential. */
record FixedRetriever(CredentialAndPurposeKey fixed) implements CredentialRetriever {
    FixedRetriever {
        Objects.requireNonNull(fixed, "credential");
    }

    @Override
    public CompletionStage<CredentialAndPurposeKey> credential() {
        return CompletableFuture.completedStage(fixed);
    }

    @Override
    public Runnable watch(Runnable newer) {
        return () -> {};
    }
}
