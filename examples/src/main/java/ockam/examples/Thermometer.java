// SPDX-License-Identifier: Apache-2.0

package ockam.examples;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import java.time.Clock;
import ockam.channel.SecureChannelListener;
import ockam.channel.SecureChannelListenerOptions;
import ockam.identity.Identities;
import ockam.identity.Identity;
import ockam.identity.InMemoryIdentityRepository;
import ockam.identity.TrustPolicy;
import ockam.node.Node;
import ockam.node.Ockam;
import ockam.node.Routed;
import ockam.vault.SoftwareVault;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;

/**
 * An Akka application with a node in it. The guardian keeps its own protocol, and replies to peers that reach it through secure
 * channels. {@link Display} is such a peer: it is on the same node here, but it only knows a route and an identifier.
 */
public final class Thermometer extends AbstractBehavior<Thermometer.Command> {
    /** The messages that the guardian understands. */
    public sealed interface Command {}

    /** From the sensor: an ordinary message inside the application. */
    public record Measured(double celsius) implements Command {}

    private record Asked(Routed<String> question) implements Command {}

    private record IdentitiesReady(Identity thermometer, Identity display) implements Command {}

    private record Failed(Throwable failure) implements Command {}

    private static final Address ADDRESS = Address.of("thermometer");

    private final Node node;
    private final ActorRef<String> screen;
    private double celsius;

    /** Returns the guardian, with the latest measurement; the answer that the display receives goes to the screen. */
    // #guardian
    public static Behavior<Command> create(double celsius, ActorRef<String> screen) {
        return Behaviors.setup(context -> {
            Node node = Ockam.get(context.getSystem()).createNode("house");
            Behavior<Command> thermometer = Behaviors.setup(self -> new Thermometer(self, node, celsius, screen));
            // It lives at an address of the node: questions arrive as messages of its own protocol.
            return node.worker(ADDRESS, Codec.string(), thermometer, Asked::new);
        });
    }

    private Thermometer(ActorContext<Command> context, Node node, double celsius, ActorRef<String> screen) {
        super(context);
        this.node = node;
        this.celsius = celsius;
        this.screen = screen;

        // Keys are generated on another dispatcher; the guardian continues when they are ready.
        Identities identities = Identities.create(
                SoftwareVault.create(Ockam.get(context.getSystem()).cryptoExecutor()),
                InMemoryIdentityRepository.create(),
                Clock.systemUTC());
        context.pipeToSelf(
                identities.create().thenCombine(identities.create(), IdentitiesReady::new),
                (ready, failure) -> failure == null ? ready : new Failed(failure));
    }
    // #guardian

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Measured.class, this::measured)
                .onMessage(Asked.class, this::answer)
                .onMessage(IdentitiesReady.class, this::accept)
                .onMessage(Failed.class, this::fail)
                .build();
    }

    private Behavior<Command> measured(Measured measured) {
        celsius = measured.celsius();
        return this;
    }

    // #worker
    private Behavior<Command> answer(Asked asked) {
        asked.question().reply(celsius + " degrees");
        return this;
    }
    // #worker

    // #listener
    private Behavior<Command> accept(IdentitiesReady ready) {
        TrustPolicy onlyTheDisplay = TrustPolicy.identifier(ready.display().identifier());
        SecureChannelListener.create(
                node,
                Address.of("api"),
                ready.thermometer(),
                SecureChannelListenerOptions.trusting(onlyTheDisplay)
                        .withSetup(channel -> node.allow(ADDRESS).from(channel)));

        TrustPolicy onlyTheThermometer =
                TrustPolicy.identifier(ready.thermometer().identifier());
        getContext()
                .spawn(Display.create(node, Route.of("api"), ready.display(), onlyTheThermometer, screen), "display");
        return this;
    }
    // #listener

    private Behavior<Command> fail(Failed failed) {
        getContext().getLog().error("No identities", failed.failure());
        return Behaviors.stopped();
    }
}
