// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import static ockam.fixtures.Stages.await;
import static ockam.fixtures.Stages.awaitFailureOf;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.LoggingTestKit;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.ConfigFactory;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import ockam.fixtures.SystemKit;
import ockam.identity.Identities;
import ockam.identity.Identity;
import ockam.identity.InMemoryIdentityRepository;
import ockam.identity.TrustPolicy;
import ockam.node.Node;
import ockam.node.NodeAccess;
import ockam.node.Ockam;
import ockam.node.Routed;
import ockam.routing.AccessControl;
import ockam.vault.SoftwareVault;
import ockam.wire.Address;
import ockam.wire.Any;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is reported when the actor of a channel throws, which needs a fault, and when everything around it ends. */
class ChannelActorFailureTest {
    @RegisterExtension
    static final SystemKit KIT = new SystemKit();

    private static final Address LISTENER = Address.of("listener");
    private static int nodes;

    /** A channel from a node to itself, and the actor of its initiating end. */
    private record Scene(
            Node node, ActorRef<SecureChannelActor.Command> actor, CompletableFuture<SecureChannel> opening) {
        static Scene create(ActorSystem<?> system, boolean answers) {
            Node node = Ockam.get(system).createNode("failing-" + ++nodes);
            SoftwareVault vault = SoftwareVault.create(Ockam.get(system).cryptoExecutor());
            Identity me = await(Identities.create(vault, InMemoryIdentityRepository.create(), Clock.systemUTC())
                    .create());
            TrustPolicy policy = TrustPolicy.identifier(me.identifier());
            if (answers) {
                SecureChannelListener.create(node, LISTENER, me, SecureChannelListenerOptions.trusting(policy));
            } else {
                node.attach(LISTENER, Codec.any(), KIT.<Routed<Any>>probe().getRef());
            }
            CompletableFuture<SecureChannel> opening = new CompletableFuture<>();
            SecureChannelSettings settings = SecureChannels.get(system).settings();
            ActorRef<SecureChannelActor.Command> actor = SecureChannelActor.spawn(new SecureChannelActor.Start(
                    node,
                    me,
                    policy,
                    Credentials.NONE,
                    new SecureChannelActor.Handshake(Duration.ofSeconds(30), settings),
                    new Side.Initiator(Route.of(LISTENER), AccessControl.allowAll(), null, opening),
                    null));
            return new Scene(node, actor, opening);
        }

        /** No code of the application runs in this actor, so only a message that cannot be makes it throw. */
        void failAt(SecureChannelActor.Command impossible) {
            LoggingTestKit.error(NullPointerException.class).expect(KIT.system(), () -> {
                actor.tell(impossible);
                return actor;
            });
        }
    }

    @SuppressWarnings("NullAway")
    private static final SecureChannelActor.Command WHILE_OPEN = new SecureChannelActor.WatchPeer(null);

    @SuppressWarnings("NullAway")
    private static final SecureChannelActor.Command IN_THE_HANDSHAKE = new SecureChannelActor.HandshakeFailed(null);

    @Test
    void anOpenChannelWhoseActorThrowsHasFailed() {
        Scene scene = Scene.create(KIT.system(), true);
        SecureChannel channel = await(scene.opening());

        scene.failAt(WHILE_OPEN);

        assertThat(await(channel.whenClosed())).isEqualTo(CloseReason.FAILED);
        assertThat(channel.state()).isEqualTo(new ChannelState.Closed(CloseReason.FAILED));
        await(scene.node().stop());
        assertThat(scene.node().addressCount()).isZero();
    }

    @Test
    void aHandshakeWhoseActorThrowsHasFailed() {
        Scene scene = Scene.create(KIT.system(), false);
        List<String> told = new CopyOnWriteArrayList<>();
        NodeAccess.router(scene.node()).addObserver(event -> {
            if (event.name().equals("channel-handshake-failed")) {
                told.add(event.attributes().get("reason"));
            }
        });

        scene.failAt(IN_THE_HANDSHAKE);

        assertThat(awaitFailureOf(scene.opening()))
                .isInstanceOfSatisfying(
                        HandshakeException.class,
                        e -> assertThat(e.reason()).isEqualTo(HandshakeException.Reason.INTERNAL));
        assertThat(told).containsExactly("INTERNAL");
        await(scene.node().stop());
        assertThat(scene.node().addressCount()).isZero();
    }

    /** A guardian that throws ends its actor system. */
    @ParameterizedTest
    @ValueSource(strings = {"on", "off"})
    void aChannelWhoseActorSystemFailsIsClosedWithItsNode(String orderly) {
        ActorSystem<String> system = ActorSystem.create(
                throwing(),
                "failing",
                ConfigFactory.parseString("akka.coordinated-shutdown.run-by-actor-system-terminate = " + orderly)
                        .withFallback(ConfigFactory.load()));
        SecureChannel channel = await(Scene.create(system, true).opening());

        system.tell("throw");

        assertThat(await(channel.whenClosed())).isEqualTo(CloseReason.NODE_STOPPED);
        await(system.getWhenTerminated());
    }

    private static Behavior<String> throwing() {
        return Behaviors.receiveMessage(message -> {
            throw new IllegalStateException("on purpose");
        });
    }
}
