// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import akka.util.ByteString;
import ockam.identity.ChangeHash;
import ockam.identity.ChangeHistory;
import ockam.identity.CredentialAndPurposeKey;
import ockam.identity.PurposeKeyAttestation;
import ockam.identity.Timestamp;
import ockam.store.StoreException.Reason;
import ockam.wire.Attributes;
import ockam.wire.Cbor;
import ockam.wire.CborLimits;
import ockam.wire.CborWriter;
import ockam.wire.Decoded;
import ockam.wire.Identifier;
import ockam.wire.WireException;
import ockam.wire.internal.Bytes;

/** What is stored as bytes or as a text, and back. What cannot be read was changed by somebody else. */
final class Stored {
    private static final CborLimits LIMITS = new CborLimits(4, Attributes.MAX_ENTRIES, Attributes.MAX_BYTES);

    private Stored() {}

    static byte[] bytes(ChangeHistory history) {
        return history.export().toArray();
    }

    static ChangeHistory history(byte[] stored) {
        return value(ChangeHistory.decode(owned(stored)), "a history");
    }

    static byte[] bytes(PurposeKeyAttestation attestation) {
        return attestation.encode().toArray();
    }

    static PurposeKeyAttestation attestation(byte[] stored) {
        return value(PurposeKeyAttestation.decode(owned(stored)), "an attestation");
    }

    static byte[] bytes(CredentialAndPurposeKey credential) {
        return credential.encode().toArray();
    }

    static CredentialAndPurposeKey credential(byte[] stored) {
        return value(CredentialAndPurposeKey.decode(owned(stored)), "a credential");
    }

    static byte[] bytes(ChangeHash hash) {
        return hash.bytes().toArray();
    }

    static ChangeHash changeHash(byte[] stored) {
        if (stored.length != ChangeHash.LENGTH) {
            throw new StoreException(
                    Reason.CORRUPT, "the hash of a change in the store has " + stored.length + " bytes");
        }
        return new ChangeHash(owned(stored));
    }

    static byte[] bytes(Attributes attributes) {
        CborWriter writer = CborWriter.create(attributes.length() + 64);
        attributes.writeTo(writer);
        return writer.toByteString().toArray();
    }

    static Attributes attributes(byte[] stored) {
        return value(Cbor.decode(owned(stored), LIMITS, Attributes::readFrom), "a record");
    }

    /** Databases have no unsigned numbers: moments after {@link Long#MAX_VALUE} seconds are that one. */
    static long bounded(Timestamp moment) {
        return moment.seconds() < 0 ? Long.MAX_VALUE : moment.seconds();
    }

    static Identifier identifier(String stored) {
        try {
            return Identifier.parse(stored);
        } catch (WireException e) {
            throw new StoreException(Reason.CORRUPT, "an identifier in the store cannot be read", e);
        }
    }

    /** The database has made the array for us, and does not keep it. */
    private static ByteString owned(byte[] stored) {
        return Bytes.wrap(stored);
    }

    private static <T> T value(Decoded<T> decoded, String what) {
        if (decoded instanceof Decoded.Failure<T> failure) {
            throw new StoreException(Reason.CORRUPT, what + " in the store cannot be read: " + failure.failure());
        }
        return decoded.orElseThrow();
    }
}
