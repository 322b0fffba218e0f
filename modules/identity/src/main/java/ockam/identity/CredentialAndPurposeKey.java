// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import akka.util.ByteString;
import ockam.wire.Cbor;
import ockam.wire.CborReader;
import ockam.wire.CborWriter;
import ockam.wire.Decoded;
import ockam.wire.Identifier;

/**
 * A credential with the attestation of the key that signed it, as a peer presents it (secure channel, section 4.9).
 * {@link Identities#issueCredential} makes one, {@link Identities#verifyCredential} verifies one.
 *
 * @param credential the credential
 * @param purposeKey the authority's attestation of its credential key
 */
public record CredentialAndPurposeKey(Credential credential, PurposeKeyAttestation purposeKey) {

    /** Reads the structure, without verifying anything; the result shares the memory of the bytes. */
    public static Decoded<CredentialAndPurposeKey> decode(ByteString encoded) {
        return Cbor.decode(encoded, IdentityCbor.LIMITS, CredentialAndPurposeKey::readFrom);
    }

    /**
     * Returns whom the credential is about. Never fails for a verified one; for any other, throws {@link IdentityException} as
     * {@link Credential#content} does, or with {@code CREDENTIAL_WITHOUT_SUBJECT}.
     */
    public Identifier subject() {
        return credential
                .content()
                .subject()
                .orElseThrow(() -> new IdentityException(
                        IdentityException.Reason.CREDENTIAL_WITHOUT_SUBJECT, "the credential is about nobody"));
    }

    /** Returns who says it. Never fails for a verified one; for any other, as {@link PurposeKeyAttestation#content}. */
    public Identifier authority() {
        return purposeKey.content().subject();
    }

    /** Returns the same, without the message around it in memory. */
    CredentialAndPurposeKey detached() {
        return new CredentialAndPurposeKey(
                new Credential(credential.data().compact(), credential.signature()), purposeKey.detached());
    }

    /** Returns the encoded form, with signed data and signatures as received. */
    public ByteString encode() {
        CborWriter writer = CborWriter.create(512);
        writeTo(writer);
        return writer.toByteString();
    }

    /** Writes both as part of a larger structure, with signed parts as received. */
    public void writeTo(CborWriter writer) {
        writer.array(2);
        credential.writeTo(writer);
        purposeKey.writeTo(writer);
    }

    /** Reads both as part of a larger structure. */
    public static CredentialAndPurposeKey readFrom(CborReader reader) {
        return reader.struct(fields ->
                new CredentialAndPurposeKey(Credential.readFrom(fields), PurposeKeyAttestation.readFrom(fields)));
    }
}
