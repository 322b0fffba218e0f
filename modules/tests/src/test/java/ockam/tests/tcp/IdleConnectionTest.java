// SPDX-License-Identifier: Apache-2.0

package ockam.tests.tcp;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.Done;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.javadsl.Behaviors;
import akka.pattern.Patterns;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import ockam.node.Connection;
import ockam.node.Node;
import ockam.node.Ockam;
import ockam.node.Worker;
import ockam.tcp.TcpListener;
import ockam.tcp.TcpListenerOptions;
import ockam.tcp.TcpTransport;
import ockam.testkit.ActorTestKitExtension;
import ockam.wire.Address;
import ockam.wire.Codec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/** Nothing ends a connection only because nobody says anything (routing, section 3.11). */
@ExtendWith(ActorTestKitExtension.class)
@EnabledIfSystemProperty(named = "ockam.long", matches = "true", disabledReason = "it takes six minutes")
class IdleConnectionTest {
    private static final Duration IDLE = Duration.ofSeconds(350);

    @Test
    void idleConnectionLivesOn(ActorTestKit testKit) {
        Node alice = Ockam.get(testKit.system()).createNode("alice");
        Node bob = Ockam.get(testKit.system()).createNode("bob");
        Worker echoer = bob.start(Address.of("echoer"), Codec.string(), Behaviors.receiveMessage(message -> {
            message.reply(message.body());
            return Behaviors.same();
        }));
        TcpListener listener = await(TcpTransport.create(bob)
                .listen("127.0.0.1:0", TcpListenerOptions.defaults().withConsumer(echoer)));
        Connection connection = await(TcpTransport.create(alice).connect(listener.hostAndPort()));
        assertThat(await(alice.ask(connection.route("echoer"), Codec.string(), "before"))
                        .body())
                .isEqualTo("before");

        Patterns.after(IDLE, testKit.system(), () -> CompletableFuture.completedStage(Done.getInstance()))
                .toCompletableFuture()
                .orTimeout(2 * IDLE.toSeconds(), TimeUnit.SECONDS)
                .join();

        assertThat(await(alice.ask(connection.route("echoer"), Codec.string(), "after"))
                        .body())
                .isEqualTo("after");
        await(alice.stop());
        await(bob.stop());
    }
}
