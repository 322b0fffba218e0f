// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import akka.util.ByteString;
import ockam.vault.Signature;
import ockam.wire.Cbor;
import ockam.wire.CborReader;
import ockam.wire.CborWriter;
import ockam.wire.Decoded;

/**
 * An identity's signed statement that a key is its own, for one purpose and for a limited time (secure channel, section 4.7).
 *
 * <p>The data are the bytes as received; the signature covers these bytes, and they are forwarded unchanged. Nothing in it must
 * be trusted before it has been verified by {@link Identities#verifyAttestation} or {@link Identities#verifyPeer}.
 *
 * @param data the signed bytes as received
 * @param signature the signature by the latest key of the subject
 */
public record PurposeKeyAttestation(ByteString data, Signature signature) {

    /** Reads an attestation, without verifying anything; it shares the memory of the bytes. */
    public static Decoded<PurposeKeyAttestation> decode(ByteString encoded) {
        return Cbor.decode(encoded, IdentityCbor.LIMITS, PurposeKeyAttestation::readFrom);
    }

    /** Returns the encoded form, with data and signature as received. */
    public ByteString encode() {
        CborWriter writer = CborWriter.create(data.length() + 80);
        writeTo(writer);
        return writer.toByteString();
    }

    /**
     * Returns the content of the attestation. Never fails for a verified one; for any other, throws {@link IdentityException} with
     * {@code MALFORMED}, {@code WRONG_DATA_TYPE} or {@code UNKNOWN_VERSION}.
     */
    public PurposeKeyAttestationData content() {
        return VersionedData.contentOf(
                data, VersionedData.Type.PURPOSE_KEY_ATTESTATION, PurposeKeyAttestationData::readFrom);
    }

    /** Returns the same attestation, without the message around it in memory. */
    PurposeKeyAttestation detached() {
        return new PurposeKeyAttestation(data.compact(), signature);
    }

    void writeTo(CborWriter writer) {
        writer.array(2).bytes(data);
        IdentityCbor.write(signature, writer);
    }

    static PurposeKeyAttestation readFrom(CborReader reader) {
        return reader.struct(fields -> new PurposeKeyAttestation(fields.bytes(), IdentityCbor.readSignature(fields)));
    }

    /** Prints only the length of the data. */
    @Override
    public String toString() {
        return "PurposeKeyAttestation(" + data.length() + " bytes)";
    }
}
