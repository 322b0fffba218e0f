// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import akka.actor.typed.ActorRef;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import ockam.routing.RoutingException;
import ockam.routing.spi.EndpointSpec;
import ockam.routing.spi.Registration;
import ockam.routing.spi.Router;
import ockam.routing.spi.ShutdownOrder;

/** The addresses that one end of a channel has taken, which it gives back together. Used by the channel's actor alone. */
final class ChannelAddresses {
    private final Router router;
    private final ActorRef<?> holder;
    /** The last one first. */
    private final Deque<Registration> registrations = new ArrayDeque<>();

    ChannelAddresses(Router router, ActorRef<?> holder) {
        this.router = router;
        this.holder = holder;
    }

    /**
     * Takes some more, all or none.
     *
     * @throws RoutingException if the node stops
     */
    Registration take(EndpointSpec... specs) {
        Registration registration = router.register(List.of(specs), ShutdownOrder.CHANNELS);
        registrations.push(registration);
        router.watch(holder, registration);
        return registration;
    }

    /** Those that it took first. */
    Registration first() {
        return registrations.getLast();
    }

    /** They are free from now on. */
    void leave() {
        registrations.forEach(Registration::leave);
    }

    /** Nothing that has arrived there is handled any longer. */
    void end() {
        registrations.forEach(Registration::end);
    }
}
