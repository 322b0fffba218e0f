// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import akka.actor.NoSerializationVerificationNeeded;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.stream.BoundedSourceQueue;
import akka.stream.QueueOfferResult;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import ockam.identity.Identity;
import ockam.node.Node;
import ockam.routing.DropReason;
import ockam.routing.FlowControlId;
import ockam.routing.RoutingDropReason;
import ockam.routing.RoutingException;
import ockam.routing.spi.Delivery;
import ockam.routing.spi.DeliveryEnvelope;
import ockam.routing.spi.NodeSystem;
import ockam.routing.spi.Registration;
import ockam.wire.Address;
import ockam.wire.LocalMessage;

/**
 * Starts a responder for every first message (secure channel, section 1.1), and bounds how many of them are half open. The responders
 * are not its children: an accepted channel outlives its listener.
 */
final class Listener extends AbstractBehavior<Listener.Command> {
    private static final int MIN_MESSAGE_1_LENGTH = 32;

    /** What the listener understands. */
    sealed interface Command extends NoSerializationVerificationNeeded {}

    /** A first message. */
    record Arrived(Delivery delivery) implements Command, DeliveryEnvelope {}

    /** The responder has replied, and the rest is up to its initiator. */
    record AwaitingMessage3(ActorRef<SecureChannelActor.Command> responder) implements Command {}

    /** A responder's channel is set up. */
    record Accepted(SecureChannel channel) implements Command {}

    /** The responder is no longer half open: its channel is open, or there will be none. */
    record Settled(ActorRef<SecureChannelActor.Command> responder) implements Command {}

    /** Accept no more channels. */
    enum Stop implements Command {
        INSTANCE
    }

    private enum State {
        ANSWERING,
        AWAITING_MESSAGE_3
    }

    /**
     * What does not change while it listens.
     *
     * @param node where it and its responders live
     * @param registration its hold on the address
     * @param address where it listens
     * @param flowControlId the id of what comes out of all its channels
     * @param identity who this side is
     * @param options the policy, and what should differ from the settings
     * @param subscribers the running sources of accepted channels
     * @param open the accepted channels that are open
     */
    record Setup(
            Node node,
            Registration registration,
            Address address,
            FlowControlId flowControlId,
            Identity identity,
            SecureChannelListenerOptions options,
            Set<BoundedSourceQueue<SecureChannel>> subscribers,
            OpenChannels open) {}

    private final Setup setup;
    private final SecureChannelSettings settings;
    /** In the order in which they began. */
    private final Map<ActorRef<SecureChannelActor.Command>, State> halfOpen = new LinkedHashMap<>();

    static Behavior<Command> create(Setup setup) {
        return Behaviors.setup(context -> new Listener(context, setup));
    }

    private Listener(ActorContext<Command> context, Setup setup) {
        super(context);
        this.setup = setup;
        this.settings = SecureChannels.get(setup.node().system()).settings();
        ActorRef<?> owner = setup.options().owner();
        if (owner != null && NodeSystem.canBeWatched(owner)) {
            context.watchWith(owner, Stop.INSTANCE);
        }
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Arrived.class, this::accept)
                .onMessage(AwaitingMessage3.class, this::awaiting)
                .onMessage(Accepted.class, this::accepted)
                .onMessage(Settled.class, this::settled)
                .onMessage(Stop.class, this::stop)
                .build();
    }

    private Behavior<Command> accept(Arrived arrived) {
        LocalMessage message = arrived.delivery().message();
        int length = message.payload().size();
        if (length < MIN_MESSAGE_1_LENGTH || length > NoiseHandshake.MAX_MESSAGE_LENGTH) {
            // No responder could read it, and no one would know the address of one that tried.
            return drop(arrived, ChannelDropReason.HANDSHAKE_MESSAGE_REFUSED);
        }
        if (halfOpen.size() >= setup.options().maxHalfOpen(settings) && !oldestGivesWay()) {
            return drop(arrived, ChannelDropReason.TOO_MANY_HANDSHAKES);
        }
        ActorRef<SecureChannelActor.Command> responder;
        try {
            responder = SecureChannelActor.spawn(new SecureChannelActor.Start(
                    setup.node(),
                    setup.identity(),
                    setup.options().policy(),
                    setup.options().credentials(),
                    new SecureChannelActor.Handshake(setup.options().handshakeTimeout(settings), settings),
                    new Side.Responder(arrived.delivery(), setup, getContext().getSelf()),
                    setup.options().setup()));
        } catch (RoutingException e) {
            return drop(arrived, RoutingDropReason.NODE_STOPPED); // the actor system terminates
        }
        halfOpen.put(responder, State.ANSWERING);
        getContext().watchWith(responder, new Settled(responder));
        return this;
    }

    private boolean oldestGivesWay() {
        for (Map.Entry<ActorRef<SecureChannelActor.Command>, State> entry : halfOpen.entrySet()) {
            if (entry.getValue() == State.AWAITING_MESSAGE_3) {
                entry.getKey().tell(SecureChannelActor.GiveWay.INSTANCE);
                halfOpen.remove(entry.getKey());
                return true;
            }
        }
        return false;
    }

    private Behavior<Command> awaiting(AwaitingMessage3 awaiting) {
        halfOpen.replace(awaiting.responder(), State.AWAITING_MESSAGE_3);
        return this;
    }

    private Behavior<Command> accepted(Accepted accepted) {
        setup.subscribers().removeIf(subscriber -> !offer(subscriber, accepted.channel()));
        return this;
    }

    /** Offers a channel, and returns whether the subscriber is still there. */
    private boolean offer(BoundedSourceQueue<SecureChannel> subscriber, SecureChannel channel) {
        QueueOfferResult result = subscriber.offer(channel);
        if (result == QueueOfferResult.dropped()) {
            // The application would never learn of the channel.
            getContext().getLog().warn("A secure channel is closed, because too many accepted ones wait to be taken");
            var unused = channel.close();
            return true;
        }
        return result.isEnqueued();
    }

    private Behavior<Command> settled(Settled settled) {
        halfOpen.remove(settled.responder());
        getContext().unwatch(settled.responder());
        return this;
    }

    private Behavior<Command> drop(Arrived arrived, DropReason reason) {
        arrived.delivery().lost(reason);
        return this;
    }

    /** Handshakes that are under way end by themselves. */
    private Behavior<Command> stop(Stop stop) {
        setup.registration().end();
        return Behaviors.stopped();
    }
}
