// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import akka.util.ByteString;
import ockam.vault.Signature;
import ockam.wire.Cbor;
import ockam.wire.CborReader;
import ockam.wire.CborWriter;
import ockam.wire.Decoded;

/**
 * An identity's signed word that a key is its own, for one purpose and for some time (secure channel, section 4.7).
 *
 * <p>The data are the bytes as received; the signature is about these, and they are sent on as they are. Nothing is to be
 * believed before it is verified, by {@link Identities#verifyAttestation} or {@link Identities#verifyPeer}.
 *
 * @param data the signed bytes as received
 * @param signature by the latest key of the subject
 */
public record PurposeKeyAttestation(ByteString data, Signature signature) {

    /** Reads an attestation, without verifying anything; it shares the memory of the bytes. */
    public static Decoded<PurposeKeyAttestation> decode(ByteString encoded) {
        return Cbor.decode(encoded, IdentityCbor.LIMITS, PurposeKeyAttestation::readFrom);
    }

    /** The encoded form, with data and signature as they were received. */
    public ByteString encode() {
        CborWriter writer = CborWriter.create(data.length() + 80);
        writeTo(writer);
        return writer.toByteString();
    }

    /**
     * What the attestation says. Never fails for a verified one; for another, {@link IdentityException} with
     * {@code MALFORMED}, {@code WRONG_DATA_TYPE} or {@code UNKNOWN_VERSION}.
     */
    public PurposeKeyAttestationData content() {
        return VersionedData.contentOf(
                data, VersionedData.Type.PURPOSE_KEY_ATTESTATION, PurposeKeyAttestationData::readFrom);
    }

    void writeTo(CborWriter writer) {
        writer.array(2).bytes(data);
        IdentityCbor.write(signature, writer);
    }

    static PurposeKeyAttestation readFrom(CborReader reader) {
        return reader.struct(fields -> new PurposeKeyAttestation(fields.bytes(), IdentityCbor.readSignature(fields)));
    }

    /** Only the length of the data. */
    @Override
    public String toString() {
        return "PurposeKeyAttestation(" + data.length() + " bytes)";
    }
}
