// SPDX-License-Identifier: Apache-2.0

package ockam.routing;

import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * Identifies what one producer, or all producers of one listener, bring into a node (routing, section 6.2).
 *
 * <p>Local to the node; never on the wire.
 *
 * @param value 32 lower-case hexadecimal digits for a random id
 */
public record FlowControlId(String value) {
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Generates an id of 16 random bytes. */
    public static FlowControlId random() {
        byte[] bytes = new byte[16];
        RANDOM.nextBytes(bytes);
        return new FlowControlId(HexFormat.of().formatHex(bytes));
    }

    @Override
    public String toString() {
        return value;
    }
}
