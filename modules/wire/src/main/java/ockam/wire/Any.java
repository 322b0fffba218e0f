// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

/**
 * A message whose content does not matter: it decodes from any payload without reading it, and encodes to nothing (routing,
 * section 2.1). For workers that forward messages, or only need to know that one arrived.
 */
public enum Any {
    /** The only value. */
    INSTANCE;

    @Override
    public String toString() {
        return "Any Message";
    }
}
