// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import akka.util.ByteString;
import ockam.vault.Sha256;
import ockam.wire.Attributes;
import ockam.wire.Identifier;

/**
 * What an authority remembers about a code that makes members (authority, section 3).
 *
 * @param authority whose members it makes
 * @param codeHash {@link TokenCode#hash()} of its code, 32 bytes
 * @param reference by what logs name it, at most {@value #MAX_REFERENCE_LENGTH} characters
 * @param issuer who has made it, and adds the members
 * @param createdAt when, at most {@link Long#MAX_VALUE} seconds
 * @param expiresAt when it ends: from this second on it is good for nobody; at most {@link Long#MAX_VALUE} seconds
 * @param uses how many members it can still make, at least 1
 * @param attributes what the members have
 */
public record Token(
        Identifier authority,
        ByteString codeHash,
        String reference,
        Identifier issuer,
        Timestamp createdAt,
        Timestamp expiresAt,
        long uses,
        Attributes attributes) {
    /** The most characters of a reference. */
    public static final int MAX_REFERENCE_LENGTH = 64;

    /** Refuses values out of their bounds with {@link IllegalArgumentException}. */
    public Token {
        if (codeHash.length() != Sha256.LENGTH) {
            throw new IllegalArgumentException("the hash of a code has 32 bytes, not " + codeHash.length());
        }
        if (reference.length() > MAX_REFERENCE_LENGTH) {
            throw new IllegalArgumentException("a reference has at most " + MAX_REFERENCE_LENGTH + " characters");
        }
        if (uses < 1) {
            throw new IllegalArgumentException("a token makes at least one member, not " + uses);
        }
        requireSigned(createdAt);
        requireSigned(expiresAt);
        codeHash = codeHash.compact();
    }

    /** Databases have no unsigned numbers. */
    static void requireSigned(Timestamp moment) {
        if (moment.seconds() < 0) {
            throw new IllegalArgumentException("too late: " + moment);
        }
    }

    /** Returns whether it still counts at this moment. */
    public boolean isValidAt(Timestamp moment) {
        return moment.isBefore(expiresAt);
    }

    Token withUses(long left) {
        return new Token(authority, codeHash, reference, issuer, createdAt, expiresAt, left, attributes);
    }
}
