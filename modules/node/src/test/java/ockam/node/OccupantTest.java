// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import static ockam.node.NodeKit.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.Done;
import akka.stream.Materializer;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Source;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import ockam.routing.DropReason;
import ockam.routing.FlowControlId;
import ockam.routing.RoutingException;
import ockam.routing.SendResult;
import ockam.routing.spi.Delivery;
import ockam.routing.spi.EndpointSpec;
import ockam.routing.spi.FlowControls;
import ockam.routing.spi.Registration;
import ockam.routing.spi.StopCause;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the other modules build on. */
class OccupantTest {
    @RegisterExtension
    static final NodeKit KIT = new NodeKit();

    private static final Address HOME = Address.of("home");
    private static final Address SHED = Address.of("shed");
    private static final FlowControlId ID = FlowControlId.random();

    private final Node node = KIT.node();
    private final Mailbox app = node.mailbox("app");
    private final List<String> seen = new CopyOnWriteArrayList<>();

    private Registration reserve(Address... addresses) {
        return node.router()
                .reserve(
                        List.of(addresses).stream().map(EndpointSpec::open).toList(),
                        WorkerOptions.defaults().shutdownPriority());
    }

    private Registration.Handler inlet() {
        return new Registration.Handler(
                delivery -> {
                    seen.add(Codec.string().decode(delivery.message().payload()).orElseThrow());
                    delivery.release();
                },
                cause -> seen.add(cause.toString()));
    }

    private SendResult send(Address to, String body) {
        return app.send(Route.of(to), Codec.string(), body);
    }

    @Test
    void keepsWhatCameBeforeItWasOpen() {
        Registration home = reserve(HOME, SHED);
        assertThat(send(HOME, "one")).isEqualTo(SendResult.ACCEPTED);
        assertThat(send(SHED, "two")).isEqualTo(SendResult.ACCEPTED);
        assertThat(seen).isEmpty();

        home.open(inlet());
        send(HOME, "three");

        assertThat(seen).containsExactly("one", "two", "three");
        home.gone();
    }

    @Test
    void isToldOfStopThatCameBeforeItWasOpen() {
        Registration home = reserve(HOME);
        send(HOME, "one");
        CompletionStage<Done> stopped = node.stop(HOME);
        assertThat(send(HOME, "late")).isEqualTo(SendResult.NO_SUCH_ADDRESS);

        home.open(inlet());

        assertThat(seen).containsExactly("one", "STOPPED");
        assertThat(stopped.toCompletableFuture()).isNotDone();
        home.gone();
        await(stopped);
    }

    @Test
    void isWaitedForThoughItWasNotOpenWhenTheNodeStopped() {
        Registration home = reserve(HOME);
        CompletionStage<Done> stopped = node.stop();

        home.open(inlet());

        assertThat(seen).containsExactly("NODE_STOPPING");
        assertThat(stopped.toCompletableFuture()).isNotDone();
        home.gone();
        await(stopped);
    }

    @Test
    void isToldToStopOnce() {
        Registration home = reserve(HOME, SHED);
        home.open(inlet());

        CompletionStage<Done> first = home.stop(StopCause.STOPPED);
        CompletionStage<Done> second = home.stop(StopCause.NODE_STOPPING);

        assertThat(seen).containsExactly("STOPPED");
        home.gone();
        home.gone();
        await(first);
        await(second);
    }

    @Test
    void mayLeaveBeforeItIsOpen() {
        Registration home = reserve(HOME);
        home.leave();
        home.open(inlet());

        assertThat(send(HOME, "late")).isEqualTo(SendResult.NO_SUCH_ADDRESS);
        Registration successor = reserve(HOME);
        home.gone();
        assertThat(send(HOME, "for the successor")).isEqualTo(SendResult.ACCEPTED);
        assertThat(seen).isEmpty();
        successor.gone();
    }

    @Test
    void mayEndBeforeItIsOpen() {
        Registration home = reserve(HOME, SHED);
        home.gone();
        home.open(inlet());

        assertThat(send(HOME, "late")).isEqualTo(SendResult.NO_SUCH_ADDRESS);
        await(home.stop(StopCause.STOPPED));
        assertThat(seen).isEmpty();
    }

    @Test
    void isWaitedForByTheNodeAfterItLeft() {
        Registration home = reserve(HOME);
        home.open(inlet());
        home.leave();

        CompletionStage<Done> stopped = node.stop();

        assertThat(stopped.toCompletableFuture()).isNotDone();
        assertThat(seen).isEmpty(); // it ends of its own accord
        home.gone();
        await(stopped);
    }

    @Test
    void isForgottenByFlowControlWithAllItsAddresses() {
        FlowControls flowControls = node.router().flowControls();
        Registration home = reserve(HOME, SHED);
        flowControls.addConsumer(HOME, ID);
        flowControls.addConsumer(SHED, ID);
        flowControls.addProducer(SHED, FlowControlId.random(), null, List.of(HOME));
        home.gone(); // without ever having been open

        assertThat(flowControls.isEmpty()).isTrue();
    }

    @Test
    void keepsFlowControlOfSuccessorWhenItEndsLater() {
        FlowControls flowControls = node.router().flowControls();
        Registration home = reserve(HOME);
        home.open(inlet());
        home.leave();
        Registration successor = reserve(HOME);
        flowControls.addConsumer(HOME, ID);

        home.gone();

        assertThat(flowControls.consumedBy(HOME)).containsExactly(ID);
        successor.gone();
        assertThat(flowControls.isEmpty()).isTrue();
    }

    /** An actor that is just stopping: it neither handles what it is told nor does that become a dead letter. */
    private static Registration.Handler closing(Registration home, Consumer<Delivery> first) {
        return new Registration.Handler(
                delivery -> {
                    first.accept(delivery);
                    home.close();
                },
                cause -> {});
    }

    @Test
    void losesWhatItIsToldInTheMomentInWhichItCloses() {
        Registration home = reserve(HOME);
        home.open(closing(home, delivery -> {}));

        assertThat(send(HOME, "into the void")).isEqualTo(SendResult.ACCEPTED);
        assertThat(node.messagesUnderWay()).isZero();
        assertThat(node.bytesUnderWay()).isZero();
        assertThat(node.dropped(DropReason.NO_SUCH_ADDRESS)).isEqualTo(1);

        // As long as its address is still known, whatever comes is lost at once.
        send(HOME, "after it");
        assertThat(node.messagesUnderWay()).isZero();
        assertThat(node.dropped(DropReason.NO_SUCH_ADDRESS)).isEqualTo(2);
        home.gone();
    }

    @Test
    void losesNothingThatWasHandledBeforeItClosed() {
        Registration home = reserve(HOME);
        home.open(closing(home, Delivery::release));

        send(HOME, "handled, and then it closed");

        assertThat(node.messagesUnderWay()).isZero();
        assertThat(node.dropped(DropReason.NO_SUCH_ADDRESS)).isZero();
        home.gone();
    }

    @Test
    void givesThePermitOfAStreamBackWhenItClosesInTheMomentInWhichItIsTold() {
        Registration home = reserve(HOME);
        home.open(closing(home, delivery -> {}));
        StreamHandle stream = Source.single("into the void")
                .toMat(node.sink(Route.of(HOME), Codec.string()), Keep.right())
                .run(Materializer.createMaterializer(KIT.system()));

        assertThat(NodeKit.failureOf(stream.whenClosed())).isEqualTo(RoutingException.Reason.NO_SUCH_ADDRESS);
        assertThat(node.messagesUnderWay()).isZero();
        home.gone();
    }

    @Test
    void losesWhatComesBeforeItIsOpenButAfterItsEnd() {
        Registration home = reserve(HOME);
        home.close();

        send(HOME, "too late");

        assertThat(node.messagesUnderWay()).isZero();
        assertThat(node.dropped(DropReason.NO_SUCH_ADDRESS)).isEqualTo(1);
        home.gone();
    }
}
