// SPDX-License-Identifier: Apache-2.0

package ockam.benchmarks;

import java.security.SecureRandom;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * The floor under handshakes: the curve operations that the protocol requires of both sides together, and nothing else.
 *
 * <p>Each side generates an ephemeral key, agrees three times, and verifies two signatures of its peer: that of a history of one
 * change, and that of the attestation. Each credential that is presented has two more: its own, and that of the attestation of the key that
 * signed it.
 */
public final class CurveWork {
    private static final int KEY_GENERATIONS = 2;
    private static final int AGREEMENTS = 6;
    private static final int VERIFICATIONS = 4;
    private static final int VERIFICATIONS_OF_A_CREDENTIAL = 2;

    private final SecureRandom random = new SecureRandom();
    private final byte[] peer = new byte[X25519.POINT_SIZE];
    private final byte[] message = new byte[32];
    private final byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
    private final byte[] verifyingKey = new byte[Ed25519.PUBLIC_KEY_SIZE];
    private final int verifications;
    private byte[] privateKey = new byte[X25519.SCALAR_SIZE];

    /** Creates keys and a signature to work on, for a handshake in which so many credentials are presented. */
    public CurveWork(int credentials) {
        verifications = VERIFICATIONS + credentials * VERIFICATIONS_OF_A_CREDENTIAL;
        byte[] seed = new byte[Ed25519.SECRET_KEY_SIZE];
        random.nextBytes(seed);
        Ed25519.generatePublicKey(seed, 0, verifyingKey, 0);
        Ed25519.sign(seed, 0, message, 0, message.length, signature, 0);
        generate(peer);
    }

    /** Does the work of one handshake; returns whether everything succeeded, which it always does. */
    public boolean run() {
        boolean good = true;
        for (int i = 0; i < KEY_GENERATIONS; i++) {
            generate(new byte[X25519.POINT_SIZE]);
        }
        for (int i = 0; i < AGREEMENTS; i++) {
            good &= X25519.calculateAgreement(privateKey, 0, peer, 0, new byte[X25519.POINT_SIZE], 0);
        }
        for (int i = 0; i < verifications; i++) {
            good &= Ed25519.verify(signature, 0, verifyingKey, 0, message, 0, message.length);
        }
        return good;
    }

    private void generate(byte[] publicKey) {
        privateKey = new byte[X25519.SCALAR_SIZE];
        X25519.generatePrivateKey(random, privateKey);
        X25519.generatePublicKey(privateKey, 0, publicKey, 0);
    }
}
