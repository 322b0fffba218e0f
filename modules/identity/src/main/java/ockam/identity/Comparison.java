// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

/** How a received history relates to the known one of the same identity (secure channel, section 4.6). */
public enum Comparison {
    /** None was known. */
    FIRST_SEEN,
    /** The same changes. */
    EQUAL,
    /** The known changes, and more. */
    NEWER,
    /** Fewer changes than are known. */
    OLDER,
    /** A different change at the same position: someone holds a key that was given up, or made two histories on purpose. */
    CONFLICT;

    /** Returns whether the received history replaces the known one. */
    public boolean isStored() {
        return this == FIRST_SEEN || this == NEWER;
    }
}
