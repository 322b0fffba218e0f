// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import akka.Done;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import ockam.routing.FailureReason;
import ockam.routing.RoutingException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Gives a test class an actor system of its own, and nodes that are stopped after each test. A node must leave nothing behind then: no
 * address, no entry in the tables of flow control.
 */
final class NodeKit implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {
    static final long PATIENCE_SECONDS = 10;

    private final Config config;
    private final List<Node> nodes = new ArrayList<>();
    private @Nullable ActorTestKit testKit;
    private int nodesMade;

    NodeKit() {
        this(ConfigFactory.empty());
    }

    /** These settings in front of the usual ones. */
    NodeKit(Config config) {
        this.config = config;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        testKit = ActorTestKit.create(context.getRequiredTestClass().getSimpleName(), config.withFallback(usual()));
    }

    /** What every test runs with. */
    static Config usual() {
        return ConfigFactory.parseString("akka.log-dead-letters = off").withFallback(ConfigFactory.load());
    }

    @Override
    public void afterEach(ExtensionContext context) {
        boolean manualTime = config.hasPath("akka.scheduler.implementation");
        for (Node node : nodes) {
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
        nodes.clear();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        testKit().shutdownTestKit();
        testKit = null;
    }

    ActorTestKit testKit() {
        return Objects.requireNonNull(testKit);
    }

    ActorSystem<?> system() {
        return testKit().system();
    }

    /** A new node, stopped after the test. */
    Node node() {
        Node node = Ockam.get(system()).createNode("node-" + ++nodesMade);
        nodes.add(node);
        return node;
    }

    <T> TestProbe<T> probe() {
        return testKit().createTestProbe();
    }

    /** The result of a stage; fails if there is none in time. */
    static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("no result", e);
        }
    }

    /** The reason why a stage failed. Looks at the exception as a dependent stage sees it, which must not be one that hides it. */
    static FailureReason failureOf(CompletionStage<?> stage) {
        AtomicReference<@Nullable Throwable> seen = new AtomicReference<>();
        try {
            await(stage.handle((value, failure) -> {
                seen.set(failure);
                return Done.getInstance();
            }));
        } catch (AssertionError e) {
            return fail("the stage did not complete", e);
        }
        assertThat(seen.get()).isInstanceOf(RoutingException.class);
        return ((RoutingException) Objects.requireNonNull(seen.get())).reason();
    }

    /** Waits for the end of a thread. */
    static void join(Thread thread) {
        try {
            thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        assertThat(thread.isAlive()).isFalse();
    }

    /** Answers every text with itself. */
    static Behavior<Routed<String>> echo() {
        return Behaviors.receiveMessage(message -> {
            message.reply(message.body());
            return Behaviors.same();
        });
    }

    /** Checks again and again until it passes. */
    void eventually(Runnable check) {
        TestProbe<Object> probe = probe();
        probe.awaitAssert(() -> {
            check.run();
            return Done.getInstance();
        });
        probe.stop();
    }
}
