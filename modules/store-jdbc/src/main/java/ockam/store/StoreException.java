// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import java.util.Objects;
import ockam.identity.Store;

/**
 * The one failure of this module; {@link #reason()} says why. Its text names files, settings and tables, never keys or what is stored, and
 * may be logged. The failure of the database is its cause. The stage of a unit of work fails with it itself; those of opening a store may
 * wrap it, as dependent stages do.
 */
public final class StoreException extends RuntimeException implements Store.Undone {
    private static final long serialVersionUID = 1L;

    /** Why a store failed. */
    public enum Reason {
        /** The database cannot be reached or opened, or it failed. */
        DATABASE_FAILED,
        /**
         * Other processes kept the database busy for too long, or kept changing the same; or a unit of work before this one has waited for the
         * database in vain, and this one as long for its turn. Nothing was done.
         */
        BUSY,
        /** There are no tables, or they cannot be created. */
        NO_SCHEMA,
        /** The key that private keys are sealed with is not where the settings say. */
        KEY_MISSING,
        /** What is there instead is no key. */
        KEY_INVALID,
        /** The private keys were sealed with another key. */
        WRONG_KEY,
        /** A file can be read or changed by others than its owner. */
        FILE_NOT_PRIVATE,
        /** Something that is stored cannot be read: it was changed by somebody else. */
        CORRUPT,
        /** As many units of work as are allowed wait already; nothing was done. */
        TOO_MANY_WAITING,
        /** The store was closed; nothing was done. */
        CLOSED
    }

    private final Reason reason;

    StoreException(Reason reason, String message) {
        super(message);
        this.reason = Objects.requireNonNull(reason);
    }

    StoreException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = Objects.requireNonNull(reason);
    }

    /** With {@code BUSY}, {@code TOO_MANY_WAITING} and {@code CLOSED} nothing was done. */
    @Override
    public boolean isUndone() {
        return reason == Reason.BUSY || reason == Reason.TOO_MANY_WAITING || reason == Reason.CLOSED;
    }

    /** Returns why. */
    public Reason reason() {
        return reason;
    }
}
