// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

import java.util.Objects;

/**
 * The one failure of this module: a vault refused to do something, and {@link #reason()} says why.
 *
 * <p>The text names the rule that was broken, with lengths and key ids at most; it never holds bytes of a key, of a
 * message or of a plaintext, so it may be logged. Stages returned by vaults fail with this exception itself, not
 * wrapped. Input that merely does not verify or decrypt is not a failure: those operations return {@code false}.
 */
public final class VaultException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why a vault refused. */
    public enum Reason {
        /** The handle names a key that this vault does not hold, or no longer holds, or that belongs to another vault. */
        UNKNOWN_KEY,
        /** A key, signature, range or derived output has the wrong length. */
        INVALID_LENGTH,
        /** Bytes of the right length that are not a key, such as a P-256 scalar of zero. */
        INVALID_KEY,
        /** An X25519 public key that makes the shared secret all zero, so that the peer contributed nothing. */
        WEAK_PUBLIC_KEY,
        /** A nonce that must not be used for sealing: the reserved one, or one not above the last. */
        INVALID_NONCE,
        /** The secret or key was erased. */
        ERASED,
        /** The vault or the Java platform does not support this at all, such as opening in place. */
        UNSUPPORTED,
        /** Bytes that are not a signature, or a signature that a key elsewhere made and that does not verify. */
        INVALID_SIGNATURE,
        /** Where the keys are, this node is not let in: a wrong PIN, or missing rights. */
        DENIED,
        /** Where the keys are cannot be reached at the moment: a token that is not in its slot, a service that is down. */
        UNAVAILABLE,
        /** Where the keys are gave no answer in time. What was asked for may have been done. */
        TIMED_OUT,
        /** Too much is under way: nothing was begun. It may be tried again later. */
        OVERLOADED,
        /** Where the keys are failed in a way that says nothing more; the cause is attached. */
        FAILED
    }

    private final Reason reason;

    /** Creates an exception with this reason; the message must be safe to log. */
    public VaultException(Reason reason, String message) {
        super(message);
        this.reason = Objects.requireNonNull(reason);
    }

    /** Creates an exception with the platform's failure as its cause; the message must be safe to log. */
    public VaultException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = Objects.requireNonNull(reason);
    }

    /** Returns why the vault refused. */
    public Reason reason() {
        return reason;
    }
}
