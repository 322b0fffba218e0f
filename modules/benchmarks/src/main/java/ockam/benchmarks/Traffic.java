// SPDX-License-Identifier: Apache-2.0

package ockam.benchmarks;

import akka.Done;
import akka.util.ByteString;
import java.util.concurrent.CompletionStage;
import ockam.wire.Address;
import ockam.wire.Route;

/** A way of sending many messages to a receiver of its own without overrunning it. */
interface Traffic {
    /** What the tables call it. */
    String name();

    /** Where the messages have to arrive. */
    Address receiver();

    /**
     * Sends messages as fast as they get through; one call at a time.
     *
     * @param route ends at {@link #receiver()}
     * @return completes when the receiver has had all of them
     */
    CompletionStage<Done> send(Route route, ByteString payload, long messages);
}
