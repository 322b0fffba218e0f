// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

import java.util.concurrent.CompletionStage;

/** Verifies signatures with public keys (secure channel, section 4.3); holds no keys, thread safe. */
public interface VerifyingVault {

    /**
     * Returns whether the signature over the message was made with the private half of the key.
     *
     * <p>P-256 hashes the message with SHA-256 first and accepts low and high S; r and s must be in range. The result is
     * {@code false}, never a failure, even if the signature is of a different algorithm than the key, or if the key is not a
     * point of its curve or is of small order. The message is copied immediately.
     */
    CompletionStage<Boolean> verify(VerifyingKey key, byte[] message, Signature signature);
}
