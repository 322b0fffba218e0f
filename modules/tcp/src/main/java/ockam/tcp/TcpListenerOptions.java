// SPDX-License-Identifier: Apache-2.0

package ockam.tcp;

import java.util.ArrayList;
import java.util.List;
import ockam.routing.Addressed;
import ockam.wire.Address;

/** Options of a listener. Immutable. */
public final class TcpListenerOptions {
    private static final TcpListenerOptions DEFAULTS = new TcpListenerOptions(List.of());

    private final List<Address> consumers;

    private TcpListenerOptions(List<Address> consumers) {
        this.consumers = List.copyOf(consumers);
    }

    /** Nothing can be reached by the connections that it accepts. */
    public static TcpListenerOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Opens an address to all connections that the listener accepts, like {@code node.allow(consumer).from(listener)}, but before the first
     * one. A channel listener is opened together with the channels that it accepts.
     */
    public TcpListenerOptions withConsumer(Addressed consumer) {
        List<Address> all = new ArrayList<>(consumers);
        all.add(consumer.address());
        return new TcpListenerOptions(all);
    }

    List<Address> consumers() {
        return consumers;
    }
}
