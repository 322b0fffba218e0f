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
    private volatile @Nullable FlowControlId behind;

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
        flowControls.producerBehind(firstHop).ifPresent(id -> {
            flowControls.addConsumer(main, id);
            behind = id;
        });
    }

    void close() {
        FlowControlId id = behind;
        if (id != null) {
            flowControls.removeConsumer(main, id);
        }
        behind = null;
    }

    @Override
    public boolean allows(Address source, Address destination, LocalMessage message) {
        if (message.returnRoute().equals(Route.of(main))) {
            return true; // a registration: what comes from outside has come by something, and that is in its return
            // route
        }
        FlowControlId id = behind;
        return !destination.equals(main)
                && (id == null || flowControls.outgoing(id, null).allows(source, destination, message));
    }
}
