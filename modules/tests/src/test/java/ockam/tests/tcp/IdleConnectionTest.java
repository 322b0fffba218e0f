// SPDX-License-Identifier: Apache-2.0

package ockam.tests.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import akka.Done;
import akka.pattern.Patterns;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import ockam.node.Connection;
import ockam.node.Node;
import ockam.tcp.TcpListener;
import ockam.tcp.TcpListenerOptions;
import ockam.tcp.TcpTransport;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.OckamTestKit;
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
    void idleConnectionLivesOn(OckamTestKit kit) {
        Node alice = kit.node("alice");
        Node bob = kit.node("bob");
        TcpListener listener = kit.await(TcpTransport.create(bob)
                .listen("127.0.0.1:0", TcpListenerOptions.defaults().withConsumer(kit.echoer(bob, "echoer"))));
        Connection connection = kit.await(TcpTransport.create(alice).connect(listener.hostAndPort()));
        assertThat(kit.await(alice.ask(connection.route("echoer"), Codec.string(), "before"))
                        .body())
                .isEqualTo("before");

        Patterns.after(IDLE, kit.system(), () -> CompletableFuture.completedStage(Done.getInstance()))
                .toCompletableFuture()
                .orTimeout(2 * IDLE.toSeconds(), TimeUnit.SECONDS)
                .join();

        assertThat(kit.await(alice.ask(connection.route("echoer"), Codec.string(), "after"))
                        .body())
                .isEqualTo("after");
    }
}
