// SPDX-License-Identifier: Apache-2.0

package ockam.tests.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.javadsl.Behaviors;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import ockam.node.Connection;
import ockam.node.Mailbox;
import ockam.node.Node;
import ockam.node.Worker;
import ockam.routing.RoutingDropReason;
import ockam.routing.RoutingException;
import ockam.routing.SendResult;
import ockam.tcp.TcpListener;
import ockam.tcp.TcpListenerOptions;
import ockam.tcp.TcpTransport;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.OckamTestKit;
import ockam.testkit.TcpFaults;
import ockam.testkit.TcpFaults.Cut;
import ockam.testkit.TcpFaults.Way;
import ockam.testkit.TcpProxy;
import ockam.wire.Address;
import ockam.wire.Codec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two nodes with a network between them that tears, slows down and cuts their connections. */
@ExtendWith(ActorTestKitExtension.class)
class UnreliableNetworkTest {
    private static final int MESSAGES = 10_000;
    private static final int AT_ONCE = 50;

    private final OckamTestKit kit;
    private final Node alice;
    private final Node bob;
    private final TcpTransport alices;
    private final TcpTransport bobs;
    private final TcpListener listener;

    /** What has arrived at bob, in order, by the connection that it came by. */
    private record Arrival(Address connection, int number) {}

    private final List<Arrival> arrived = new CopyOnWriteArrayList<>();

    private final List<TcpProxy> networks = new ArrayList<>();

    UnreliableNetworkTest(OckamTestKit kit) {
        this.kit = kit;
        this.alice = kit.node("alice");
        this.bob = kit.node("bob");
        this.alices = TcpTransport.create(alice);
        this.bobs = TcpTransport.create(bob);
        Worker counter = bob.start(Address.of("counter"), Codec.string(), Behaviors.receiveMessage(message -> {
            arrived.add(new Arrival(
                    message.returnRoute().next(),
                    Integer.parseInt(message.body().strip())));
            message.reply(message.body());
            return Behaviors.same();
        }));
        this.listener = kit.await(
                bobs.listen("127.0.0.1:0", TcpListenerOptions.defaults().withConsumer(counter)));
    }

    @AfterEach
    void leavesNoConnection() {
        networks.forEach(network -> kit.await(network.stop()));
        kit.eventually(() -> assertThat(bobs.connections()).isEmpty());
        kit.eventually(() -> assertThat(alices.connections()).isEmpty());
    }

    /** No connection is left at bob, and nothing that came by one waits for the worker any more. */
    private void untilBobHasHandledAll() {
        kit.eventually(() -> {
            assertThat(bobs.connections()).isEmpty();
            assertThat(bob.messagesUnderWay()).isZero();
        });
    }

    private TcpProxy start(TcpFaults faults) {
        TcpProxy started = kit.await(TcpProxy.create(kit.system(), listener.localAddress(), faults));
        networks.add(started);
        return started;
    }

    private Connection connect(TcpProxy network) {
        return kit.await(alices.connect(network.hostAndPort()));
    }

    /** Long enough that a batch is more than a piece. */
    private static String text(int number) {
        return "%-60d".formatted(number);
    }

    private List<Integer> numbers() {
        return arrived.stream().map(Arrival::number).toList();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void piecesAndPausesChangeNothing(long seed) {
        Connection connection =
                connect(start(TcpFaults.seeded(seed).withPieces(2_000).withPauses(0.01, Duration.ofMillis(10))));

        CompletionStage<List<String>> answers = Source.range(0, MESSAGES - 1)
                .mapAsync(
                        AT_ONCE,
                        i -> alice.ask(connection.route("counter"), Codec.string(), text(i))
                                .thenApply(answer -> answer.body()))
                .runWith(Sink.seq(), kit.system());

        List<String> expected = IntStream.range(0, MESSAGES)
                .mapToObj(UnreliableNetworkTest::text)
                .toList();
        assertThat(answers.toCompletableFuture()
                        .orTimeout(120, TimeUnit.SECONDS)
                        .join())
                .isEqualTo(expected);
        assertThat(numbers()).isEqualTo(IntStream.range(0, MESSAGES).boxed().toList());
        kit.await(connection.disconnect());
    }

    /** The connection by which a question went, and whether there was an answer. */
    private record Question(int number, Connection by, boolean answered) {}

    /** Asks on, by a new connection each time that one has failed. */
    private final class Asker {
        private final TcpProxy network;
        private Connection connection;
        private int connections = 1;

        private Asker(TcpProxy network) {
            this.network = network;
            this.connection = connect(network);
        }

        private synchronized Connection current() {
            if (connection.hasEnded()) {
                connection = connect(network);
                connections++;
            }
            return connection;
        }

        CompletionStage<Question> ask(int number) {
            Connection by = current();
            return alice.ask(by.route("counter"), Codec.string(), text(number), Duration.ofSeconds(1))
                    .handle((answer, failure) -> {
                        if (failure == null) {
                            assertThat(answer.body()).isEqualTo(text(number));
                        } else {
                            assertThat(failure).isInstanceOf(RoutingException.class);
                            by.disconnect();
                        }
                        return new Question(number, by, failure == null);
                    });
        }
    }

    /**
     * Every question has an outcome. What arrives by a connection is the beginning of what was sent by it: nothing is missing, repeated,
     * invented, or out of order. What was answered has arrived.
     */
    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void cutsLoseTheEndOfAConnectionAndNothingElse(long seed) {
        TcpProxy network = start(TcpFaults.seeded(seed).withPieces(5_000).withCuts(400_000, EnumSet.allOf(Cut.class)));
        Asker asker = new Asker(network);

        List<Question> questions = Source.range(0, MESSAGES - 1)
                .mapAsync(AT_ONCE, asker::ask)
                .runWith(Sink.seq(), kit.system())
                .toCompletableFuture()
                .orTimeout(120, TimeUnit.SECONDS)
                .join();
        asker.current().disconnect();
        kit.await(network.stop());
        untilBobHasHandledAll();

        assertThat(asker.connections).as("%s", network.links()).isGreaterThan(2);
        Map<Connection, List<Integer>> sent = questions.stream()
                .collect(
                        Collectors.groupingBy(Question::by, Collectors.mapping(Question::number, Collectors.toList())));
        Map<Address, List<Integer>> received = arrived.stream()
                .collect(Collectors.groupingBy(
                        Arrival::connection, Collectors.mapping(Arrival::number, Collectors.toList())));
        Set<List<Integer>> sentByOne = new HashSet<>(sent.values());
        received.values()
                .forEach(numbers -> assertThat(sentByOne)
                        .as("%d by one connection, of %s", numbers.size(), network.links())
                        .anyMatch(all -> all.size() >= numbers.size()
                                && all.subList(0, numbers.size()).equals(numbers)));
        assertThat(numbers()).doesNotHaveDuplicates();
        List<Integer> answered = questions.stream()
                .filter(Question::answered)
                .map(Question::number)
                .toList();
        assertThat(numbers()).containsAll(answered);
        assertThat(answered).hasSizeGreaterThan(MESSAGES / 2);
    }

    /** Each message is refused, or counted as lost, or written. Of those written, the first arrive. */
    @ParameterizedTest
    @EnumSource(
            value = Cut.class,
            names = {"RESET", "FINISH"})
    void whoOnlySendsLosesTheEndOnly(Cut cut) {
        Connection connection = connect(start(TcpFaults.seeded(21).withCuts(200_000, EnumSet.of(cut))));
        Mailbox app = alice.mailbox("app");
        List<Integer> accepted = new ArrayList<>();
        SendResult result = SendResult.accepted();
        int next = 0;
        while (!connection.hasEnded()) {
            result = app.send(connection.route("counter"), Codec.string(), text(next));
            if (result.equals(SendResult.accepted())) {
                accepted.add(next++);
            } else {
                Thread.onSpinWait(); // no room at the moment
            }
        }

        kit.await(connection.whenClosed());
        kit.eventually(() -> assertThat(alice.messagesUnderWay()).isZero());
        untilBobHasHandledAll();
        assertThat(app.send(connection.route("counter"), Codec.string(), text(next)))
                .isEqualTo(SendResult.refused(RoutingDropReason.NO_SUCH_ADDRESS));
        assertThat(numbers()).isEqualTo(accepted.subList(0, arrived.size()));
        assertThat(arrived).isNotEmpty();
        long lost = alice.dropped(RoutingDropReason.NO_SUCH_ADDRESS);
        assertThat(arrived.size() + lost).isLessThanOrEqualTo(accepted.size());
        app.close();
    }

    /** A peer that only seems to be there. */
    @Test
    void stalledNetworkFailsQuestionsOnlyByTheirTimeAndNothingHangs() {
        TcpProxy network = start(TcpFaults.seeded(0));
        Connection connection = connect(network);
        kit.await(alice.ask(connection.route("counter"), Codec.string(), "1"));
        kit.eventually(() -> assertThat(network.links()).hasSize(1));
        network.links().get(0).stall(Way.TO_CLIENT);

        CompletableFuture<?> question = alice.ask(
                        connection.route("counter"), Codec.string(), "2", Duration.ofSeconds(2))
                .toCompletableFuture();

        kit.eventually(() -> assertThat(numbers()).containsExactly(1, 2));
        kit.eventually(() -> assertThat(question).isCompletedExceptionally());
        assertThat(connection.hasEnded()).isFalse();
        network.links().get(0).resume(Way.TO_CLIENT);
        assertThat(kit.await(alice.ask(connection.route("counter"), Codec.string(), "3"))
                        .body())
                .isEqualTo("3");
        kit.await(connection.disconnect());
    }
}
