// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

import java.util.Optional;
import ockam.identity.Member;

/**
 * Who a caller is to an authority (authority, section 2.3).
 *
 * @param member its record, if it has one
 * @param accountAdmin whether it is an admin by what the account authority says
 * @param enroller whether it may make tokens, and add and remove members
 * @param admin whether it may do so with enrollers too
 */
record Caller(Optional<Member> member, boolean accountAdmin, boolean enroller, boolean admin) {

    /** Whether it may have a credential. */
    boolean isMember() {
        return accountAdmin || member.isPresent();
    }
}
