// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

import java.nio.charset.StandardCharsets;

/**
 * Turns texts into bytes, for the whole library. Java's own methods write a question mark for half of a surrogate pair, so that a message
 * changes on its way and two names become one.
 */
final class Utf8 {

    private Utf8() {}

    /** Returns the UTF-8 form of a text; throws a {@link WireException} with this reason for half of a surrogate pair. */
    static byte[] encode(String text, WireException.Reason refusal) {
        int length = text.length();
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                i++; // to the other half
                if (i == length || !Character.isSurrogatePair(c, text.charAt(i))) {
                    throw new WireException(refusal, "a text with half of a surrogate pair has no UTF-8 form");
                }
            }
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
