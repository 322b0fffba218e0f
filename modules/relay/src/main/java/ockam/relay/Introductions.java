// SPDX-License-Identifier: Apache-2.0

package ockam.relay;

import ockam.routing.AccessControl;
import ockam.routing.FlowControlId;
import ockam.routing.spi.FlowControls;
import ockam.wire.Address;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.jspecify.annotations.Nullable;

/**
 * What may come to the address of a remote relay, and go out from there (services, section 1.2). It is opened to the connection by which the
 * registration leaves; what a relay sends through it for others on this node, as those in Elixir do, reaches only what is opened to that
 * connection too.
 */
final class Introductions implements AccessControl {
    private final FlowControls flowControls;
    private final Address main;
    private volatile @Nullable Opened opened;

    /**
     * To what it is opened.
     *
     * @param id null if the service is on this node, or the route to it begins with a hop
     */
    private record Opened(@Nullable FlowControlId id) {}

    Introductions(FlowControls flowControls, Address main) {
        this.flowControls = flowControls;
        this.main = main;
    }

    /** Where confirmations arrive. */
    Address main() {
        return main;
    }

    /** From now on what comes in behind this address may arrive, and nothing else that comes from outside. */
    void open(Address firstHop) {
        close();
        FlowControlId id = flowControls.producerBehind(firstHop).orElse(null);
        if (id != null) {
            flowControls.addConsumer(main, id);
        }
        opened = new Opened(id);
    }

    /** What has arrived, and still waits, is not let out: nobody could say any more what it may reach. */
    void close() {
        Opened before = opened;
        opened = null;
        if (before != null && before.id() != null) {
            flowControls.removeConsumer(main, before.id());
        }
    }

    @Override
    public boolean allows(Address source, Address destination, LocalMessage message) {
        if (message.returnRoute().equals(Route.of(main))) {
            return true; // a registration: what comes from outside has come by something, and that is in its return
            // route
        }
        Opened now = opened;
        return now != null
                && !destination.equals(main)
                && (now.id() == null || flowControls.outgoing(now.id(), null).allows(source, destination, message));
    }
}
