// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import java.util.Objects;
import ockam.wire.DecodeFailure;

/**
 * The only failure of this module: {@link #reason()} names the rule of the protocol that was broken.
 *
 * <p>The text says which object broke it and contains neither keys nor bytes of a peer, so it may be shown and logged. Stages of
 * this module fail with this exception itself, not with one that wraps it. Failures of a vault or a repository are passed through
 * unchanged.
 */
public final class IdentityException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The rule that was broken. */
    public enum Reason {
        /** Bytes that do not have the expected structure (secure channel, sections 4.1 and 4.2). */
        MALFORMED,
        /** A version other than 1 (secure channel, sections 4.5, 4.8 and 4.9). */
        UNKNOWN_VERSION,
        /** Signed data of a different kind of object (secure channel, sections 4.5, 4.8 and 4.9). */
        WRONG_DATA_TYPE,

        /** A change history without changes (secure channel, section 4.5). */
        EMPTY_HISTORY,
        /**
         * More changes, or more bytes, than are accepted at all, or from a peer that is not named; or an identity of this node that was
         * rotated as often as peers accept.
         */
        HISTORY_TOO_LONG,
        /** The first change of a history names a previous change (secure channel, section 4.5). */
        FIRST_CHANGE_HAS_PREVIOUS,
        /** A later change does not name the previous one (secure channel, section 4.5). */
        PREVIOUS_CHANGE_MISMATCH,
        /** The validity of a key begins before that of the previous key (secure channel, section 4.5). */
        VALIDITY_DECREASES,
        /** A change that is not signed by its own key (secure channel, section 4.5). */
        SIGNATURE_INVALID,
        /** A later change without a signature by the previous key (secure channel, section 4.5). */
        PREVIOUS_SIGNATURE_MISSING,
        /** A later change whose second signature is not by the previous key (secure channel, section 4.5). */
        PREVIOUS_SIGNATURE_INVALID,
        /** A key of one algorithm with a signature of another (secure channel, section 4.3). */
        KEY_AND_SIGNATURE_DIFFER,
        /** The history of a different identity than expected (secure channel, section 4.5). */
        UNEXPECTED_IDENTIFIER,
        /** A history that lacks changes that are already known (secure channel, section 4.6). */
        HISTORY_OLDER,
        /** A history that differs from the known one at the same position (secure channel, section 4.6). */
        HISTORY_CONFLICT,

        /** An attestation by a different identity than the one that shows it (secure channel, section 4.8). */
        ATTESTATION_OF_OTHER_SUBJECT,
        /** An attestation by an identity whose history is not known here (secure channel, section 4.8). */
        SUBJECT_UNKNOWN,
        /**
         * An attestation made with a key other than the identity's latest: the identity has been rotated since (secure channel,
         * section 4.8).
         */
        ATTESTATION_OUTDATED,
        /** An attestation that ends later than the key that signed it may be used (secure channel, section 4.8). */
        ATTESTATION_OUTLIVES_KEY,
        /** An attestation made before the key that signed it could be used (secure channel, section 4.8). */
        ATTESTATION_BEFORE_KEY,
        /** An attestation made more than a minute in the future (secure channel, section 4.8). */
        ATTESTATION_FROM_FUTURE,
        /** An attestation that has expired (secure channel, section 4.8). */
        ATTESTATION_EXPIRED,
        /** An attestation that its subject has not signed (secure channel, section 4.8). */
        ATTESTATION_SIGNATURE_INVALID,
        /** An attestation of a key for a different purpose (secure channel, sections 3.3 and 4.9). */
        WRONG_PURPOSE,
        /** A peer whose attested key is not the one that the handshake proved (secure channel, section 3.3). */
        KEY_MISMATCH,

        /** A credential by an identity whose credentials are not accepted (secure channel, section 4.9). */
        UNKNOWN_AUTHORITY,
        /** A credential that is about nobody (secure channel, section 4.9). */
        CREDENTIAL_WITHOUT_SUBJECT,
        /** A credential about a different identity than the one that shows it (secure channel, section 4.9). */
        CREDENTIAL_OF_OTHER_SUBJECT,
        /** A credential made before the attestation of the key that signed it (secure channel, section 4.9). */
        CREDENTIAL_BEFORE_KEY,
        /** A credential that ends later than the attestation of the key that signed it (secure channel, section 4.9). */
        CREDENTIAL_OUTLIVES_KEY,
        /** A credential made more than a minute in the future (secure channel, section 4.9). */
        CREDENTIAL_FROM_FUTURE,
        /** A credential that has expired (secure channel, section 4.9). */
        CREDENTIAL_EXPIRED,
        /** A credential that is not signed with the authority's credential key (secure channel, section 4.9). */
        CREDENTIAL_SIGNATURE_INVALID,
        /** A credential is to be valid for longer than {@link IdentityOptions#maxCredentialValidity()} of its issuer. */
        VALIDITY_TOO_LONG,

        /** No identity of this node has this identifier. */
        UNKNOWN_IDENTITY,
        /** The identity has a newer key, which is not here: it was rotated elsewhere. */
        ROTATED_ELSEWHERE,
        /** The identity's own key is outside its validity now and must not attest anything; rotating replaces it. */
        KEY_NOT_VALID_NOW,
        /** The identity was changed concurrently; nothing was done. */
        CHANGED_CONCURRENTLY,
        /** The authority has as many members as are kept; nothing was done. */
        TOO_MANY_MEMBERS,
        /** The authority has as many tokens as are kept; nothing was done. */
        TOO_MANY_TOKENS,
        /** History, attestation and credentials together do not fit into a handshake message (secure channel, section 2.6). */
        PAYLOAD_TOO_LONG
    }

    private final Reason reason;

    /** Creates an exception with a text that is safe to show. */
    public IdentityException(Reason reason, String message) {
        super(message);
        this.reason = Objects.requireNonNull(reason);
    }

    static IdentityException malformed(String what, DecodeFailure failure) {
        return new IdentityException(Reason.MALFORMED, what + " cannot be read: " + failure);
    }

    /** Returns the rule that was broken. */
    public Reason reason() {
        return reason;
    }
}
