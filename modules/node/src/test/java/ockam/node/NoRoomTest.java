// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import static ockam.fixtures.Stages.await;
import static ockam.fixtures.Stages.awaitFailureOf;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.ActorRef;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.Behaviors;
import akka.stream.testkit.TestSubscriber;
import akka.stream.testkit.javadsl.TestSink;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import ockam.routing.RoutingDropReason;
import ockam.routing.SendResult;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whoever finds no room on a node is told where most of what is under way waits. */
class NoRoomTest {
    private static final Address FULL = Address.of("full");
    private static final int WINDOW = 9;

    @RegisterExtension
    static final NodeKit KIT = new NodeKit(ConfigFactory.parseString("ockam.node.send-window = " + WINDOW));

    private final Node node = KIT.node();
    private final Mailbox app = node.mailbox("app");

    /** Nothing else may look before: what is found is kept for a second. */
    private void fillUp() {
        fillUp(0);
    }

    private void fillUp(int alreadyThere) {
        for (int i = alreadyThere; i < WINDOW; i++) {
            assertThat(app.send(Route.of(FULL), Codec.string(), "message")).isEqualTo(SendResult.accepted());
        }
        assertThat(app.send(Route.of(FULL), Codec.string(), "message"))
                .isEqualTo(SendResult.refused(RoutingDropReason.NO_ROOM));
    }

    private void failsBecauseOf(int waiting) {
        assertThat(awaitFailureOf(node.ask(Route.of("app"), Codec.string(), "any room?")))
                .hasMessage("NO_ROOM: " + WINDOW + " messages with " + node.bytesUnderWay()
                        + " bytes are under way on node " + node.name() + "; " + waiting + " of them wait at 0#full");
    }

    @Test
    void workerIsStillBusyWithTheFirst() throws InterruptedException {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch left = new CountDownLatch(1);
        node.start(
                FULL,
                Codec.string(),
                Behaviors.receiveMessage(message -> {
                    entered.countDown();
                    left.await();
                    return Behaviors.same();
                }),
                WorkerOptions.defaults().withDispatcher(DispatcherSelector.blocking()));
        app.send(Route.of(FULL), Codec.string(), "message");
        entered.await();
        for (int i = 1; i < WINDOW; i++) {
            app.send(Route.of(FULL), Codec.string(), "message");
        }

        failsBecauseOf(WINDOW - 1);
        left.countDown();
    }

    @Test
    void workerKeepsThemForLater() {
        CountDownLatch deferred = new CountDownLatch(WINDOW);
        node.start(FULL, Codec.string(), Behaviors.receiveMessage(message -> {
            message.defer();
            deferred.countDown();
            return Behaviors.same();
        }));
        fillUp();
        KIT.eventually(() -> assertThat(deferred.getCount()).isZero());

        failsBecauseOf(WINDOW);
        await(node.stop(FULL));
    }

    @Test
    void workerWaitsToBeRestartedByItsParent() {
        CountDownLatch failed = new CountDownLatch(1);
        var worker = node.worker(
                FULL,
                Codec.string(),
                Behaviors.<Routed<String>>receiveMessage(message -> {
                    failed.countDown();
                    throw new IllegalStateException("on purpose");
                }),
                message -> message);
        ActorRef<Routed<String>> actor = KIT.testKit()
                .spawn(Behaviors.supervise(worker)
                        .onFailure(SupervisorStrategy.restartWithBackoff(Duration.ofHours(1), Duration.ofHours(1), 0)));
        KIT.eventually(() -> assertThat(node.metadata(FULL)).isPresent());
        app.send(Route.of(FULL), Codec.string(), "message");
        KIT.eventually(() -> assertThat(node.messagesUnderWay()).isZero());
        fillUp();

        failsBecauseOf(WINDOW);
        KIT.testKit().stop(actor);
    }

    @Test
    void mailboxIsNotRead() {
        Mailbox full = node.mailbox("full");
        fillUp();

        failsBecauseOf(WINDOW);
        full.close();
    }

    @Test
    void onlyTheFullestPlaceIsNamed() {
        int others = WINDOW - 2;
        for (int i = 0; i < others; i++) {
            node.mailbox("other-" + i);
            app.send(Route.of("other-" + i), Codec.string(), "message");
        }
        node.mailbox("full");
        fillUp(others);

        failsBecauseOf(2);
    }

    @Test
    void streamDoesNotTakeThem() {
        TestSubscriber.Probe<Routed<String>> out = node.source(FULL, Codec.string())
                .runWith(TestSink.<Routed<String>>create(KIT.system().classicSystem()), KIT.system());
        KIT.eventually(() -> assertThat(node.metadata(FULL)).isPresent());
        fillUp();

        failsBecauseOf(WINDOW);
        out.cancel();
    }
}
