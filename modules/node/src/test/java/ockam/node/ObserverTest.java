// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import static ockam.fixtures.Stages.await;
import static ockam.fixtures.Stages.awaitFailureOf;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.javadsl.Behaviors;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Source;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import ockam.fixtures.LogLines;
import ockam.routing.spi.Form;
import ockam.routing.spi.Observer;
import ockam.routing.spi.Observers;
import ockam.routing.spi.Router;
import ockam.routing.spi.RoutingEvent;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an observer sees of a node. */
class ObserverTest {
    @RegisterExtension
    static final NodeKit KIT = new NodeKit();

    private static final Address H1 = Address.of("h1");
    private static final Address H2 = Address.of("h2");
    private static final Address WORKER = Address.of("worker");
    private static final Address APP = Address.of("app");

    private final Node node = KIT.node();
    private final Mailbox app = node.mailbox("app");
    private final TestProbe<Routed<String>> worker = KIT.probe();
    private final List<Observer.Event> events = new CopyOnWriteArrayList<>();
    private final Observer observer = events::add;

    @BeforeEach
    void start() {
        node.start(H1, Hop.create());
        node.start(H2, Hop.create());
        node.attach(WORKER, Codec.string(), worker.ref());
    }

    private List<RoutingEvent.MessageDelivered> deliveries() {
        return events.stream()
                .filter(RoutingEvent.MessageDelivered.class::isInstance)
                .map(RoutingEvent.MessageDelivered.class::cast)
                .toList();
    }

    @Test
    void seesTheWayOfAMessageAndOfItsAnswerUnderOneNumber() {
        node.start(Address.of("echoer"), Codec.string(), NodeKit.echo());
        NodeAccess.router(node).addObserver(observer);

        app.send(Route.of("h1", "h2", "echoer"), Codec.string(), "secret");
        await(app.receive(Codec.string()));

        assertThat(deliveries())
                .extracting(RoutingEvent.MessageDelivered::addresses)
                .containsExactly(
                        List.of(APP, H1),
                        List.of(H1, H2),
                        List.of(H2, Address.of("echoer")),
                        List.of(Address.of("echoer"), H2),
                        List.of(H2, H1),
                        List.of(H1, APP));
        assertThat(deliveries())
                .extracting(RoutingEvent.MessageDelivered::correlation)
                .containsOnly(OptionalLong.of(1));
        RoutingEvent.MessageDelivered first = deliveries().get(0);
        assertThat(first.name()).isEqualTo("message-delivered");
        assertThat(first.node()).isEqualTo(node.name());
        assertThat(first.route()).isEqualTo(Route.of("h1", "h2", "echoer"));
        assertThat(first.size()).isEqualTo(7);
        assertThat(events.toString()).doesNotContain("secret");
    }

    @Test
    void tellsMessagesApart() {
        NodeAccess.router(node).addObserver(observer);

        app.send(Route.of(WORKER), Codec.string(), "one");
        app.send(Route.of(WORKER), Codec.string(), "two");

        assertThat(deliveries())
                .extracting(RoutingEvent.MessageDelivered::correlation)
                .containsExactly(OptionalLong.of(1), OptionalLong.of(2));
    }

    @Test
    void seesDropsWithTheirReason() {
        NodeAccess.router(node).addObserver(observer);

        app.send(Route.of("h1", "nowhere"), Codec.string(), "lost");

        KIT.eventually(() -> assertThat(events)
                .filteredOn(event -> event.name().equals("message-dropped"))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.addresses()).containsExactly(Address.of("nowhere"));
                    assertThat(event.attributes()).isEqualTo(Map.of("reason", "NO_SUCH_ADDRESS"));
                }));
    }

    @Test
    void seesAddressesComeAndGoAndWhoHasThem() {
        NodeAccess.router(node).addObserver(observer);

        Mailbox box = node.mailbox("box");
        box.close();

        assertThat(events)
                .extracting(event -> event.name() + " " + event.addresses() + event.attributes())
                .containsExactly("addresses-taken [0#box]{step=MAILBOXES}", "addresses-freed [0#box]{}");
    }

    @Test
    void seesWhereAnAnswerWouldGo() {
        NodeAccess.router(node).addObserver(observer);

        app.send(Route.of("h1", "h2", "worker"), Codec.string(), "one");
        worker.receiveMessage();

        assertThat(deliveries())
                .extracting(RoutingEvent.MessageDelivered::returnRoute)
                .containsExactly(Route.of("app"), Route.of("h1", "app"), Route.of("h2", "h1", "app"));
        assertThat(deliveries()).extracting(Observer.Event::attributes).containsOnly(Map.of());
    }

    @Test
    void ofTheSystemSeesEveryNodeFromItsBeginningToItsEnd() {
        Observers.get(KIT.system()).add(observer);
        Observers.get(KIT.system()).add(observer); // which is the same as once
        Node later = KIT.node();
        await(later.stop());
        app.send(Route.of(WORKER), Codec.string(), "seen");
        Observers.get(KIT.system()).remove(observer);
        app.send(Route.of(WORKER), Codec.string(), "unseen");
        await(KIT.node().stop());
        worker.receiveMessage();
        worker.receiveMessage();

        assertThat(events)
                .extracting(event -> event.name() + " " + event.node())
                .containsExactly(
                        "node-started " + later.name(),
                        "node-stopped " + later.name(),
                        "message-delivered " + node.name());
    }

    private List<String> told(String begins) {
        return events.stream()
                .filter(event -> event.name().startsWith(begins))
                .map(event -> event.name() + event.attributes())
                .toList();
    }

    @Test
    void seesAQuestionBeginWhereItIsAskedAndEndBeforeTheAnswerIsTold() {
        Thread here = Thread.currentThread();
        List<Thread> threads = new CopyOnWriteArrayList<>();
        NodeAccess.router(node).addObserver(event -> {
            events.add(event);
            if (event.name().equals("ask-started")) {
                threads.add(Thread.currentThread());
            }
        });
        node.start(Address.of("echoer"), Codec.string(), NodeKit.echo());

        await(node.ask(Route.of("h1", "echoer"), Codec.string(), "secret"));

        assertThat(told("ask-")).containsExactly("ask-started{}", "ask-ended{}");
        assertThat(threads).containsExactly(here);
        assertThat(events)
                .filteredOn(event -> event.name().equals("ask-started"))
                .singleElement()
                .satisfies(started -> {
                    assertThat(started.route()).isEqualTo(Route.of("h1", "echoer"));
                    assertThat(started.addresses())
                            .isEqualTo(deliveries().get(0).addresses().subList(0, 1));
                });
        assertThat(events.toString()).doesNotContain("secret");
    }

    @Test
    void seesWhyThereIsNoAnswer() {
        NodeAccess.router(node).addObserver(observer);

        awaitFailureOf(node.ask(Route.of("nowhere"), Codec.string(), "lost"));
        assertThat(told("ask-")).containsExactly("ask-started{}", "ask-ended{reason=NO_SUCH_ADDRESS}");
        events.clear();
        awaitFailureOf(node.ask(Route.of(WORKER), Codec.string(), "late", Duration.ofMillis(1)));
        assertThat(told("ask-")).containsExactly("ask-started{}", "ask-ended{reason=TIMED_OUT}");
        events.clear();
        node.ask(Route.of(WORKER), Codec.string(), "given up")
                .toCompletableFuture()
                .cancel(false);
        assertThat(told("ask-")).containsExactly("ask-started{}", "ask-ended{reason=GIVEN_UP}");
        events.clear();
        CompletionStage<Routed<String>> cut = node.ask(Route.of(WORKER), Codec.string(), "cut");
        await(node.stop());
        awaitFailureOf(cut);
        assertThat(told("ask-")).containsExactly("ask-started{}", "ask-ended{reason=MAILBOX_CLOSED}");
        events.clear();
        awaitFailureOf(node.ask(Route.of(WORKER), Codec.string(), "too late"));
        assertThat(told("ask-")).isEmpty();
    }

    @Test
    void seesAStreamBeginAndEndWithWhatItSent() {
        NodeAccess.router(node).addObserver(observer);
        node.start(Address.of("sink"), Codec.string(), Behaviors.ignore());

        StreamHandle handle = Source.range(1, 100)
                .map(i -> "element")
                .toMat(node.sink(Route.of("sink"), Codec.string()), Keep.right())
                .run(KIT.system());
        await(handle.whenClosed());

        assertThat(told("stream-").get(0)).isEqualTo("stream-started{}");
        assertThat(events)
                .filteredOn(event -> event.name().startsWith("stream-"))
                .hasSize(2)
                .allSatisfy(event -> assertThat(event.addresses()).containsExactly(handle.address()));
        assertThat(events)
                .filteredOn(event -> event.name().equals("stream-ended"))
                .extracting(Observer.Event::attributes)
                .containsExactly(Map.of("sent", "100", "lost", "0"));
    }

    @Test
    void seesWhyAStreamFailed() {
        NodeAccess.router(node).addObserver(observer);

        StreamHandle lost = Source.repeat("element")
                .toMat(node.sink(Route.of("nowhere"), Codec.string()), Keep.right())
                .run(KIT.system());
        awaitFailureOf(lost.whenClosed());
        StreamHandle failed = Source.<String>failed(new IllegalStateException("by design"))
                .toMat(node.sink(Route.of(WORKER), Codec.string()), Keep.right())
                .run(KIT.system());
        awaitFailureOf(failed.whenClosed());

        assertThat(events)
                .filteredOn(event -> event.name().equals("stream-ended"))
                .extracting(event -> event.attributes().get("sent") + " "
                        + event.attributes().get("reason"))
                .containsExactly("1 NO_SUCH_ADDRESS", "0 java.lang.IllegalStateException");
    }

    @Test
    void knowsTheNodesThatHaveNotStopped() {
        Node other = KIT.node();
        assertThat(Observers.get(KIT.system()).nodes())
                .extracting(Observers.Observed::name)
                .contains(node.name(), other.name());
        app.send(Route.of(app.address()), Codec.string(), "waits");
        assertThat(Observers.get(KIT.system()).nodes())
                .filteredOn(known -> known.name().equals(node.name()))
                .singleElement()
                .satisfies(known -> {
                    assertThat(known.messagesUnderWay()).isEqualTo(1);
                    assertThat(known.bytesUnderWay()).isEqualTo(node.bytesUnderWay());
                });

        await(other.stop());
        assertThat(Observers.get(KIT.system()).nodes())
                .extracting(Observers.Observed::name)
                .contains(node.name())
                .doesNotContain(other.name());
    }

    @Test
    void oneThatThrowsIsLoggedAndChangesNothing() {
        NodeAccess.router(node).addObserver(event -> {
            throw new IllegalStateException("broken observer");
        });
        NodeAccess.router(node).addObserver(observer);

        try (LogLines log = LogLines.of(Router.class)) {
            app.send(Route.of(WORKER), Codec.string(), "arrives");
            assertThat(log.texts()).containsExactly("An observer threw at message-delivered");
        }

        assertThat(worker.receiveMessage().body()).isEqualTo("arrives");
        assertThat(deliveries()).hasSize(1);
    }

    @Test
    void createsNoEventForOneThatOnlyCountsMessages() {
        List<String> counted = new CopyOnWriteArrayList<>();
        NodeAccess.router(node).addObserver(new Observer() {
            @Override
            public void on(Event event) {
                events.add(event);
            }

            @Override
            public void onDelivered(String where, Form form, Supplier<Event> event) {
                counted.add(where + " " + form);
            }
        });
        app.send(Route.of("h1", "worker"), Codec.string(), "counted");
        worker.receiveMessage();
        assertThat(counted).containsExactly(node.name() + " MESSAGE", node.name() + " MESSAGE");
        assertThat(events).isEmpty();

        NodeAccess.router(node).addObserver(observer);
        app.send(Route.of(WORKER), Codec.string(), "seen");
        assertThat(deliveries())
                .as("the first that has a number, since the other one made none")
                .extracting(RoutingEvent.MessageDelivered::correlation)
                .containsExactly(OptionalLong.of(1));
    }

    @Test
    void createsNoEventWithoutObservers() {
        Router router = NodeAccess.router(node);
        router.addObserver(observer);
        router.removeObserver(observer);

        router.observed(() -> {
            throw new AssertionError("was made");
        });
        app.send(Route.of(WORKER), Codec.string(), "unseen");

        assertThat(worker.receiveMessage().body()).isEqualTo("unseen");
        assertThat(events).isEmpty();
    }
}
