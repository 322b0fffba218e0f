// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import akka.util.ByteString;
import ockam.vault.Signature;
import ockam.wire.CborReader;
import ockam.wire.CborWriter;

/**
 * An authority's signed statement about an identity, as received (secure channel, section 4.9). Only its outer structure is read
 * here; nothing in it is verified or can be trusted.
 *
 * @param data the signed bytes as received
 * @param signature the signature by a credential key of the authority
 */
public record Credential(ByteString data, Signature signature) {

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
