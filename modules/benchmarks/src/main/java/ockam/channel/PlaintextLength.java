// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import akka.util.ByteString;
import ockam.wire.Route;

/** Tells benchmarks the length of a frame's plaintext, so that a floor seals and opens the same amount. */
public final class PlaintextLength {
    private PlaintextLength() {}

    /** Returns the length of a message with this payload, as it is encrypted. */
    public static int of(Route onwardRoute, Route returnRoute, ByteString payload) {
        return new ChannelMessage.Payload(onwardRoute, returnRoute, payload).encodedSize();
    }
}
