// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

import java.security.SecureRandom;

/** Pure Ed25519 of RFC 8032, from Bouncy Castle; thread safe. Private keys are 32-byte seeds. */
final class Ed25519 {
    static final int SEED_LENGTH = 32;

    private Ed25519() {}

    static byte[] generateSeed(SecureRandom random) {
        byte[] seed = new byte[SEED_LENGTH];
        org.bouncycastle.math.ec.rfc8032.Ed25519.generatePrivateKey(random, seed);
        return seed;
    }

    static Ed25519PublicKey publicKey(byte[] seed) {
        ByteArrays.requireLength(seed, SEED_LENGTH, "an Ed25519 seed");
        byte[] publicKey = new byte[Ed25519PublicKey.LENGTH];
        org.bouncycastle.math.ec.rfc8032.Ed25519.generatePublicKey(seed, 0, publicKey, 0);
        return Ed25519PublicKey.of(publicKey);
    }

    /** Computes the public key again: a signature made with a different one would reveal the private key. */
    static Ed25519Signature sign(byte[] seed, byte[] message) {
        ByteArrays.requireLength(seed, SEED_LENGTH, "an Ed25519 seed");
        byte[] signature = new byte[Ed25519Signature.LENGTH];
        org.bouncycastle.math.ec.rfc8032.Ed25519.sign(seed, 0, message, 0, message.length, signature, 0);
        return Ed25519Signature.of(signature);
    }

    /** Refuses points and numbers that are not in canonical form, and public keys of small order. */
    static boolean verify(Ed25519PublicKey key, byte[] message, Ed25519Signature signature) {
        return org.bouncycastle.math.ec.rfc8032.Ed25519.verify(
                signature.toBytes(), 0, key.toBytes(), 0, message, 0, message.length);
    }
}
