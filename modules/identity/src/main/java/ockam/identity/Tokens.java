// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import java.util.Optional;
import ockam.wire.Identifier;

/**
 * The tokens of authorities, in a {@linkplain UnitOfWork unit of work} (authority, section 3). They are found by their code, of which only
 * the hash is kept.
 *
 * <p>Their number is bounded for each authority, see {@link StoreLimits#maxTokens()}; those that have ended make room.
 */
public interface Tokens {

    /**
     * Adds a token.
     *
     * @throws IllegalArgumentException if the authority has one with this code
     * @throws IdentityException {@code TOO_MANY_TOKENS} if there is no room even after those were removed that have ended when this one begins
     */
    void add(Token token);

    /** Returns the token of this code, if it is good now. */
    Optional<Token> find(Identifier authority, TokenCode code, Timestamp now);

    /**
     * Counts a use of the token of this code, if it is good now; after its last use it is gone. Returns it as it was before.
     *
     * <p>{@link UnitOfWork#redeem} does this and what belongs to it.
     */
    Optional<Token> use(Identifier authority, TokenCode code, Timestamp now);

    /** Removes the tokens of this authority that have ended; returns how many. */
    int removeEnded(Identifier authority, Timestamp now);

    /** Returns how many tokens this authority has, also those that have ended and were not removed. */
    int count(Identifier authority);
}
