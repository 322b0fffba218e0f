// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

/** What became of a code that was shown to an authority (authority, section 3.2). */
public enum Redemption {
    /** A use of the token was counted, and the subject is a member now. */
    MEMBER_NOW,
    /** The subject was a member before, and stays as it is; no use of a code was counted, and there may be none with this one. */
    ALREADY_MEMBER,
    /** No token has this code now: there never was one, it was used up, or it has ended. */
    UNKNOWN_TOKEN
}
