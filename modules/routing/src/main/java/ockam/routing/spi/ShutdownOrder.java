// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import akka.annotation.InternalApi;

/**
 * INTERNAL API. The steps in which a node stops what lives on it, in their order: all of one step have ended, or the node's time is up,
 * before the next one begins (routing, section 7.4).
 */
@InternalApi
public enum ShutdownOrder {
    /** Streams take nothing in any more, and what they have sent arrives. */
    SENDING_STREAMS(7),
    /** No handshake begins while the rest stops. */
    LISTENERS(6),
    /** Hops can still carry a Close: the next step waits a little until nothing is under way. */
    CHANNELS(5),
    /** What applications start, unless they say otherwise. */
    WORKERS(4),
    /** Everything that may still send to a stream has stopped. */
    RECEIVING_STREAMS(3),
    /** What is on its way out of the node is out. */
    CONNECTIONS(2),
    /** Whoever waits for a last message may still get it. */
    MAILBOXES(1);

    private final int priority;

    ShutdownOrder(int priority) {
        this.priority = priority;
    }

    /** The number that the protocol has for this step: 7 is the first one, 1 the last. */
    public int priority() {
        return priority;
    }

    /**
     * The step with this number.
     *
     * @throws IllegalArgumentException if the number is not 1 to 7
     */
    public static ShutdownOrder ofPriority(int priority) {
        for (ShutdownOrder step : values()) {
            if (step.priority == priority) {
                return step;
            }
        }
        throw new IllegalArgumentException("a shutdown priority is 1 to 7, not " + priority);
    }
}
