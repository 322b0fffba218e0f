// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import static ockam.fixtures.Stages.await;
import static ockam.node.NodeKit.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.stream.javadsl.Keep;
import akka.stream.testkit.TestPublisher;
import akka.stream.testkit.TestSubscriber;
import akka.stream.testkit.javadsl.TestSink;
import akka.stream.testkit.javadsl.TestSource;
import akka.util.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import ockam.routing.AccessControl;
import ockam.routing.DropReason;
import ockam.routing.Metadata;
import ockam.routing.RoutingDropReason;
import ockam.routing.RoutingException;
import ockam.routing.SendResult;
import ockam.routing.spi.Delivery;
import ockam.routing.spi.EndpointSpec;
import ockam.routing.spi.Registration;
import ockam.routing.spi.ShutdownOrder;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How a guest connects to a node as a stream: as a transport would, with two addresses and messages that it makes itself. */
class StreamPortTest {
    @RegisterExtension
    static final NodeKit KIT = new NodeKit();

    /** Messages from the other end of a connection are sent from here. */
    private static final Address RECEIVER = Address.of("receiver");
    /** Messages to the other end of a connection arrive here. */
    private static final Address SENDER = Address.of("sender");

    private static final Address WORKER = Address.of("worker");
    private static final int LARGEST = 100;

    private final Node node = KIT.node();
    private final Mailbox app = node.mailbox("app");
    private final List<DropReason> lost = new CopyOnWriteArrayList<>();

    private record Docked(
            TestPublisher.Probe<LocalMessage> in, StreamHandle handle, TestSubscriber.Probe<LocalMessage> out) {}

    /** What a transport is: it brings messages in, with its sender at the front of the return route, and takes others out. */
    private StreamPort<LocalMessage, LocalMessage> connection() {
        return new StreamPort<>(
                new StreamPort.Sending<>(
                        new EndpointSpec(RECEIVER, AccessControl.denyAll(), AccessControl.allowAll(), Metadata.none()),
                        ShutdownOrder.MAILBOXES,
                        message -> message.withoutLocalInfo().pushReturn(SENDER),
                        message -> message.payload().size(),
                        LARGEST,
                        (reason, from) -> {
                            lost.add(reason);
                            return null;
                        }),
                new StreamPort.Receiving<>(
                        EndpointSpec.open(SENDER),
                        ShutdownOrder.CONNECTIONS,
                        delivery -> delivery.message().step()),
                StreamPort.Halves.COUPLED,
                () -> {},
                new StreamGroup());
    }

    private Docked dock(StreamPort<LocalMessage, LocalMessage> port) {
        var run = TestSource.<LocalMessage>create(KIT.system().classicSystem())
                .viaMat(NodeAccess.stream(node, () -> port), Keep.both())
                .toMat(TestSink.create(KIT.system().classicSystem()), Keep.both())
                .run(KIT.system());
        return new Docked(run.first().first(), run.first().second(), run.second());
    }

    private static LocalMessage message(String to, String text) {
        return LocalMessage.of(Route.of(to), Route.of("far"), ByteString.fromString(text));
    }

    @Test
    void sendsFromOneAddressAndReceivesAtAnother() {
        TestProbe<Routed<ByteString>> worker = KIT.probe();
        node.attach(WORKER, Codec.bytes(), worker.ref());
        Docked docked = dock(connection());

        docked.in().sendNext(message("worker", "in"));
        Routed<ByteString> came = worker.receiveMessage();
        assertThat(came.source()).isEqualTo(RECEIVER);
        assertThat(came.returnRoute()).isEqualTo(Route.of(SENDER, Address.of("far")));

        came.reply(ByteString.fromString("out"));
        docked.out().request(1);
        assertThat(docked.out().expectNext())
                .isEqualTo(LocalMessage.of(Route.of("far"), Route.of(WORKER), ByteString.fromString("out")));
        assertThat(docked.handle().address()).isEqualTo(SENDER);

        docked.out().cancel();
        await(docked.handle().whenClosed());
    }

    @Test
    void takesNothingInAtTheAddressThatItSendsFrom() {
        Docked docked = dock(connection());

        assertThat(app.send(Route.of(RECEIVER), Codec.string(), "stray")).isEqualTo(SendResult.accepted());

        assertThat(node.dropped(RoutingDropReason.INCOMING_DENIED)).isEqualTo(1);
        assertThat(node.messagesUnderWay()).isZero();
        docked.out().cancel();
    }

    @Test
    void coupledHalvesEndWithDownstream() {
        List<Delivery> kept = new ArrayList<>();
        Registration slow = node.router().register(List.of(EndpointSpec.open(WORKER)), ShutdownOrder.WORKERS);
        slow.open(new Registration.Handler(kept::add, cause -> slow.end()));
        Docked docked = dock(connection());
        docked.in().sendNext(message("worker", "under way"));
        KIT.eventually(() -> assertThat(kept).hasSize(1));

        docked.out().cancel();

        docked.in().expectCancellation();
        assertThat(docked.handle().whenClosed().toCompletableFuture())
                .as("before what it sent has ended")
                .isNotDone();
        kept.get(0).release();
        await(docked.handle().whenClosed());
    }

    @Test
    void independentHalvesDoNot() {
        TestProbe<Routed<ByteString>> worker = KIT.probe();
        node.attach(WORKER, Codec.bytes(), worker.ref());
        Docked docked = dock(connection().withHalves(StreamPort.Halves.INDEPENDENT));

        docked.out().cancel();
        docked.in().sendNext(message("worker", "still"));

        assertThat(worker.receiveMessage().body()).isEqualTo(ByteString.fromString("still"));
        docked.in().sendComplete();
        await(docked.handle().whenClosed());
    }

    @Test
    void upstreamsEndLeavesTheOtherHalfOpen() {
        Docked docked = dock(connection());

        docked.in().sendComplete();
        app.send(Route.of(SENDER, Address.of("far")), Codec.bytes(), ByteString.fromString("late"));

        assertThat(docked.out().requestNext().payload()).isEqualTo(ByteString.fromString("late"));
        docked.out().cancel();
        await(docked.handle().whenClosed());
    }

    @Test
    void goesOnAfterALossIfThatIsWhatItDoes() {
        TestProbe<Routed<ByteString>> worker = KIT.probe();
        node.attach(WORKER, Codec.bytes(), worker.ref());
        Docked docked = dock(connection());

        docked.in().sendNext(message("nowhere", "lost"));
        docked.in().sendNext(message("worker", "arrives"));

        assertThat(worker.receiveMessage().body()).isEqualTo(ByteString.fromString("arrives"));
        assertThat(node.dropped(RoutingDropReason.NO_SUCH_ADDRESS)).isEqualTo(1);
        node.start(Address.of("hop"), Hop.create());
        docked.in().sendNext(LocalMessage.of(Route.of("hop", "nowhere"), Route.of("far"), ByteString.fromString("x")));
        KIT.eventually(() ->
                assertThat(lost).containsExactly(RoutingDropReason.NO_SUCH_ADDRESS, RoutingDropReason.NO_SUCH_ADDRESS));
        docked.out().cancel();
        await(docked.handle().whenClosed());
    }

    @Test
    void failsWithAMessageThatIsTooLarge() {
        TestProbe<Routed<ByteString>> worker = KIT.probe();
        node.attach(WORKER, Codec.bytes(), worker.ref());
        Docked docked = dock(connection());

        docked.in().sendNext(message("worker", "x".repeat(LARGEST)));
        worker.receiveMessage();
        docked.in().sendNext(message("worker", "x".repeat(LARGEST + 1)));

        assertThat(failureOf(docked.handle().whenClosed())).isEqualTo(RoutingDropReason.TOO_LARGE);
        assertThat(docked.out().expectSubscriptionAndError()).isInstanceOf(RoutingException.class);
        worker.expectNoMessage();
        assertThat(node.messagesUnderWay()).isZero();
    }

    @Test
    void takesBothAddressesOrNone() {
        node.mailbox(RECEIVER, AccessControl.allowAll(), AccessControl.allowAll());

        Docked docked = dock(connection());

        assertThat(failureOf(docked.handle().whenClosed())).isEqualTo(RoutingException.Reason.ADDRESS_IN_USE);
        assertThat(node.metadata(SENDER)).isEmpty();
    }

    @Test
    void eachHalfStopsInItsStep() {
        List<String> order = new CopyOnWriteArrayList<>();
        for (ShutdownOrder step : List.of(ShutdownOrder.WORKERS, ShutdownOrder.RECEIVING_STREAMS)) {
            Registration other = node.router().register(List.of(EndpointSpec.open(Address.of(step.name()))), step);
            other.open(new Registration.Handler(delivery -> {}, cause -> {
                order.add(step + ": " + node.metadata(SENDER).isPresent());
                other.end();
            }));
        }
        Docked docked = dock(connection());

        await(node.stop());

        assertThat(order).containsExactly("WORKERS: true", "RECEIVING_STREAMS: true");
        await(docked.handle().whenClosed());
    }
}
