// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import akka.util.ByteString;
import ockam.wire.CborReader;
import ockam.wire.CborWriter;
import ockam.wire.Identifier;

/**
 * The content of an attestation: this key serves this identity, for one purpose and for a limited time (secure channel, section 4.7).
 *
 * @param subject the identity that the key belongs to, and that signs
 * @param latestChange the identity's latest change when it signed
 * @param publicKey the key and its purpose
 * @param createdAt when it was made
 * @param expiresAt until when it is valid
 */
public record PurposeKeyAttestationData(
        Identifier subject,
        ChangeHash latestChange,
        PurposePublicKey publicKey,
        Timestamp createdAt,
        Timestamp expiresAt) {

    ByteString encodeSigned() {
        CborWriter writer = CborWriter.create(192).array(5);
        subject.writeTo(writer);
        latestChange.writeTo(writer);
        publicKey.writeTo(writer);
        writer.unsigned(createdAt.seconds()).unsigned(expiresAt.seconds());
        return VersionedData.encode(VersionedData.Type.PURPOSE_KEY_ATTESTATION, writer);
    }

    static PurposeKeyAttestationData readFrom(CborReader reader) {
        return reader.struct(fields -> new PurposeKeyAttestationData(
                Identifier.readFrom(fields),
                ChangeHash.readFrom(fields),
                PurposePublicKey.readFrom(fields),
                new Timestamp(fields.unsigned()),
                new Timestamp(fields.unsigned())));
    }
}
