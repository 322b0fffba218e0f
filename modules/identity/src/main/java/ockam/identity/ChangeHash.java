// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import akka.util.ByteString;
import java.util.HexFormat;
import ockam.vault.Sha256;
import ockam.wire.CborReader;
import ockam.wire.CborWriter;
import ockam.wire.Identifier;
import ockam.wire.internal.Bytes;

/**
 * The name of a change: SHA-256 of its data as received (secure channel, section 4.4). Public, prints as 64 hex digits.
 *
 * @param bytes exactly 32 bytes; {@link IllegalArgumentException} for any other length
 */
public record ChangeHash(ByteString bytes) {
    /** The length in bytes. */
    public static final int LENGTH = Sha256.LENGTH;

    /** Checks the length, and keeps only the 32 bytes in memory. */
    public ChangeHash {
        if (bytes.length() != LENGTH) {
            throw new IllegalArgumentException("a change hash has 32 bytes, not " + bytes.length());
        }
        bytes = bytes.compact();
    }

    static ChangeHash ofData(ByteString data) {
        return new ChangeHash(Bytes.wrap(VersionedData.hash(data)));
    }

    /** Returns the same bytes as the name of an identity, because the hash of a first change is that name. */
    Identifier toIdentifier() {
        return Identifier.of(bytes);
    }

    /** Writes the hash as a byte string. */
    void writeTo(CborWriter writer) {
        writer.bytes(bytes);
    }

    /** Reads a byte string of exactly 32 bytes. */
    static ChangeHash readFrom(CborReader reader) {
        return new ChangeHash(reader.bytes(LENGTH));
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(Bytes.array(bytes));
    }
}
