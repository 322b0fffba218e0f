// SPDX-License-Identifier: Apache-2.0

package ockam.relay;

import akka.actor.NoSerializationVerificationNeeded;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import java.util.List;
import ockam.node.Node;
import ockam.node.NodeAccess;
import ockam.node.Routed;
import ockam.node.Worker;
import ockam.routing.SendResult;
import ockam.wire.Address;
import ockam.wire.Any;
import ockam.wire.Codec;
import ockam.wire.LocalMessage;
import ockam.wire.Route;

/** One relay: confirms each registration itself, so that the node learns its address, and passes on what comes (services, section 1.3). */
final class RelayWorker extends AbstractBehavior<RelayWorker.Command> {
    /** What the relay understands. */
    sealed interface Command extends NoSerializationVerificationNeeded {}

    /** Something for the node. */
    record Data(Routed<Any> message) implements Command {}

    /**
     * The node has registered, perhaps again, and others can see that.
     *
     * @param back the return route of the registration
     */
    record Registered(Route back) implements Command {}

    private final Node node;
    private final Worker self;
    private final String name;
    private Route forward;

    /** With the name that is confirmed, and the return route of the registration, which is still to be confirmed. */
    static Behavior<Command> create(Node node, Address address, String name, Route back) {
        return Behaviors.setup(context -> new RelayWorker(context, node, address, name, back));
    }

    private RelayWorker(ActorContext<Command> context, Node node, Address address, String name, Route back) {
        super(context);
        this.node = node;
        this.self = node.workerAt(address);
        this.name = name;
        this.forward = toNode(back);
    }

    /**
     * Data goes to the node, and not to the worker that has registered: that is the last address. Empty if the worker lives on this node; the
     * registrar takes no such registration from outside.
     */
    static Route toNode(Route back) {
        List<Address> all = back.toList();
        return Route.of(all.subList(0, all.size() - 1));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Data.class, this::data)
                .onMessage(Registered.class, this::registered)
                .build();
    }

    private Behavior<Command> data(Data data) {
        NodeAccess.relay(node, data.message(), forward);
        return this;
    }

    private Behavior<Command> registered(Registered registered) {
        forward = toNode(registered.back());
        confirm(registered.back());
        return this;
    }

    /** A node that misses its confirmation asks again. */
    private void confirm(Route back) {
        SendResult result = self.send(
                LocalMessage.of(back, Route.of(self.address()), Codec.string().encode(name)));
        if (result instanceof SendResult.Refused refused) {
            NodeAccess.router(node).drops().dropped(refused.reason(), self.address());
        }
    }
}
