// SPDX-License-Identifier: Apache-2.0

package ockam.examples;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelOptions;
import ockam.identity.Identity;
import ockam.identity.TrustPolicy;
import ockam.node.Node;
import ockam.wire.Codec;
import ockam.wire.Route;

/** An actor with a secure channel that lives no longer than the actor: it asks a question through it, and reports the answer. */
public final class Display {
    /** The messages of the actor: only those that it pipes to itself. */
    public sealed interface Command {}

    private record ChannelOpen(SecureChannel channel) implements Command {}

    private record Answered(String answer) implements Command {}

    private record Failed(Throwable failure) implements Command {}

    private Display() {}

    // #channel
    /** Returns the behavior; the route leads to a listener, and the policy decides which peer is accepted. */
    public static Behavior<Command> create(
            Node node, Route listener, Identity me, TrustPolicy policy, ActorRef<String> screen) {
        return Behaviors.setup(context -> {
            SecureChannelOptions options = SecureChannelOptions.trusting(policy).withOwner(context.getSelf());
            pipe(context, SecureChannel.create(node, listener, me, options), ChannelOpen::new);
            return Behaviors.receive(Command.class)
                    .onMessage(ChannelOpen.class, open -> connected(context, open.channel(), screen))
                    .onMessage(Failed.class, failed -> {
                        context.getLog().error("No channel", failed.failure());
                        return Behaviors.stopped();
                    })
                    .build();
        });
    }

    private static Behavior<Command> connected(
            ActorContext<Command> context, SecureChannel channel, ActorRef<String> screen) {
        Route thermometer = channel.route("thermometer");
        pipe(
                context,
                channel.node().ask(thermometer, Codec.string(), "How warm is it?"),
                answer -> new Answered(answer.body()));
        return Behaviors.receive(Command.class)
                .onMessage(Answered.class, answered -> {
                    screen.tell(answered.answer());
                    return Behaviors.same();
                })
                .onMessage(Failed.class, failed -> {
                    context.getLog().error("No answer", failed.failure());
                    return Behaviors.same();
                })
                .build();
    }

    private static <T> void pipe(ActorContext<Command> context, CompletionStage<T> stage, Function<T, Command> result) {
        context.pipeToSelf(stage, (value, failure) -> failure == null ? result.apply(value) : new Failed(failure));
    }
    // #channel
}
