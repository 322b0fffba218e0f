// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

import akka.util.ByteString;

/**
 * Something that a worker noted about a message for the workers after it on the same node, such as the verified peer of the
 * channel it came through. Never sent to another node (routing 1.6). Prints its type and length, not its content.
 *
 * @param type what kind of note it is
 * @param data the note, in the encoding of its type
 */
public record LocalInfo(String type, ByteString data) {
    @Override
    public String toString() {
        return "LocalInfo(" + type + ", " + data.length() + " bytes)";
    }
}
