// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import akka.actor.NoSerializationVerificationNeeded;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import ockam.channel.HandshakeException.Reason;
import ockam.channel.HandshakeException.Step;
import ockam.identity.Identity;
import ockam.node.Node;
import ockam.wire.Route;
import org.jspecify.annotations.Nullable;

/**
 * An actor that creates one secure channel and owns it: the same as {@link SecureChannel#create}, by messages. Spawn it as a child of the
 * actor that wants the channel. Like any child it ends when its parent stops or is restarted, and then the channel closes, in the middle of
 * the handshake too.
 *
 * <p>It says {@link Opened} and later {@link Closed}, or only {@link NotOpened}; after {@code Closed} and {@code NotOpened} it stops. If it
 * is stopped from outside, it says nothing.
 *
 * <pre>
 * opening -> open -> closing
 * </pre>
 */
public final class ChannelKeeper {
    /** What the actor understands. */
    public sealed interface Command extends NoSerializationVerificationNeeded permits Close, UpdateRoute, Private {}

    /** Close the channel, as {@link SecureChannel#close} does; before it is open, give the handshake up. */
    public enum Close implements Command {
        /** The only one. */
        INSTANCE
    }

    /**
     * Move the channel to another route, as {@link SecureChannel#updateRoute} does. Before the channel is open, the last of them waits for
     * that; once it is closing, it is ignored.
     *
     * @param toPeersNode the route to the peer's node, without an address on it; {@link Route#empty} if it is this node
     */
    public record UpdateRoute(Route toPeersNode) implements Command {}

    /** What the actor says. */
    public sealed interface Event extends NoSerializationVerificationNeeded {}

    /** The channel is open and set up. */
    public record Opened(SecureChannel channel) implements Event {}

    /** There is no channel, or none any more after a {@link Close}; this is the last event. */
    public record NotOpened(HandshakeException failure) implements Event {}

    /** Nothing is left of this end of the channel; this is the last event. */
    public record Closed(CloseReason reason) implements Event {}

    /** What the actor sends only to itself. */
    private sealed interface Private extends Command {}

    private record Created(SecureChannel channel) implements Private {}

    private record Failed(HandshakeException failure) implements Private {}

    private record Ended(CloseReason reason) implements Private {}

    private final ActorContext<Command> context;
    private final ActorRef<? super Event> parent;

    private ChannelKeeper(ActorContext<Command> context, ActorRef<? super Event> parent) {
        this.context = context;
        this.parent = parent;
    }

    /**
     * Returns the behavior.
     *
     * @param node where this end of the channel lives
     * @param route the route to the listener, its address last
     * @param identity who this side is
     * @param options the trust policy, and what should differ from the settings; an owner in them is replaced
     * @param parent who is told what happens
     */
    public static Behavior<Command> create(
            Node node, Route route, Identity identity, SecureChannelOptions options, ActorRef<? super Event> parent) {
        return Behaviors.setup(context -> {
            context.pipeToSelf(
                    SecureChannel.create(node, route, identity, options.withOwner(context.getSelf())),
                    (channel, failure) -> failure == null
                            ? new Created(channel)
                            : new Failed(HandshakeFailures.of(Step.OPEN, failure)));
            return new ChannelKeeper(context, parent).opening(null);
        });
    }

    private Behavior<Command> opening(@Nullable Route newest) {
        return Behaviors.receive(Command.class)
                .onMessage(Created.class, created -> {
                    if (newest != null) {
                        created.channel().moveTo(newest);
                    }
                    return open(created.channel());
                })
                .onMessage(Failed.class, failed -> end(new NotOpened(failed.failure())))
                .onMessage(UpdateRoute.class, update -> opening(update.toPeersNode()))
                // What there is of the channel ends with its owner, which is this actor.
                .onMessage(Close.class, close -> end(new NotOpened(new HandshakeException(Step.OPEN, Reason.STOPPED))))
                .build();
    }

    private Behavior<Command> open(SecureChannel channel) {
        parent.tell(new Opened(channel));
        context.pipeToSelf(channel.whenClosed(), (reason, never) -> new Ended(reason));
        return Behaviors.receive(Command.class)
                .onMessage(Ended.class, ended -> end(new Closed(ended.reason())))
                .onMessage(UpdateRoute.class, update -> {
                    channel.moveTo(update.toPeersNode());
                    return Behaviors.same();
                })
                .onMessage(Close.class, close -> {
                    var unused = channel.close();
                    return closing();
                })
                .build();
    }

    private Behavior<Command> closing() {
        return Behaviors.receive(Command.class)
                .onMessage(Ended.class, ended -> end(new Closed(ended.reason())))
                .onMessage(UpdateRoute.class, late -> Behaviors.same())
                .onMessage(Close.class, again -> Behaviors.same())
                .build();
    }

    private Behavior<Command> end(Event last) {
        parent.tell(last);
        return Behaviors.stopped();
    }
}
