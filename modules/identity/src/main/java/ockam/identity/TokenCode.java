// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import akka.util.ByteString;
import java.security.SecureRandom;
import ockam.vault.Sha256;
import ockam.wire.internal.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * The code of a token, 32 bytes (authority, section 3.1). Who has it can become a member, so it is secret until it is used up: it prints as
 * {@code TokenCode}, and stores keep only its hash.
 */
public final class TokenCode {
    /** The length in bytes. */
    public static final int LENGTH = 32;

    private final ByteString bytes;

    private TokenCode(ByteString bytes) {
        this.bytes = bytes;
    }

    /** Returns a new code. */
    public static TokenCode random(SecureRandom random) {
        byte[] bytes = new byte[LENGTH];
        random.nextBytes(bytes);
        return new TokenCode(Bytes.wrap(bytes));
    }

    /** Returns the code with these 32 bytes; throws {@link IllegalArgumentException} for any other length. */
    public static TokenCode of(ByteString bytes) {
        if (bytes.length() != LENGTH) {
            throw new IllegalArgumentException("a code has 32 bytes, not " + bytes.length());
        }
        return new TokenCode(bytes.compact());
    }

    /** Returns the 32 bytes. */
    public ByteString bytes() {
        return bytes;
    }

    /** Returns by what a token is found: the SHA-256 of the code, which says nothing about it. */
    public ByteString hash() {
        return Bytes.wrap(Sha256.hash(Bytes.array(bytes)));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TokenCode that
                && hash().equals(that.hash()); // takes the same time whichever bytes differ
    }

    @Override
    public int hashCode() {
        return hash().hashCode();
    }

    @Override
    public String toString() {
        return "TokenCode";
    }
}
