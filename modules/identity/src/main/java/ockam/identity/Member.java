// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import ockam.wire.Attributes;
import ockam.wire.Identifier;

/**
 * An identity in the list of an authority, which may ask it for a credential (authority, section 2.1). It does not end.
 *
 * @param authority whose list
 * @param identifier who it is
 * @param attributes what the authority says about it
 * @param addedBy who has made it a member: an enroller, the issuer of a token, or the authority
 * @param addedAt when, at most {@link Long#MAX_VALUE} seconds
 * @param preTrusted whether it comes from the configuration of the authority
 */
public record Member(
        Identifier authority,
        Identifier identifier,
        Attributes attributes,
        Identifier addedBy,
        Timestamp addedAt,
        boolean preTrusted) {

    /** Refuses a time beyond the bound with {@link IllegalArgumentException}. */
    public Member {
        Token.requireSigned(addedAt);
    }
}
