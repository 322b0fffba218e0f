// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import akka.annotation.InternalApi;

/**
 * INTERNAL API. The steps in which a node stops what lives on it, in order. A step begins when everything in the one before has ended, or
 * the node's time is up (routing, section 7.4).
 */
@InternalApi
public enum ShutdownOrder {
    /** Streams send nothing more, and what they have sent arrives. */
    SENDING_STREAMS(7),
    /** No handshake begins while the rest stops. */
    LISTENERS(6),
    /** Hops can still carry a Close: the next step waits a little until nothing is under way. */
    CHANNELS(5),
    /** What applications start, unless they say otherwise. */
    WORKERS(4),
    /** Everything that may still send to a stream has stopped. */
    RECEIVING_STREAMS(3),
    /** Everything on its way out of the node has left. */
    CONNECTIONS(2),
    /** A caller that waits for a last message may still receive it. */
    MAILBOXES(1);

    private final int priority;

    ShutdownOrder(int priority) {
        this.priority = priority;
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
