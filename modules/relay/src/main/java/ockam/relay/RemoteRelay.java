// SPDX-License-Identifier: Apache-2.0

package ockam.relay;

import akka.Done;
import akka.NotUsed;
import akka.actor.typed.SupervisorStrategy;
import akka.stream.javadsl.Source;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import ockam.node.Node;
import ockam.node.NodeAccess;
import ockam.node.WorkerOptions;
import ockam.routing.Addressed;
import ockam.routing.spi.Registration;
import ockam.wire.Address;
import ockam.wire.Codec;

/**
 * Registers this node at a relay service on a node that others can reach, and does it again whenever the connection by which it did is lost
 * (services, section 1.2): for nodes that nobody can connect to.
 *
 * <p>What others send to the relay arrives here as if they had sent it to the connection's other side: it reaches what is opened to the
 * connection. Lives until it is stopped, or its node is. Thread safe.
 *
 * <pre>{@code
 * RemoteRelay relay = RemoteRelay.create(node, RelayWay.over(() -> tcp.connect("relay:4000")), RemoteRelayOptions.named("alice"));
 * relay.whenRegistered().thenAccept(registered -> log.info("others send to {}", registered.address()));
 * }</pre>
 */
public final class RemoteRelay implements Addressed {
    private final Node node;
    private final Address address;
    private final RemoteRelayStates states;

    private RemoteRelay(Node node, Address address, RemoteRelayStates states) {
        this.node = node;
        this.address = address;
        this.states = states;
    }

    /**
     * Begins to register.
     *
     * @throws ockam.routing.RoutingException {@code NODE_STOPPED}
     * @throws IllegalArgumentException for settings that cannot be read or are out of range
     */
    public static RemoteRelay create(Node node, RelayWay way, RemoteRelayOptions options) {
        RelaySettings settings = RelaySettings.of(node.system());
        Address main = Address.random();
        RemoteRelayStates states = new RemoteRelayStates(NodeAccess.router(node).callbacks());
        Introductions introductions = new Introductions(NodeAccess.router(node).flowControls(), main);
        // It holds nothing that a restart would lose: it lets go of its way, and begins anew.
        WorkerOptions worker = WorkerOptions.defaults()
                .withOutgoing(introductions)
                .withSupervision(
                        SupervisorStrategy.restartWithBackoff(settings.minBackoff(), settings.maxBackoff(), 0.2));
        node.start(
                main,
                Codec.any(),
                Registrant.create(new Registrant.Setup(
                        node,
                        introductions,
                        way,
                        options,
                        settings,
                        states,
                        () -> ThreadLocalRandom.current().nextDouble())),
                Registrant.Arrived::new,
                worker);
        Registration own = NodeAccess.router(node).find(main);
        if (own == null) {
            states.change(RemoteRelayState.Stopped.INSTANCE); // the node stops just now
        } else {
            // However it ends, and even if its actor has never started.
            var unused = own.whenEnded().thenRun(() -> states.change(RemoteRelayState.Stopped.INSTANCE));
        }
        return new RemoteRelay(node, main, states);
    }

    /** Where confirmations arrive on this node. */
    @Override
    public Address address() {
        return address;
    }

    /** What it is doing. */
    public RemoteRelayState state() {
        return states.now();
    }

    /** What it is doing, and each change; completes after the last one. Of many at once, the latest sixteen. */
    public Source<RemoteRelayState, NotUsed> states() {
        return states.source();
    }

    /** Completes with the first registration; fails with a {@code RoutingException} if it is stopped before. */
    public CompletionStage<RemoteRelayState.Registered> whenRegistered() {
        return states.whenRegistered();
    }

    /** Where the relay lives on its node; empty unless it is registered. */
    public Optional<Address> remoteAddress() {
        return states.now() instanceof RemoteRelayState.Registered registered
                ? Optional.of(registered.address())
                : Optional.empty();
    }

    /** Lets go of its connection, and registers no more. A second call returns the same stage. */
    public CompletionStage<Done> stop() {
        var unused = node.stop(address); // fails if it has been stopped before
        return states.whenStopped();
    }

    /** Completes when it has been stopped. */
    public CompletionStage<Done> whenStopped() {
        return states.whenStopped();
    }

    @Override
    public String toString() {
        return "RemoteRelay(" + states.now() + ")";
    }
}
