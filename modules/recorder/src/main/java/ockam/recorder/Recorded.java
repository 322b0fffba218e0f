// SPDX-License-Identifier: Apache-2.0

package ockam.recorder;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import ockam.wire.Address;
import ockam.wire.Route;

/**
 * One event of a recording.
 *
 * @param time when it was recorded, by the clock of its process
 * @param node the name of the node where it happened
 * @param event what happened, such as {@code message-delivered}
 * @param addresses the addresses involved; of a delivered message, from where and to where
 * @param route the onward route of a message
 * @param returnRoute the return route of a message
 * @param size the bytes of payload of a message
 * @param flow a number that all messages have which are made from one another on a node, if it is known
 * @param attributes further details
 */
public record Recorded(
        Instant time,
        String node,
        String event,
        List<Address> addresses,
        Route route,
        Route returnRoute,
        int size,
        OptionalLong flow,
        Map<String, String> attributes) {
    static final String DELIVERED = "message-delivered";
    static final String DROPPED = "message-dropped";
    static final String TAKEN = "addresses-taken";
    static final String FREED = "addresses-freed";
    static final String NODE_STARTED = "node-started";
    static final String NODE_STOPPED = "node-stopped";
    static final String HANDSHAKE_SENT = "handshake-message-sent";
    static final String CHANNEL_STARTED = "channel-started";
    static final String CHANNEL_FAILED = "channel-handshake-failed";
    static final String CHANNEL_CHANGED = "channel-state-changed";
    static final String CONNECTION_OPENED = "connection-opened";
    static final String CONNECTION_CLOSED = "connection-closed";

    /** Copies what can be changed. */
    public Recorded {
        addresses = List.copyOf(addresses);
        attributes = Map.copyOf(attributes);
    }

    boolean is(String what) {
        return event.equals(what);
    }

    String attribute(String key) {
        return attributes.getOrDefault(key, "");
    }
}
