// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import akka.actor.NoSerializationVerificationNeeded;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import ockam.routing.spi.Delivery;
import ockam.routing.spi.DeliveryEnvelope;
import ockam.routing.spi.Endpoint;
import ockam.routing.spi.FlowControls;
import ockam.routing.spi.Router;
import ockam.wire.Address;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import ockam.wire.internal.Bytes;

/**
 * The sending half of a channel: accepts plaintext messages at the channel's address and sends frames along the route to the peer (secure
 * channel, section 6.1). An exception stops it, and with it the channel: a restart would use nonces twice.
 */
final class Encryptor extends AbstractBehavior<Encryptor.Command> {
    /** What the encryptor understands. */
    sealed interface Command extends NoSerializationVerificationNeeded {}

    /** A message to send. */
    record Arrived(Delivery delivery) implements Command, DeliveryEnvelope {}

    /** From now on the peer is reached along this route; its last address is the peer's decryptor. */
    record RouteChanged(Route routeToPeer) implements Command {}

    /** From now on the peer's node is reached along this route, and replies come back along it. */
    record UpdateRoute(Route toPeersNode) implements Command {}

    /** What is sent gets somewhere again: what was sent before may be lost. */
    enum LeadsOnAgain implements Command {
        INSTANCE
    }

    /** What becomes of newer credentials. */
    record OfCredentials(Refreshes.Event event) implements Command {}

    /** The last command: after what is queued, send a Close or not, and stop. */
    record Finish(Farewell farewell) implements Command {}

    /** Whether the peer is told of the end. */
    enum Farewell {
        /** Yes. */
        SAID,
        /** Only if the route leaves the node; otherwise the peer, and outer channels, stop in the same step. */
        SAID_TO_OTHER_NODES,
        /** No. */
        UNSAID
    }

    private final Router router;
    private final Endpoint endpoint;
    private final Address decryptor;
    private final FrameSealer sealer;
    private final Idleness idleness;
    private final ActorRef<SecureChannelActor.Command> parent;
    private final Refreshes<Command> refreshes;
    private Route routeToPeer;

    static Behavior<Command> create(
            Router router,
            Endpoint endpoint,
            Address decryptor,
            FrameSealer sealer,
            Idleness idleness,
            Route routeToPeer,
            Refreshes.Terms credentials,
            ActorRef<SecureChannelActor.Command> parent) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new Encryptor(
                context,
                router,
                endpoint,
                decryptor,
                sealer,
                idleness,
                routeToPeer,
                new Refreshes<>(context, timers, OfCredentials::new, credentials, router::isNews),
                parent)));
    }

    private Encryptor(
            ActorContext<Command> context,
            Router router,
            Endpoint endpoint,
            Address decryptor,
            FrameSealer sealer,
            Idleness idleness,
            Route routeToPeer,
            Refreshes<Command> refreshes,
            ActorRef<SecureChannelActor.Command> parent) {
        super(context);
        this.router = router;
        this.endpoint = endpoint;
        this.decryptor = decryptor;
        this.sealer = sealer;
        this.idleness = idleness;
        this.routeToPeer = routeToPeer;
        this.refreshes = refreshes;
        this.parent = parent;
        refreshes.begin();
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Arrived.class, this::encrypt)
                .onMessage(RouteChanged.class, this::changeRoute)
                .onMessage(UpdateRoute.class, this::updateRoute)
                .onMessage(LeadsOnAgain.class, this::leadsOnAgain)
                .onMessage(OfCredentials.class, this::refresh)
                .onMessage(Finish.class, this::finish)
                .onSignal(PostStop.class, this::postStop)
                .build();
    }

    private Behavior<Command> encrypt(Arrived arrived) {
        if (sealer.isExhausted()) {
            arrived.delivery().lost(ChannelDropReason.CHANNEL_CLOSED);
            parent.tell(SecureChannelActor.NoncesExhausted.INSTANCE);
            return this;
        }
        idleness.used();
        LocalMessage message = arrived.delivery().message();
        try {
            arrived.delivery()
                    .sendOrDrop(
                            endpoint,
                            frame(
                                    new ChannelMessage.Payload(
                                            message.onwardRoute().step(), message.returnRoute(), message.payload()),
                                    sealer,
                                    routeToPeer));
        } catch (RuntimeException e) {
            arrived.delivery().lost(ChannelDropReason.CHANNEL_CLOSED); // with this exception the channel ends
            throw e;
        }
        return this;
    }

    private Behavior<Command> refresh(OfCredentials of) {
        refreshes.handle(of.event(), this::show);
        return this;
    }

    /** Like a message of the channel's own; but it is no use of the channel, which could otherwise never be idle. */
    private boolean show(ChannelMessage refresh) {
        return !sealer.isExhausted()
                && endpoint.send(frame(refresh, sealer, routeToPeer)).isAccepted();
    }

    private Behavior<Command> leadsOnAgain(LeadsOnAgain again) {
        refreshes.showAgain(this::show);
        return this;
    }

    private Behavior<Command> changeRoute(RouteChanged changed) {
        return follow(changed.routeToPeer());
    }

    private Behavior<Command> updateRoute(UpdateRoute update) {
        Route next = update.toPeersNode().append(routeToPeer.recipient());
        letAnswersIn(router.flowControls(), decryptor, next);
        return follow(next);
    }

    private Behavior<Command> follow(Route next) {
        routeToPeer = next;
        parent.tell(new SecureChannelActor.RouteChanged(next));
        refreshes.showAgain(this::show);
        return this;
    }

    /** If the route out begins with a producer, such as an outer channel, what it brings back must reach this channel. */
    static void letAnswersIn(FlowControls flowControls, Address decryptor, Route out) {
        flowControls.producerBehind(out.next()).ifPresent(id -> flowControls.addConsumer(decryptor, id));
    }

    private Behavior<Command> finish(Finish finish) {
        say(finish.farewell(), router, endpoint, sealer, routeToPeer);
        return Behaviors.stopped();
    }

    /** Sends a Close as the last frame, or not. */
    static void say(Farewell farewell, Router router, Endpoint from, FrameSealer sealer, Route routeToPeer) {
        boolean said = switch (farewell) {
            case SAID -> true;
            case SAID_TO_OTHER_NODES -> leavesNode(router, routeToPeer);
            case UNSAID -> false;
        };
        if (said && !sealer.isExhausted()) {
            from.sendOrDrop(frame(ChannelMessage.Close.INSTANCE, sealer, routeToPeer));
        }
    }

    private static boolean leavesNode(Router router, Route route) {
        for (Address address : route) {
            if (router.metadata(address)
                    .filter(m -> m.terminal() && !m.attributes().containsKey(SecureChannelActor.PEER_ATTRIBUTE))
                    .isPresent()) {
                return true;
            }
        }
        return false;
    }

    /** The return route of a frame is empty: the hops along the route write all of it (secure channel, section 6.1). */
    private static LocalMessage frame(ChannelMessage message, FrameSealer sealer, Route routeToPeer) {
        byte[] frame = new byte[message.encodedSize() + Frames.OVERHEAD];
        message.writeTo(frame, Frames.NONCE_LENGTH);
        sealer.seal(frame);
        return LocalMessage.of(routeToPeer, Route.empty(), Bytes.wrap(frame));
    }

    private Behavior<Command> postStop(PostStop signal) {
        refreshes.end();
        endpoint.close();
        sealer.erase();
        return this;
    }
}
