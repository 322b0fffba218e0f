// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import akka.util.ByteString;
import ockam.vault.Signature;
import ockam.wire.CborReader;
import ockam.wire.CborWriter;

/**
 * An authority's signed statement about an identity, as received (secure channel, section 4.9).
 *
 * <p>The data are the bytes as received; the signature covers these bytes, and they are passed on unchanged. Nothing in it must be
 * trusted before {@link Identities#verifyCredential}.
 *
 * @param data the signed bytes as received
 * @param signature the signature by a credential key of the authority
 */
public record Credential(ByteString data, Signature signature) {

    /**
     * Returns the content of the credential. Never fails for a verified one; for any other, throws {@link IdentityException} with
     * {@code MALFORMED}, {@code WRONG_DATA_TYPE} or {@code UNKNOWN_VERSION}.
     */
    public CredentialData content() {
        return VersionedData.contentOf(data, VersionedData.Type.CREDENTIAL, CredentialData::readFrom);
    }

    void writeTo(CborWriter writer) {
        writer.array(2).bytes(data);
        IdentityCbor.write(signature, writer);
    }

    static Credential readFrom(CborReader reader) {
        return reader.struct(fields -> new Credential(fields.bytes(), IdentityCbor.readSignature(fields)));
    }

    /** Prints only the length of the data. */
    @Override
    public String toString() {
        return "Credential(" + data.length() + " bytes)";
    }
}
