// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import static ockam.fixtures.Stages.await;
import static ockam.node.NodeKit.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.Done;
import akka.NotUsed;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.eventstream.EventStream;
import akka.japi.Pair;
import akka.stream.Attributes;
import akka.stream.Materializer;
import akka.stream.Outlet;
import akka.stream.SourceShape;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.stream.stage.GraphStage;
import akka.stream.stage.GraphStageLogic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import ockam.routing.RoutingDropReason;
import ockam.routing.RoutingException;
import ockam.routing.SendResult;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A stream or a connection has its address as soon as it is run, and gives it back if it never starts. */
class StreamStartTest {
    @RegisterExtension
    static final NodeKit KIT = new NodeKit(Turns.config().withFallback(ManualTime.config()));

    private static final Address END = Address.of("end");
    private static final Duration IN_TIME = Duration.ofSeconds(29);
    private static final Duration MOMENT = Duration.ofSeconds(2);

    private final Node node = KIT.node();
    private final Materializer materializer = Materializer.createMaterializer(KIT.system());
    private final ManualTime time = ManualTime.get(KIT.system());
    private final List<StreamHandle> handles = new ArrayList<>();

    /** Somebody's stage that fails while it is made. */
    static <T> Source<T, NotUsed> failing() {
        return Source.fromGraph(new GraphStage<SourceShape<T>>() {
            private final SourceShape<T> shape = SourceShape.of(Outlet.create("out"));

            @Override
            public SourceShape<T> shape() {
                return shape;
            }

            @Override
            public GraphStageLogic createLogic(Attributes attributes) {
                throw new IllegalStateException("by design");
            }
        });
    }

    private Source<Routed<String>, StreamHandle> source() {
        return node.source(END, Codec.string()).mapMaterializedValue(this::seen);
    }

    private StreamHandle seen(StreamHandle handle) {
        handles.add(handle);
        return handle;
    }

    private void runInVain(Source<Routed<String>, ?> source) {
        assertThatThrownBy(() -> source.runWith(Sink.ignore(), materializer)).hasMessage("by design");
    }

    @Test
    void givesTheAddressBackIfTheRestOfTheGraphFails() {
        List<String> told = new CopyOnWriteArrayList<>();
        node.router().addObserver(event -> {
            if (event.name().startsWith("stream-")) {
                told.add(event.name() + new TreeMap<>(event.attributes()));
            }
        });
        // The stages of a graph are made in an order of Akka's own.
        runInVain(source().merge(failing()));
        if (handles.isEmpty()) {
            runInVain(StreamStartTest.<Routed<String>>failing().merge(source()));
        }
        assertThat(handles).hasSize(1);
        assertThat(node.metadata(END)).isPresent();
        assertThat(node.mailbox("app")
                        .send(Route.of(END), Codec.string(), "in vain")
                        .isAccepted())
                .isTrue();

        time.timePasses(IN_TIME);
        assertThat(node.metadata(END)).isPresent();
        time.timePasses(MOMENT);

        assertThat(failureOf(handles.get(0).whenClosed())).isEqualTo(RoutingException.Reason.TIMED_OUT);
        assertThat(told).containsExactly("stream-started{}", "stream-ended{lost=0, reason=TIMED_OUT, sent=0}");
        assertThat(node.metadata(END)).isEmpty();
        assertThat(node.dropped(RoutingDropReason.NO_SUCH_ADDRESS)).isEqualTo(1);
        assertThat(node.messagesUnderWay()).isZero();
    }

    @Test
    void givesTheAddressOfASinkBackIfUpstreamCannotBeMade() {
        int before = node.addressCount();
        assertThatThrownBy(() -> StreamStartTest.<String>failing()
                        .to(node.sink(Route.of(END), Codec.string()).mapMaterializedValue(this::seen))
                        .run(materializer))
                .hasMessage("by design");
        assertThat(handles).hasSize(1);
        assertThat(node.addressCount()).isEqualTo(before + 1);

        time.timePasses(IN_TIME.plus(MOMENT));

        KIT.eventually(() -> assertThat(node.addressCount()).isEqualTo(before));
    }

    @Test
    void keepsTheAddressOfAStreamThatHasStarted() {
        StreamHandle handle = source().to(Sink.ignore()).run(materializer);
        Turns.ALL.take(); // when all is done that was to be done
        Turns.ALL.giveBack();

        time.timePasses(IN_TIME.plus(MOMENT));

        assertThat(node.metadata(END)).isPresent();
        assertThat(handle.whenClosed().toCompletableFuture()).isNotDone();
        handle.drainAndShutdown();
        KIT.eventually(() -> assertThat(node.metadata(END)).isEmpty());
    }

    @Test
    void failsAStreamThatStartsTooLate() {
        Pair<StreamHandle, CompletionStage<Done>> stream;
        Turns.ALL.take();
        try {
            stream = source().toMat(Sink.ignore(), Keep.both()).run(materializer);
            time.timePasses(IN_TIME.plus(MOMENT));
            // What came last is done first: the timer runs before the stage starts.
            while (Turns.ALL.doOne(new Last())) {
                assertThat(node.metadata(END)).isEmpty();
            }
        } finally {
            Turns.ALL.giveBack();
        }

        assertThat(failureOf(stream.first().whenClosed())).isEqualTo(RoutingException.Reason.TIMED_OUT);
        assertThat(failureOf(stream.second())).isEqualTo(RoutingException.Reason.TIMED_OUT);
        assertThat(node.metadata(END)).isEmpty();
    }

    // ---- connections ----

    private Flow<LocalMessage, List<LocalMessage>, Connection> connection() {
        return NodeAccess.connection(node, ConnectionSpec.outgoing("test"));
    }

    private TestProbe<ConnectionEvent> events() {
        TestProbe<ConnectionEvent> events = KIT.probe();
        KIT.system().eventStream().tell(new EventStream.Subscribe<>(ConnectionEvent.class, events.ref()));
        Turns.ALL.take(); // when the subscription has been noted
        Turns.ALL.giveBack();
        return events;
    }

    @Test
    void connectionThatNeverStartsGivesItsAddressesBackAndIsNoEvent() {
        TestProbe<ConnectionEvent> events = events();
        List<Connection> made = new ArrayList<>();
        int before = node.addressCount();
        assertThatThrownBy(() -> StreamStartTest.<LocalMessage>failing()
                        .via(connection().mapMaterializedValue(connection -> {
                            made.add(connection);
                            return connection;
                        }))
                        .runWith(Sink.ignore(), materializer))
                .hasMessage("by design");
        assertThat(made).hasSize(1);
        assertThat(node.addressCount()).isEqualTo(before + 2);

        time.timePasses(IN_TIME.plus(MOMENT));

        assertThat(await(made.get(0).whenClosed()).failure().orElseThrow()).hasMessageContaining("start-timeout");
        assertThat(node.addressCount()).isEqualTo(before);
        events.expectNoMessage(Duration.ZERO);
    }

    @Test
    void connectionThatStartsTooLateFailsOnce() {
        TestProbe<ConnectionEvent> events = events();
        Pair<Connection, CompletionStage<Done>> run;
        Turns.ALL.take();
        try {
            run = Source.<LocalMessage>maybe()
                    .viaMat(connection(), Keep.right())
                    .toMat(Sink.ignore(), Keep.both())
                    .run(materializer);
            time.timePasses(IN_TIME.plus(MOMENT));
            while (Turns.ALL.doOne(new Last())) {
                assertThat(node.metadata(run.first().address())).isEmpty();
            }
        } finally {
            Turns.ALL.giveBack();
        }

        assertThat(await(run.first().whenClosed()).failure().orElseThrow()).hasMessageContaining("start-timeout");
        assertThat(failureOf(run.second())).isEqualTo(RoutingException.Reason.TIMED_OUT);
        events.expectNoMessage(Duration.ZERO);
    }

    @Test
    void connectionThatIsDisconnectedBeforeItStartsWritesWhatWasAccepted() {
        Pair<Connection, CompletionStage<List<LocalMessage>>> run;
        CompletionStage<ConnectionEnd> end;
        Turns.ALL.take();
        try {
            run = Source.<LocalMessage>empty()
                    .concat(Source.maybe())
                    .viaMat(connection().mapConcat(batch -> batch), Keep.right())
                    .toMat(Sink.seq(), Keep.both())
                    .run(materializer);
            Connection connection = run.first();
            assertThat(node.mailbox("app").send(connection.route("far"), Codec.string(), "accepted"))
                    .isEqualTo(SendResult.accepted());
            end = connection.disconnect();
            assertThat(node.metadata(connection.address())).isEmpty();
        } finally {
            Turns.ALL.giveBack();
        }

        assertThat(await(run.second())).hasSize(1);
        KIT.eventually(() -> {
            time.timePasses(Duration.ofSeconds(3)); // the close-timeout
            assertThat(end.toCompletableFuture()).isDone();
        });
        assertThat(await(end).reason()).isEqualTo(ConnectionEnd.Reason.DISCONNECTED);
    }

    /** Draws the largest number. */
    private static final class Last extends Random {
        private static final long serialVersionUID = 1;

        @Override
        public int nextInt(int bound) {
            return bound - 1;
        }
    }
}
