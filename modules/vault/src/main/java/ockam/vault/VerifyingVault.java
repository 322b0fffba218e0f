// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

import java.util.concurrent.CompletionStage;

/** Verifies signatures with public keys (secure channel, section 4.3); holds no keys, thread safe. */
public interface VerifyingVault {

    /**
     * Whether the signature over the message was made with the private half of the key.
     *
     * <p>P-256 hashes the message with SHA-256 first and accepts low and high S; r and s must be in range. The answer is
     * {@code false}, never a failure, also for a signature of another algorithm than the key's and for a key that is no
     * point of its curve or of small order. The message is copied at once.
     */
    CompletionStage<Boolean> verify(VerifyingKey key, byte[] message, Signature signature);
}
