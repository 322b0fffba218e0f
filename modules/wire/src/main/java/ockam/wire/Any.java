// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

/**
 * A message whose content does not matter: it decodes from every payload, reads nothing of it, and encodes to nothing
 * (routing, section 2.1). For workers that pass messages on, or only want to know that one came.
 */
public enum Any {
    /** The only value. */
    INSTANCE;

    @Override
    public String toString() {
        return "Any Message";
    }
}
