// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.util.ByteString;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import ockam.routing.RoutingDropReason;
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

class BadRouteTest {
    @RegisterExtension
    static final NodeKit KIT = new NodeKit();

    private static final int MAX = 1024;
    private static final Address HOP = Address.of("hop");
    private static final Address WORKER = Address.of("worker");

    private final Node node = KIT.node();
    private final Mailbox app = node.mailbox("app");
    private final TestProbe<Routed<String>> probe = KIT.probe();

    private static Route hops(int count) {
        return Route.of(Collections.nCopies(count, HOP));
    }

    private static LocalMessage message(Route onward, Route back) {
        return LocalMessage.of(onward, back, Codec.string().encode("hello"));
    }

    @Test
    void refusesHugeRouteWhereItIsSent() {
        node.start(HOP, Hop.create());
        Route huge = hops(100_000);
        Worker worker = node.attach(WORKER, Codec.string(), probe.getRef());

        assertThat(app.send(huge, Codec.string(), "hello"))
                .isEqualTo(SendResult.refused(RoutingDropReason.ROUTE_TOO_LONG));
        assertThat(worker.send(huge, Codec.string(), "hello"))
                .isEqualTo(SendResult.refused(RoutingDropReason.ROUTE_TOO_LONG));
        assertThat(app.send(message(Route.of(WORKER), huge)))
                .isEqualTo(SendResult.refused(RoutingDropReason.ROUTE_TOO_LONG));
        assertThat(node.findTerminalAddress(huge)).isEmpty();
        assertThat(node.dropped(RoutingDropReason.ROUTE_TOO_LONG)).isZero();
    }

    @Test
    void passesTheLongestRouteThatIsAllowed() {
        node.start(HOP, Hop.create());
        node.attach(WORKER, Codec.string(), probe.getRef());
        Route longest = hops(MAX - 1).append(WORKER);

        assertThat(app.send(longest.prepend(HOP), Codec.string(), "hello"))
                .isEqualTo(SendResult.refused(RoutingDropReason.ROUTE_TOO_LONG));
        assertThat(app.send(longest, Codec.string(), "hello")).isEqualTo(SendResult.accepted());

        Routed<String> message = probe.receiveMessage();
        assertThat(message.returnRoute()).isEqualTo(hops(MAX - 1).append(app.address()));
        message.reply("all the way back");
        assertThat(await(app.receive(Codec.string())).returnRoute()).isEqualTo(longest);
    }

    @Test
    void dropsWhereHopWouldMakeTheReturnRouteTooLong() {
        node.start(HOP, Hop.create());
        node.attach(WORKER, Codec.string(), probe.getRef());
        assertThat(app.send(message(Route.of(HOP, WORKER), hops(MAX)))).isEqualTo(SendResult.accepted());
        assertThat(app.send(message(Route.of(HOP, WORKER), hops(MAX - 1)))).isEqualTo(SendResult.accepted());

        assertThat(probe.receiveMessage().returnRoute().size()).isEqualTo(MAX);
        assertThat(node.dropped(RoutingDropReason.ROUTE_TOO_LONG)).isEqualTo(1);
        probe.expectNoMessage();
    }

    @Test
    void dropsWhereRelayWouldMakeTheRouteTooLong() {
        node.start(HOP, Relay.create(node, hops(MAX)));
        app.send(Route.of(HOP, WORKER), Codec.string(), "hello");

        KIT.eventually(
                () -> assertThat(node.dropped(RoutingDropReason.ROUTE_TOO_LONG)).isEqualTo(1));
    }

    @Test
    void refusesEmptyRoute() {
        assertThat(app.send(Route.empty(), Codec.string(), "hello"))
                .isEqualTo(SendResult.refused(RoutingDropReason.INCOMPLETE_ROUTE));
        assertThat(app.send(message(Route.empty(), Route.of("app"))))
                .isEqualTo(SendResult.refused(RoutingDropReason.INCOMPLETE_ROUTE));
        assertThat(node.findTerminalAddress(Route.empty())).isEmpty();
    }

    @Test
    void refusesNextAddressOfAnotherTransport() {
        node.start(HOP, Hop.create());
        Address tcp = Address.of(Address.TCP, "127.0.0.1:4000");

        assertThat(app.send(Route.of(tcp, WORKER), Codec.string(), "hello"))
                .isEqualTo(SendResult.refused(RoutingDropReason.NO_SUCH_ADDRESS));
        app.send(Route.of(HOP, tcp, WORKER), Codec.string(), "hello");
        KIT.eventually(() ->
                assertThat(node.dropped(RoutingDropReason.NO_SUCH_ADDRESS)).isEqualTo(1));
    }

    @Test
    void doesNotTakeAddressOfAnotherTransportForLocalOneOfTheSameName() {
        node.attach(WORKER, Codec.string(), probe.getRef());

        assertThat(app.send(Route.of(Address.of(1, "worker")), Codec.string(), "hello"))
                .isEqualTo(SendResult.refused(RoutingDropReason.NO_SUCH_ADDRESS));
    }

    @Test
    void givesHandlersTypedErrorOnRouteThatEnds() {
        node.attach(WORKER, Codec.string(), probe.getRef());
        app.send(message(Route.of(WORKER), Route.empty()));
        Routed<String> message = probe.receiveMessage();

        message.reply("nowhere to go");
        message.forward();
        message.relay(Route.empty());

        assertThat(node.dropped(RoutingDropReason.INCOMPLETE_ROUTE)).isEqualTo(3);
    }

    @Test
    void carriesAnyPayload() {
        node.attach(WORKER, Codec.bytes(), KIT.<Routed<ByteString>>probe().getRef());

        assertThat(app.send(Route.of(WORKER), Codec.bytes(), ByteString.emptyByteString()))
                .isEqualTo(SendResult.accepted());
        assertThat(app.send(Route.of(WORKER), Codec.bytes(), ByteString.fromArray(new byte[1 << 20])))
                .isEqualTo(SendResult.accepted());
    }

    @Test
    void printsNoPayload() {
        node.attach(WORKER, Codec.string(), probe.getRef());
        app.send(Route.of(WORKER), Codec.string(), "secret words");
        Routed<String> message = probe.receiveMessage();
        List<Delivery> deliveries = new ArrayList<>();
        Registration other =
                node.router().register(List.of(EndpointSpec.open(Address.of("other"))), ShutdownOrder.WORKERS);
        other.open(new Registration.Handler(deliveries::add, cause -> {}));
        app.send(Route.of("other"), Codec.string(), "secret words");
        Delivery delivery = deliveries.get(0);
        delivery.release();
        other.end();

        assertThat(message.toString()).contains("0#worker").doesNotContain("secret");
        assertThat(delivery.toString()).contains("0#other").doesNotContain("secret");
        assertThat(delivery.at()).hasToString("0#other");
    }
}
