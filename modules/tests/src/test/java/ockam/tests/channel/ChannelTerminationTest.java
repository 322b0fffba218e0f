// SPDX-License-Identifier: Apache-2.0

package ockam.tests.channel;

import static ockam.fixtures.Stages.await;
import static ockam.fixtures.Stages.awaitFailureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.Done;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.stream.javadsl.Sink;
import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import ockam.channel.CloseReason;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.node.NodeAccess;
import ockam.node.Routed;
import ockam.routing.RoutingDropReason;
import ockam.routing.RoutingException;
import ockam.wire.Address;
import ockam.wire.Any;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of channels, and of those who wait for them, when their actor system ends without Coordinated Shutdown. */
class ChannelTerminationTest {
    private final ActorTestKit testKit = ActorTestKit.create(
            "terminating",
            ConfigFactory.parseString("akka.coordinated-shutdown.run-by-actor-system-terminate = off")
                    .withFallback(ConfigFactory.load()));
    private final Scene scene = Scene.create(testKit);
    private final SecureChannelListener listener = scene.listen();

    @AfterEach
    void end() {
        terminate();
        assertThat(scene.channels()).isEmpty();
        assertThat(scene.node().addressCount()).isZero();
    }

    private void terminate() {
        scene.system().terminate();
        await(scene.system().getWhenTerminated());
    }

    @Test
    void everyStageThatSomebodyWaitsForIsCompleted() {
        List<String> told = new CopyOnWriteArrayList<>();
        TestProbe<Routed<Any>> hop = scene.hand("hop");
        SecureChannel channel = scene.open("listener");
        SecureChannel back = scene.otherEnd(channel);
        NodeAccess.router(scene.node()).addObserver(event -> {
            if (event.name().equals("channel-started") || event.name().equals("channel-handshake-failed")) {
                told.add(event.name() + " " + event.attributes().get("reason"));
            }
        });
        CompletionStage<SecureChannel> handshake = scene.create("hop => listener");
        hop.receiveMessage();
        CompletionStage<List<SecureChannel>> accepted = listener.accepted().runWith(Sink.seq(), scene.system());
        CompletionStage<CloseReason> closed = channel.whenClosed();
        assertThat(channel.isOpen()).isTrue();

        terminate();

        assertThat(Scene.failureOf(handshake)).isEqualTo("OPEN: STOPPED");
        assertThat(told).containsExactly("channel-started null", "channel-handshake-failed STOPPED");
        assertThat(await(closed)).isEqualTo(CloseReason.NODE_STOPPED);
        assertThat(await(back.whenClosed())).isEqualTo(CloseReason.NODE_STOPPED);
        assertThat(await(channel.close())).isEqualTo(Done.getInstance());
        await(accepted.handle((channels, failure) -> Done.getInstance()));
        assertThat(channel.isOpen()).isFalse();
        assertThat(scene.alice().keys().aeadKeys()).isZero();
        assertThat(scene.bob().keys().aeadKeys()).isZero();
    }

    @Test
    void closeThatIsUnderWayIsCompleted() {
        SecureChannel channel = scene.open("listener");
        SecureChannel back = scene.otherEnd(channel);
        CompletionStage<Done> closed = channel.close();

        terminate();

        await(closed);
        await(back.whenClosed());
    }

    @Test
    void laterCallsFailAtOnce() {
        terminate();

        assertThat(Scene.failureOf(scene.create("listener"))).isEqualTo("PREPARE: STOPPED");
        assertThatThrownBy(() -> SecureChannelListener.create(
                        scene.node(),
                        Address.of("late"),
                        scene.bob().identity(),
                        scene.alice().listenerOptions()))
                .isInstanceOfSatisfying(
                        RoutingException.class, e -> assertThat(e.reason()).isEqualTo(RoutingDropReason.NODE_STOPPED));
        assertThat(awaitFailureOf(listener.stop()))
                .isInstanceOfSatisfying(
                        RoutingException.class,
                        e -> assertThat(e.reason()).isEqualTo(RoutingDropReason.NO_SUCH_ADDRESS));
    }
}
