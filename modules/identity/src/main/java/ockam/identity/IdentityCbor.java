// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import ockam.vault.Ed25519PublicKey;
import ockam.vault.Ed25519Signature;
import ockam.vault.P256PublicKey;
import ockam.vault.P256Signature;
import ockam.vault.Signature;
import ockam.vault.SignatureAlgorithm;
import ockam.vault.VaultException;
import ockam.vault.VerifyingKey;
import ockam.vault.X25519PublicKey;
import ockam.wire.CborLimits;
import ockam.wire.CborReader;
import ockam.wire.CborWriter;
import ockam.wire.DecodeFailure;

/**
 * Keys and signatures in CBOR, and the limits of this module's decoders on what a peer may claim (secure channel, sections 4.1
 * and 4.2).
 */
final class IdentityCbor {
    /** The longest handshake payload: what fits into a Noise message. */
    static final int MAX_PAYLOAD = 65_535;

    static final CborLimits LIMITS = new CborLimits(16, ChangeHistory.MAX_CHANGES, MAX_PAYLOAD);

    static final int SECURE_CHANNEL_STATIC = 0;
    static final int CREDENTIAL_SIGNING = 1;

    private static final int ED25519 = 0;
    private static final int P256 = 1;

    private IdentityCbor() {}

    static void write(VerifyingKey key, CborWriter writer) {
        writer.variant(index(key.algorithm()), 1).bytes(key.toBytes());
    }

    static VerifyingKey readVerifyingKey(CborReader reader) {
        return reader.variant((index, fields) -> switch (index) {
            case ED25519 ->
                Ed25519PublicKey.of(fields.bytes(Ed25519PublicKey.LENGTH).toArray());
            case P256 -> readP256Key(fields);
            default -> fields.fail(DecodeFailure.Reason.INVALID_VALUE);
        });
    }

    private static VerifyingKey readP256Key(CborReader fields) {
        byte[] bytes = fields.bytes(P256PublicKey.LENGTH).toArray();
        try {
            return P256PublicKey.of(bytes);
        } catch (VaultException e) {
            return fields.fail(DecodeFailure.Reason.INVALID_VALUE); // not the uncompressed form
        }
    }

    static void write(Signature signature, CborWriter writer) {
        writer.variant(index(signature.algorithm()), 1).bytes(signature.toBytes());
    }

    static Signature readSignature(CborReader reader) {
        return reader.variant((index, fields) -> switch (index) {
            case ED25519 ->
                Ed25519Signature.of(fields.bytes(Ed25519Signature.LENGTH).toArray());
            case P256 -> P256Signature.of(fields.bytes(P256Signature.LENGTH).toArray());
            default -> fields.fail(DecodeFailure.Reason.INVALID_VALUE);
        });
    }

    static X25519PublicKey readAgreementKey(CborReader reader) {
        return X25519PublicKey.of(reader.bytes(X25519PublicKey.LENGTH).toArray());
    }

    private static int index(SignatureAlgorithm algorithm) {
        return switch (algorithm) {
            case ED25519 -> ED25519;
            case P256 -> P256;
        };
    }
}
