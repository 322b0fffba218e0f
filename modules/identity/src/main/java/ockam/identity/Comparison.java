// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

/** How a received history relates to the one that is known for the same identity (secure channel, section 4.6). */
public enum Comparison {
    /** None was known. */
    FIRST_SEEN,
    /** The same changes. */
    EQUAL,
    /** What is known, and more. */
    NEWER,
    /** Less than what is known. */
    OLDER,
    /** Another change at the same position: somebody holds a key that was given up, or made two histories on purpose. */
    CONFLICT;

    /** Whether the received history takes the place of the known one. */
    public boolean isStored() {
        return this == FIRST_SEEN || this == NEWER;
    }
}
