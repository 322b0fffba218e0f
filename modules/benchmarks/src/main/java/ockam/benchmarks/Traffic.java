// SPDX-License-Identifier: Apache-2.0

package ockam.benchmarks;

import akka.Done;
import akka.util.ByteString;
import java.util.concurrent.CompletionStage;
import ockam.wire.Address;
import ockam.wire.Route;

/** A way of sending many messages to a dedicated receiver without overrunning it. */
interface Traffic {
    /** Returns its name in the tables. */
    String name();

    /** Returns the address where the messages have to arrive. */
    Address receiver();

    /**
     * Sends messages as fast as possible; one call at a time.
     *
     * @param route a route that ends at {@link #receiver()}
     * @return completes when the receiver has received all of them
     */
    CompletionStage<Done> send(Route route, ByteString payload, long messages);
}
