// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import ockam.channel.HandshakeException.Reason;
import ockam.channel.HandshakeException.Step;
import ockam.identity.IdentityException;
import ockam.vault.VaultException;
import ockam.wire.internal.Failures;

/** Turns failures of the vault, the identities and the Noise handshake into what the caller of a handshake is told. */
final class HandshakeFailures {
    private HandshakeFailures() {}

    /** Whether the failure lies in a message that anyone may have sent, so that the right one may still arrive. */
    static boolean isOfTheMessage(Throwable failure) {
        Throwable cause = Failures.unwrapped(failure);
        return (cause instanceof NoiseException noise && noise.reason() != NoiseException.Reason.DESTROYED)
                || isWeakKey(cause);
    }

    static HandshakeException of(Step step, Throwable failure) {
        Throwable cause = Failures.unwrapped(failure);
        if (cause instanceof HandshakeException known) {
            return known;
        }
        if (isWeakKey(cause)) {
            return new HandshakeException(step, Reason.WEAK_KEY, cause);
        }
        if (cause instanceof NoiseException noise) {
            return new HandshakeException(
                    step,
                    switch (noise.reason()) {
                        case TOO_LONG -> Reason.MESSAGE_TOO_LONG;
                        case DESTROYED -> Reason.STOPPED;
                        case TOO_SHORT, NOT_AUTHENTIC -> Reason.INTERNAL;
                    },
                    cause);
        }
        if (step == Step.PREPARE) {
            return new HandshakeException(step, Reason.OWN_KEY_UNAVAILABLE, cause);
        }
        return new HandshakeException(
                step, cause instanceof IdentityException identity ? reason(identity) : Reason.INTERNAL, cause);
    }

    private static boolean isWeakKey(Throwable cause) {
        return cause instanceof VaultException vault && vault.reason() == VaultException.Reason.WEAK_PUBLIC_KEY;
    }

    private static Reason reason(IdentityException failure) {
        return switch (failure.reason()) {
            case MALFORMED,
                    UNKNOWN_VERSION,
                    WRONG_DATA_TYPE,
                    EMPTY_HISTORY,
                    FIRST_CHANGE_HAS_PREVIOUS,
                    PREVIOUS_CHANGE_MISMATCH,
                    VALIDITY_DECREASES,
                    SIGNATURE_INVALID,
                    PREVIOUS_SIGNATURE_MISSING,
                    PREVIOUS_SIGNATURE_INVALID,
                    KEY_AND_SIGNATURE_DIFFER,
                    UNEXPECTED_IDENTIFIER,
                    UNKNOWN_AUTHORITY,
                    CREDENTIAL_WITHOUT_SUBJECT,
                    CREDENTIAL_OF_OTHER_SUBJECT,
                    CREDENTIAL_BEFORE_KEY,
                    CREDENTIAL_OUTLIVES_KEY,
                    CREDENTIAL_FROM_FUTURE,
                    CREDENTIAL_EXPIRED,
                    CREDENTIAL_SIGNATURE_INVALID -> Reason.IDENTITY_INVALID;
            case HISTORY_TOO_LONG -> Reason.IDENTITY_TOO_LONG;
            case HISTORY_OLDER, HISTORY_CONFLICT, CHANGED_CONCURRENTLY -> Reason.IDENTITY_CONFLICT;
            case ATTESTATION_OF_OTHER_SUBJECT,
                    SUBJECT_UNKNOWN,
                    ATTESTATION_OUTDATED,
                    ATTESTATION_OUTLIVES_KEY,
                    ATTESTATION_BEFORE_KEY,
                    ATTESTATION_FROM_FUTURE,
                    ATTESTATION_EXPIRED,
                    ATTESTATION_SIGNATURE_INVALID,
                    WRONG_PURPOSE -> Reason.ATTESTATION_INVALID;
            case KEY_MISMATCH -> Reason.KEY_MISMATCH;
            case PAYLOAD_TOO_LONG -> Reason.MESSAGE_TOO_LONG;
            case UNKNOWN_IDENTITY,
                    ROTATED_ELSEWHERE,
                    KEY_NOT_VALID_NOW,
                    VALIDITY_TOO_LONG,
                    TOO_MANY_MEMBERS,
                    TOO_MANY_TOKENS -> Reason.OWN_KEY_UNAVAILABLE;
        };
    }
}
