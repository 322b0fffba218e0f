// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

import ockam.routing.FailureReason;
import ockam.routing.spi.NodeLog;

/**
 * A call to an authority that was not granted. The text is safe to show and to log. An answer that does not come is a
 * {@link ockam.routing.RoutingException} with {@code TIMED_OUT} instead.
 */
public final class AuthorityException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int MOST_CHARACTERS = 200;
    private static final int MOST_STATUS = 999;

    /** Why. */
    public enum Reason implements FailureReason {
        /** The caller may not do this, or there is no such code or member; the answer says which (authority, section 1.1). */
        REFUSED,
        /** The authority cannot read the request, or does not know its path. */
        BAD_REQUEST,
        /** Something has failed at the authority, or it has too many requests. */
        AUTHORITY_FAILED,
        /** An answer with a status that has no meaning here. */
        OTHER_STATUS,
        /** The answer cannot be read, or is one to another request. */
        UNREADABLE_ANSWER,
        /** The channel leads to another identity than that of the ticket's authority; nothing was sent. */
        OTHER_AUTHORITY
    }

    private final Reason reason;
    private final int status;
    private final String answer;

    private AuthorityException(Reason reason, int status, String answer, String text) {
        super(reason.name() + ": " + text);
        this.reason = reason;
        this.status = status;
        this.answer = answer;
    }

    static AuthorityException of(Reason reason, String text) {
        return new AuthorityException(reason, 0, "", text);
    }

    static AuthorityException of(Answer refused) {
        String said = NodeLog.text(refused.error(), MOST_CHARACTERS);
        Reason reason = switch ((int) Math.min(refused.status() & Long.MAX_VALUE, Integer.MAX_VALUE)) {
            case Reply.BAD_REQUEST -> Reason.BAD_REQUEST;
            case Reply.FORBIDDEN -> Reason.REFUSED;
            case Reply.INTERNAL_ERROR -> Reason.AUTHORITY_FAILED;
            default -> Reason.OTHER_STATUS;
        };
        boolean isUsual = refused.status() >= 0 && refused.status() <= MOST_STATUS;
        return new AuthorityException(
                reason,
                isUsual ? (int) refused.status() : 0,
                said,
                "the authority answers " + Long.toUnsignedString(refused.status())
                        + (said.isEmpty() ? "" : ", " + said));
    }

    /** Why. */
    public Reason reason() {
        return reason;
    }

    /** The status of the answer, such as 403; 0 if there is none, or it is no usual one. */
    public int status() {
        return status;
    }

    /** What the authority says, with strange characters replaced, and shortened if it is long; empty if it says nothing. */
    public String answer() {
        return answer;
    }
}
