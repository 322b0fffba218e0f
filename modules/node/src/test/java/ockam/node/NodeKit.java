// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import static ockam.fixtures.Stages.await;
import static ockam.fixtures.Stages.awaitFailureOf;
import static org.assertj.core.api.Assertions.assertThat;

import akka.Done;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import ockam.fixtures.Garbage;
import ockam.fixtures.SystemKit;
import ockam.routing.FailureReason;
import ockam.routing.RoutingException;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Gives a test class its own actor system, and nodes that are stopped after each test. A node must leave nothing behind then: no address,
 * no entry in the tables of flow control.
 */
final class NodeKit extends SystemKit implements AfterEachCallback {
    private final boolean manualTime;
    private final List<Node> nodes = new ArrayList<>();
    private int nodesMade;

    NodeKit() {
        this(ConfigFactory.empty());
    }

    /** These settings before the usual ones. */
    NodeKit(Config config) {
        super(config);
        manualTime = config.hasPath("akka.scheduler.implementation");
    }

    @Override
    public void afterEach(ExtensionContext context) {
        List<Node> all = List.copyOf(nodes);
        nodes.clear(); // so that what one test leaves behind is not held against the next
        for (Node node : all) {
            CompletionStage<Done> stopped = node.stop();
            if (manualTime && !stopped.toCompletableFuture().isDone()) {
                ManualTime.get(system())
                        .timePasses(Ockam.get(system()).settings().stopTimeout());
            }
            await(stopped);
            assertThat(node.addressCount()).isZero();
            eventually(() -> assertThat(node.messagesUnderWay()).isZero());
            assertThat(node.router().flowControls().isEmpty()).isTrue();
        }
    }

    /** A new node, stopped after the test. */
    Node node() {
        Node node = Ockam.get(system()).createNode("node-" + ++nodesMade);
        nodes.add(node);
        return node;
    }

    /** Has the garbage collector find what was forgotten, and the nodes notice it. Once may not be enough. */
    void collectGarbage() {
        Garbage.collect();
        if (manualTime) {
            ManualTime.get(system()).timePasses(Duration.ofMillis(100));
        }
    }

    /** The reason why a stage failed. Looks at the exception as a dependent stage sees it, which must not be one that hides it. */
    static FailureReason failureOf(CompletionStage<?> stage) {
        Throwable failure = awaitFailureOf(stage);
        assertThat(failure).isInstanceOf(RoutingException.class);
        return ((RoutingException) failure).reason();
    }

    /** Replies to every text with the same text. */
    static Behavior<Routed<String>> echo() {
        return Behaviors.receiveMessage(message -> {
            message.reply(message.body());
            return Behaviors.same();
        });
    }
}
