// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import java.util.List;
import java.util.Optional;
import ockam.wire.Identifier;

/**
 * The members of authorities, in a {@linkplain UnitOfWork unit of work} (authority, section 2). There is one record for each authority and
 * identity; elsewhere there is one for each identity, so that a second authority takes members from the first.
 *
 * <p>Their number is bounded for each authority, see {@link StoreLimits#maxMembers()}.
 */
public interface Members {
    /** The most members that one call lists. */
    int MAX_LISTED = 1_000;

    /** Returns the record of a member of this authority. */
    Optional<Member> find(Identifier authority, Identifier member);

    /**
     * Adds a member; a record of it that is there is replaced completely, even one that is pre-trusted (authority, section 5.2).
     *
     * @throws IdentityException {@code TOO_MANY_MEMBERS} if it is new and there is no room
     */
    void put(Member member);

    /** Removes a member. Credentials that it has stay valid until they end. Returns whether it was there. */
    boolean remove(Identifier authority, Identifier member);

    /** Returns the first members of this authority by their identifiers, at most so many and at most {@value #MAX_LISTED}. */
    List<Member> list(Identifier authority, int most);

    /** Returns those that come next, after this identifier. */
    List<Member> listAfter(Identifier authority, Identifier last, int most);

    /** Returns how many members this authority has. */
    int count(Identifier authority);

    /**
     * Makes exactly these the pre-trusted members of this authority: others that were are removed, and a member that was an ordinary one
     * has the record of the configuration now (authority, section 2.2).
     *
     * @throws IllegalArgumentException if one is of another authority, or not pre-trusted
     * @throws IdentityException {@code TOO_MANY_MEMBERS} if there is no room
     */
    void replacePreTrusted(Identifier authority, List<Member> preTrusted);
}
