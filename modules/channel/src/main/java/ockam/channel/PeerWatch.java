// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import akka.actor.typed.javadsl.TimerScheduler;
import java.time.Duration;
import java.util.function.Function;
import ockam.routing.AccessControl;
import ockam.routing.Metadata;
import ockam.routing.RoutingException;
import ockam.routing.spi.Delivery;
import ockam.routing.spi.Endpoint;
import ockam.routing.spi.EndpointSpec;
import ockam.routing.spi.FlowControls;
import ockam.routing.spi.Registration;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether the peer of an open channel is still there, as its {@link Liveness} says. Used by the channel's actor alone, which calls
 * {@link #look} when it is told to. The timer for the next look starts with each one: however late the actor is, the peer has the whole
 * interval to answer.
 *
 * @param <C> what the actor understands
 */
final class PeerWatch<C> {
    /** What is sent to a peer's echo worker. */
    private static final String PING = "ping";

    private final TimerScheduler<C> timers;
    private final C look;
    private final ChannelEnd end;
    private final FlowControls flowControls;
    private final Function<EndpointSpec, Registration> register;
    private final SecureChannel channel;
    private @Nullable Liveness liveness;
    /** From where the peer is asked. */
    private @Nullable Endpoint here;

    private Duration silentFor = Duration.ZERO;

    /**
     * Watches nothing yet.
     *
     * @param look tells the actor to look
     * @param register takes an address, for as long as the channel has its own
     */
    PeerWatch(
            TimerScheduler<C> timers,
            C look,
            ChannelEnd end,
            FlowControls flowControls,
            Function<EndpointSpec, Registration> register,
            SecureChannel channel) {
        this.timers = timers;
        this.look = look;
        this.end = end;
        this.flowControls = flowControls;
        this.register = register;
        this.channel = channel;
    }

    /** Begins, or begins anew with other terms. */
    void begin(Liveness next) {
        if (here == null) {
            try {
                here = open();
            } catch (RoutingException e) {
                return; // the node stops, and with it the channel
            }
        }
        liveness = next;
        silentFor = Duration.ZERO;
        channel.idleness().takeHeard();
        timers.startSingleTimer(look, next.interval());
    }

    /** Where the answers of the peer end. */
    private Endpoint open() {
        Address address = Address.random();
        Registration registration = register.apply(new EndpointSpec(
                address, AccessControl.allowSource(end.internal()), AccessControl.allowAll(), Metadata.none()));
        flowControls.addConsumer(address, end.flowControlId());
        registration.open(new Registration.Handler(Delivery::release, cause -> {}));
        return registration.endpoint(address);
    }

    /**
     * Asks the peer if it was not heard.
     *
     * @param canBeHeard false as long as what the peer sends waits
     * @return whether it has not been heard for too long
     */
    boolean look(boolean canBeHeard) {
        Liveness watching = liveness;
        Endpoint from = here;
        if (watching == null || from == null) {
            return false;
        }
        boolean heard = channel.idleness().takeHeard() || !canBeHeard;
        silentFor = heard ? Duration.ZERO : silentFor.plus(watching.interval());
        if (silentFor.compareTo(watching.timeout()) >= 0) {
            return true;
        }
        timers.startSingleTimer(look, watching.interval());
        if (!heard) {
            from.sendOrDrop(LocalMessage.of(
                    channel.route(Route.of(watching.echo())),
                    Route.of(from.address()),
                    Codec.string().encode(PING)));
        }
        return false;
    }
}
