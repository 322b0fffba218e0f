// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import ockam.vault.VerifyingKey;
import ockam.vault.X25519PublicKey;
import ockam.wire.CborReader;
import ockam.wire.CborWriter;
import ockam.wire.DecodeFailure;

/** A key that an identity attests for one purpose and no other (secure channel, section 4.2). */
public sealed interface PurposePublicKey {

    /**
     * The Noise static key of the identity's secure channels.
     *
     * @param key the X25519 public key
     */
    record SecureChannelStatic(X25519PublicKey key) implements PurposePublicKey {
        @Override
        public void writeTo(CborWriter writer) {
            writer.variant(IdentityCbor.SECURE_CHANNEL_STATIC, 1).bytes(key.toBytes());
        }
    }

    /**
     * The key that signs the credentials issued by the identity.
     *
     * @param key an Ed25519 or P-256 public key, independent of the algorithm of the identity's own key
     */
    record CredentialSigning(VerifyingKey key) implements PurposePublicKey {
        @Override
        public void writeTo(CborWriter writer) {
            writer.variant(IdentityCbor.CREDENTIAL_SIGNING, 1);
            IdentityCbor.write(key, writer);
        }
    }

    /** Writes the key with its kind. */
    void writeTo(CborWriter writer);

    /** Reads a key of any known kind. */
    static PurposePublicKey readFrom(CborReader reader) {
        return reader.variant((index, fields) -> switch (index) {
            case IdentityCbor.SECURE_CHANNEL_STATIC -> new SecureChannelStatic(IdentityCbor.readAgreementKey(fields));
            case IdentityCbor.CREDENTIAL_SIGNING -> new CredentialSigning(IdentityCbor.readVerifyingKey(fields));
            default -> fields.fail(DecodeFailure.Reason.INVALID_VALUE);
        });
    }
}
