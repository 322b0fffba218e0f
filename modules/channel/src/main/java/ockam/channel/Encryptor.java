// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.util.ByteString;
import ockam.node.Delivery;
import ockam.node.DropReason;
import ockam.node.Endpoint;
import ockam.node.NodeRuntime;
import ockam.wire.LocalMessage;
import ockam.wire.Route;

/**
 * The sending half of a channel: takes plaintext messages at the channel's address and sends frames along the remote route (secure
 * channel, section 6.1). An exception stops it, and with it the channel: a restart would use nonces twice.
 */
final class Encryptor extends AbstractBehavior<Encryptor.Command> {
    /** What the encryptor understands. */
    sealed interface Command {}

    /** A message to send. */
    record Arrived(Delivery delivery) implements Command {}

    /** From now on the peer is reached this way; the last address is the peer's decryptor. */
    record RouteChanged(Route remoteRoute) implements Command {}

    /** The last command: behind what is queued, send a Close or not, and stop. */
    record Finish(boolean sendClose) implements Command {}

    private final NodeRuntime runtime;
    private final Endpoint endpoint;
    private final FrameSealer sealer;
    private final ActorRef<SecureChannelActor.Command> parent;
    private Route remoteRoute;

    static Behavior<Command> create(
            NodeRuntime runtime,
            Endpoint endpoint,
            FrameSealer sealer,
            Route remoteRoute,
            ActorRef<SecureChannelActor.Command> parent) {
        return Behaviors.setup(context -> new Encryptor(context, runtime, endpoint, sealer, remoteRoute, parent));
    }

    private Encryptor(
            ActorContext<Command> context,
            NodeRuntime runtime,
            Endpoint endpoint,
            FrameSealer sealer,
            Route remoteRoute,
            ActorRef<SecureChannelActor.Command> parent) {
        super(context);
        this.runtime = runtime;
        this.endpoint = endpoint;
        this.sealer = sealer;
        this.remoteRoute = remoteRoute;
        this.parent = parent;
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Arrived.class, this::encrypt)
                .onMessage(RouteChanged.class, this::changeRoute)
                .onMessage(Finish.class, this::finish)
                .onSignal(PostStop.class, this::postStop)
                .build();
    }

    private Behavior<Command> encrypt(Arrived arrived) {
        if (sealer.isExhausted()) {
            runtime.drops().dropped(DropReason.CHANNEL_CLOSED, endpoint.address());
            parent.tell(SecureChannelActor.NoncesExhausted.INSTANCE);
            return this;
        }
        LocalMessage message = arrived.delivery().message().step();
        send(new ChannelMessage.Payload(message.onwardRoute(), message.returnRoute(), message.payload()));
        return this;
    }

    private Behavior<Command> changeRoute(RouteChanged changed) {
        remoteRoute = changed.remoteRoute();
        return this;
    }

    private Behavior<Command> finish(Finish finish) {
        if (finish.sendClose() && !sealer.isExhausted()) {
            send(ChannelMessage.Close.INSTANCE);
        }
        return Behaviors.stopped();
    }

    /** The return route of a frame is empty: the hops on the way write the whole way back (secure channel, section 6.1). */
    private void send(ChannelMessage message) {
        byte[] frame = new byte[message.encodedSize() + Frames.OVERHEAD];
        message.writeTo(frame, Frames.NONCE_LENGTH);
        sealer.seal(frame);
        // The array is given away here: nobody writes to it any more.
        runtime.forward(endpoint, LocalMessage.of(remoteRoute, Route.empty(), ByteString.fromArrayUnsafe(frame)));
    }

    private Behavior<Command> postStop(PostStop signal) {
        sealer.erase();
        return this;
    }
}
