// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import akka.util.ByteString;
import java.util.function.Function;
import ockam.identity.IdentityException.Reason;
import ockam.vault.Sha256;
import ockam.wire.Cbor;
import ockam.wire.CborReader;
import ockam.wire.CborWriter;
import ockam.wire.Decoded;
import ockam.wire.internal.Bytes;

/**
 * The data that every signature of an identity covers: a version, the kind of object, and the object in its own byte string
 * (secure channel, sections 4.2 and 4.3).
 *
 * @param version only 1 is known
 * @param type the number of a {@link Type}
 * @param content the encoded object, a view of the signed bytes
 */
record VersionedData(long version, long type, ByteString content) {
    static final long VERSION = 1;

    /** The kinds of signed objects. */
    enum Type {
        CHANGE(1, "the data of a change"),
        PURPOSE_KEY_ATTESTATION(2, "the data of an attestation"),
        CREDENTIAL(3, "the data of a credential");

        private final int number;
        private final String text;

        Type(int number, String text) {
            this.number = number;
            this.text = text;
        }
    }

    static ByteString encode(Type type, CborWriter content) {
        ByteString encoded = content.toByteString();
        return CborWriter.create(3 + Cbor.bytesSize(encoded.length()))
                .array(3)
                .unsigned(VERSION)
                .unsigned(type.number)
                .bytes(encoded)
                .toByteString();
    }

    /** Returns what is signed: the SHA-256 of the data as sent on the wire. */
    static byte[] hash(ByteString data) {
        return Sha256.hash(Bytes.array(data));
    }

    static Decoded<VersionedData> decode(ByteString data) {
        return Cbor.decode(
                data,
                IdentityCbor.LIMITS,
                reader -> reader.struct(
                        fields -> new VersionedData(fields.unsigned(), fields.unsigned(), fields.bytes())));
    }

    /** Returns the object inside signed data that should be of this kind, or throws the {@link IdentityException} that says why not. */
    static <T> T contentOf(ByteString data, Type type, Function<CborReader, T> decoder) {
        VersionedData outer = value(decode(data), type);
        if (outer.type != type.number) {
            throw new IdentityException(Reason.WRONG_DATA_TYPE, type.text + " is of a different kind");
        }
        if (outer.version != VERSION) {
            throw new IdentityException(Reason.UNKNOWN_VERSION, type.text + " has an unknown version");
        }
        return value(Cbor.decode(outer.content, IdentityCbor.LIMITS, decoder), type);
    }

    private static <T> T value(Decoded<T> decoded, Type type) {
        if (decoded instanceof Decoded.Failure<T> refused) {
            throw IdentityException.malformed(type.text, refused.failure());
        }
        return decoded.orElseThrow();
    }
}
