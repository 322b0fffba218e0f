// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import ockam.wire.Identifier;

/**
 * What a {@linkplain Store#run unit of work} can read and change. It may be used only while the work runs, and on its thread; its methods may
 * block there.
 */
public interface UnitOfWork {

    /** Returns the identities and histories, and with them the private keys that they name. */
    IdentityRecords identities();

    /** Returns the members of authorities. */
    Members members();

    /** Returns the tokens of authorities. */
    Tokens tokens();

    /**
     * Waits until no other unit changes members or tokens of this authority, and keeps others from it until this one ends. What is read
     * afterwards stays as it is until then. So a unit that decides by what it reads, such as who the caller is, and then makes a change has
     * to call this before it reads; where it only reads or only changes, it need not. May be called again.
     *
     * <p>Where strangers can cause it, read first, call this only for those who are not refused by that, and then read again: whoever waits
     * here has one of few connections.
     */
    void lockAuthority(Identifier authority);

    /**
     * Redeems a code: counts a use of its token, and makes the subject a member with the attributes of the token, added by its issuer, both in
     * this unit of work (authority, section 3.2). Who is a member already stays as it is, and the code is not touched.
     *
     * <p>Two redemptions of one authority never overlap, whichever processes they come from: a token for ten is good for exactly ten. A
     * redemption that is refused waits for no other one, unless it becomes vain only then.
     *
     * @param authority whose member the subject becomes
     * @param subject who has proved its identity
     * @param code what it has shown
     * @param now what time it is
     */
    default Redemption redeem(Identifier authority, Identifier subject, TokenCode code, Timestamp now) {
        boolean isKnown = tokens().find(authority, code, now).isPresent(); // first: its last use may make this member
        if (members().find(authority, subject).isPresent()) {
            return Redemption.ALREADY_MEMBER;
        }
        if (!isKnown) {
            return Redemption.UNKNOWN_TOKEN;
        }
        lockAuthority(authority);
        if (members().find(authority, subject).isPresent()) {
            return Redemption.ALREADY_MEMBER;
        }
        return tokens().use(authority, code, now)
                .map(token -> {
                    members().put(new Member(authority, subject, token.attributes(), token.issuer(), now, false));
                    return Redemption.MEMBER_NOW;
                })
                .orElse(Redemption.UNKNOWN_TOKEN);
    }
}
