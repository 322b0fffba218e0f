// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

import java.security.SecureRandom;
import ockam.vault.VaultException.Reason;

/** X25519 of RFC 7748, from Bouncy Castle; thread safe. Private keys are any 32 bytes, clamped where they are used. */
final class X25519 {
    static final int LENGTH = 32;

    private X25519() {}

    static byte[] generatePrivateKey(SecureRandom random) {
        byte[] privateKey = new byte[LENGTH];
        org.bouncycastle.math.ec.rfc7748.X25519.generatePrivateKey(random, privateKey);
        return privateKey;
    }

    static X25519PublicKey publicKey(byte[] privateKey) {
        ByteArrays.requireLength(privateKey, LENGTH, "an X25519 private key");
        byte[] publicKey = new byte[LENGTH];
        org.bouncycastle.math.ec.rfc7748.X25519.generatePublicKey(privateKey, 0, publicKey, 0);
        return X25519PublicKey.of(publicKey);
    }

    /** Returns the shared secret, which the caller must overwrite; refuses an all-zero one. */
    static byte[] agree(byte[] privateKey, X25519PublicKey peer) {
        ByteArrays.requireLength(privateKey, LENGTH, "an X25519 private key");
        byte[] shared = new byte[LENGTH];
        if (!org.bouncycastle.math.ec.rfc7748.X25519.calculateAgreement(privateKey, 0, peer.toBytes(), 0, shared, 0)) {
            throw new VaultException(Reason.WEAK_PUBLIC_KEY, "the peer's X25519 key makes the shared secret zero");
        }
        return shared;
    }
}
