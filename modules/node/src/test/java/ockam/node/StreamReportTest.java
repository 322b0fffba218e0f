// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import static ockam.fixtures.Stages.await;
import static ockam.node.NodeKit.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.stream.Materializer;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import ockam.routing.AccessControl;
import ockam.routing.DropReason;
import ockam.routing.RoutingDropReason;
import ockam.routing.spi.Delivery;
import ockam.routing.spi.EndpointSpec;
import ockam.routing.spi.Registration;
import ockam.routing.spi.ShutdownOrder;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a stream says became of what it sent: never a plain success after losses that the node knows of. */
final class StreamReportTest {
    private static final int WINDOW_BYTES = 1_000;
    private static final int COUNT = 20;

    @RegisterExtension
    static final NodeKit KIT = new NodeKit(ConfigFactory.parseString(
            "ockam.stream.window-bytes = " + WINDOW_BYTES + "\nockam.node.mailbox-capacity = 3"));

    private static final Address END = Address.of("end");

    private final Node node = KIT.node();
    private final Materializer materializer = Materializer.createMaterializer(KIT.system());

    private CompletionStage<StreamReport> send(int count, Route route) {
        return Source.range(1, count)
                .map(Object::toString)
                .toMat(node.sink(route, Codec.string()), Keep.right())
                .run(materializer)
                .whenClosed();
    }

    private CompletionStage<StreamReport> sendNoise() {
        return Source.repeat(ByteString.fromInts(0xff))
                .take(COUNT)
                .toMat(node.sink(Route.of(END), Codec.bytes()), Keep.right())
                .run(materializer)
                .whenClosed();
    }

    private void start(Address address, Consumer<Routed<String>> handler) {
        Behavior<Routed<String>> worker = Behaviors.receiveMessage(message -> {
            handler.accept(message);
            return Behaviors.same();
        });
        node.start(address, Codec.string(), worker);
    }

    private void assertLost(CompletionStage<StreamReport> closed, DropReason reason) {
        StreamReport report = await(closed);
        assertThat(report).isEqualTo(new StreamReport(COUNT, Map.of(reason, (long) COUNT)));
        assertThat(report.arrived()).isZero();
        assertThat(report.isComplete()).isFalse();
    }

    @Test
    void countsWhatHasArrived() {
        start(END, message -> {});

        StreamReport report = await(send(COUNT, Route.of(END)));

        assertThat(report).isEqualTo(new StreamReport(COUNT, Map.of()));
        assertThat(report.arrived()).isEqualTo(COUNT);
        assertThat(report.isComplete()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"1, 500", "10, 100", "200, 20"})
    void failsWheneverItsRouteLedNowhere(int count, int runs) {
        node.start(Address.of("h1"), Hop.create());

        List<CompletionStage<StreamReport>> all = IntStream.range(0, runs)
                .mapToObj(i -> send(count, Route.parse("h1 => nowhere")))
                .toList();

        assertThat(all)
                .allSatisfy(closed -> assertThat(failureOf(closed)).isEqualTo(RoutingDropReason.NO_SUCH_ADDRESS));
    }

    /** The last message waits for room, and there is nobody any more when it gets it. */
    @Test
    void failsWhenTheLastMessageIsRefused() {
        List<Delivery> kept = new ArrayList<>();
        Registration keeper = node.router().register(List.of(EndpointSpec.open(END)), ShutdownOrder.WORKERS);
        keeper.open(new Registration.Handler(kept::add, cause -> keeper.end()));
        AtomicInteger taken = new AtomicInteger();
        ByteString half = ByteString.fromArray(new byte[WINDOW_BYTES * 2 / 3]);
        StreamHandle sink = Source.repeat(half)
                .take(2)
                .map(bytes -> {
                    taken.incrementAndGet();
                    return bytes;
                })
                .toMat(node.sink(Route.of(END), Codec.bytes()), Keep.right())
                .run(materializer);
        KIT.eventually(() -> {
            assertThat(taken).hasValue(2);
            assertThat(kept).hasSize(1);
        });

        keeper.leave();
        kept.get(0).release();

        assertThat(failureOf(sink.whenClosed())).isEqualTo(RoutingDropReason.NO_SUCH_ADDRESS);
        keeper.end();
    }

    @Test
    void countsWhatIsDeniedOnTheWayIn() {
        node.start(END, Codec.string(), NodeKit.echo(), WorkerOptions.defaults().withIncoming(AccessControl.denyAll()));

        assertLost(send(COUNT, Route.of(END)), RoutingDropReason.INCOMING_DENIED);
    }

    @Test
    void countsWhatIsDeniedOnTheWayOutOfAHop() {
        start(END, message -> {});
        node.start(
                Address.of("h1"),
                Codec.any(),
                Hop.create(),
                WorkerOptions.defaults().withOutgoing(AccessControl.denyAll()));

        assertLost(send(COUNT, Route.of(Address.of("h1"), END)), RoutingDropReason.OUTGOING_DENIED);
    }

    @Test
    void countsWhatAWorkerCannotRead() {
        node.start(END, Codec.string(), NodeKit.echo());

        assertLost(sendNoise(), NodeDropReason.UNDECODABLE);
    }

    @Test
    void countsWhatASourceCannotRead() {
        StreamHandle source = node.source(END, Codec.string()).to(Sink.ignore()).run(materializer);

        assertLost(sendNoise(), NodeDropReason.UNDECODABLE);
        await(source.drainAndShutdown());
    }

    @Test
    void tellsWhatIsLostFromWhatHasArrived() {
        Mailbox full = node.mailbox("end");
        int capacity = Ockam.get(KIT.system()).settings().mailboxCapacity();

        CompletionStage<StreamReport> closed = send(COUNT, Route.of(END));

        KIT.eventually(
                () -> assertThat(node.dropped(NodeDropReason.MAILBOX_FULL)).isEqualTo(COUNT - capacity));
        for (int i = 0; i < capacity; i++) {
            await(full.receive(Codec.string()));
        }
        StreamReport report = await(closed);
        assertThat(report.arrived()).isEqualTo(capacity);
        assertThat(report.lost()).isEqualTo(Map.of(NodeDropReason.MAILBOX_FULL, (long) COUNT - capacity));
    }

    @Test
    void doesNotCountAnswersThatTheSinkDoesNotTake() {
        node.start(END, Codec.string(), NodeKit.echo());

        assertThat(await(send(COUNT, Route.of(END))).isComplete()).isTrue();
        assertThat(node.dropped(RoutingDropReason.INCOMING_DENIED)).isEqualTo(COUNT);
    }

    @Test
    void doesNotCountAnswersThatFindNobody() {
        node.start(Address.of("h1"), Hop.create());
        start(END, message -> {
            var unused = node.stop(Address.of("h1"));
            message.reply("in vain");
        });

        assertThat(await(send(1, Route.of(Address.of("h1"), END))).isComplete()).isTrue();
        assertThat(node.dropped(RoutingDropReason.NO_SUCH_ADDRESS)).isEqualTo(1);
    }

    @Test
    void doesNotCountLateAnswersThatFindNobody() {
        Queue<Routed<String>> kept = new ConcurrentLinkedQueue<>();
        node.start(Address.of("h1"), Hop.create());
        start(END, message -> kept.add(message.defer()));
        CompletionStage<StreamReport> closed = send(1, Route.of(Address.of("h1"), END));
        KIT.eventually(() -> assertThat(kept).hasSize(1));

        await(node.stop(Address.of("h1")));
        kept.remove().reply("in vain");

        assertThat(await(closed).isComplete()).isTrue();
        assertThat(node.dropped(RoutingDropReason.NO_SUCH_ADDRESS)).isEqualTo(1);
    }

    @Test
    void countsADeferredMessageThatIsPassedOnInVain() {
        Queue<Routed<String>> kept = new ConcurrentLinkedQueue<>();
        start(END, message -> kept.add(message.defer()));
        CompletionStage<StreamReport> closed = send(1, Route.of(END));
        KIT.eventually(() -> assertThat(kept).hasSize(1));

        kept.remove().relay(Route.of("nowhere"));

        assertThat(failureOf(closed)).isEqualTo(RoutingDropReason.NO_SUCH_ADDRESS);
    }

    /** A handler may make several messages from one. The first one comes to nothing before the second one is made. */
    @Test
    void countsACopiedMessageAsLostOnlyIfAllCopiesAre() {
        start(END, message -> {});
        start(Address.of("one arrives"), message -> {
            message.relay(Route.of("nowhere"));
            message.relay(Route.of(END));
            message.relay(Route.of("nowhere"));
        });
        start(Address.of("answered"), message -> {
            message.relay(Route.of("nowhere"));
            message.reply("at least");
        });
        start(Address.of("deferred"), message -> {
            message.relay(Route.of("nowhere"));
            message.defer();
            message.relay(Route.of(END));
        });
        start(Address.of("none arrives"), message -> {
            message.relay(Route.of("nowhere"));
            message.relay(Route.of("nowhere"));
        });

        for (String arrives : List.of("one arrives", "answered", "deferred")) {
            assertThat(await(send(COUNT, Route.of(arrives)))).isEqualTo(new StreamReport(COUNT, Map.of()));
        }
        assertThat(failureOf(send(COUNT, Route.of("none arrives")))).isEqualTo(RoutingDropReason.NO_SUCH_ADDRESS);
    }

    @Test
    void countsACopiedMessageOnce() {
        node.start(END, Codec.string(), NodeKit.echo(), WorkerOptions.defaults().withIncoming(AccessControl.denyAll()));
        start(Address.of("fan"), message -> {
            message.relay(Route.of(END));
            message.relay(Route.of(END));
            message.relay(Route.of(END));
        });

        assertLost(send(COUNT, Route.of("fan")), RoutingDropReason.INCOMING_DENIED);
        assertThat(node.dropped(RoutingDropReason.INCOMING_DENIED)).isEqualTo(3 * COUNT);
    }

    @Test
    void reportsWhenItIsDrained() {
        start(END, message -> {});
        AtomicInteger taken = new AtomicInteger();
        StreamHandle sink = Source.repeat("on and on")
                .map(text -> {
                    taken.incrementAndGet();
                    return text;
                })
                .toMat(node.sink(Route.of(END), Codec.string()), Keep.right())
                .run(materializer);
        KIT.eventually(() -> assertThat(taken).hasValueGreaterThan(1_000));

        StreamReport report = await(sink.drainAndShutdown());

        assertThat(report.arrived()).isEqualTo(taken.get());
    }

    @Test
    void saysNothingOfWhatASourceReceives() {
        StreamHandle source = node.source(END, Codec.string()).to(Sink.ignore()).run(materializer);
        await(send(COUNT, Route.of(END)));

        assertThat(await(source.drainAndShutdown())).isEqualTo(new StreamReport(0, Map.of()));
    }

    @Test
    void losesNoMoreThanWasSent() {
        assertThatThrownBy(() -> new StreamReport(1, Map.of(RoutingDropReason.NO_ROOM, 2L)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
