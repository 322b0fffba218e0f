// SPDX-License-Identifier: Apache-2.0

package ockam.opentelemetry;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import ockam.fixtures.Exported;
import ockam.fixtures.SystemKit;
import ockam.routing.NodeSettings;
import ockam.routing.RoutingDropReason;
import ockam.routing.spi.Delivery;
import ockam.routing.spi.EndpointSpec;
import ockam.routing.spi.NodeSystem;
import ockam.routing.spi.Registration;
import ockam.routing.spi.Router;
import ockam.routing.spi.RoutingEvent;
import ockam.routing.spi.ShutdownOrder;
import ockam.wire.Address;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is counted. */
class MetricsTest {
    @RegisterExtension
    static final SystemKit KIT = new SystemKit();

    private final Exported exported = new Exported();
    private final OckamTelemetry telemetry = OckamTelemetry.start(KIT.system(), exported.sdk());
    private final Queue<Delivery> arrived = new ArrayDeque<>();

    @AfterEach
    void end() {
        telemetry.close();
        exported.close();
    }

    private static Router router(String name) {
        NodeSettings settings =
                NodeSettings.create(KIT.system().settings().config().getConfig("ockam.node"));
        return new Router(name, new NodeSystem(KIT.system()), settings, () -> {});
    }

    private Registration place(Router router) {
        Registration registration =
                router.register(List.of(EndpointSpec.open(Address.of("a"))), ShutdownOrder.MAILBOXES);
        registration.open(new Registration.Handler(arrived::add, cause -> registration.end()));
        return registration;
    }

    private static void send(Registration registration, String to) {
        LocalMessage message = LocalMessage.of(Route.of(to), Route.of("a"), ByteString.fromString("four"));
        registration.endpoint(Address.of("a")).send(message);
    }

    @Test
    void messagesAreCountedAndPermitsAreShownWhileTheyAreOut() {
        Router router = router("counts");
        Registration registration = place(router);
        send(registration, "a");
        send(registration, "a");

        assertThat(exported.sums("ockam.messages.delivered")).containsEntry("message counts", 2L);
        assertThat(exported.sums("ockam.permits.out")).containsEntry("counts", 2L);
        assertThat(exported.sums("ockam.permits.size"))
                .hasEntrySatisfying(
                        "counts",
                        bytes -> assertThat(bytes)
                                .isEqualTo(router.bytesUnderWay())
                                .isGreaterThan(8));

        arrived.forEach(Delivery::release);
        assertThat(exported.sums("ockam.permits.out")).containsEntry("counts", 0L);
        assertThat(exported.sums("ockam.permits.size")).containsEntry("counts", 0L);
        await(router.stop());
    }

    @Test
    void dropsAreCountedByTheirReason() {
        Router router = router("drops");
        Registration registration = place(router);
        send(registration, "a");
        send(registration, "a");
        arrived.forEach(delivery -> delivery.lost(RoutingDropReason.FORGOTTEN));
        router.drops().dropped(RoutingDropReason.NO_ROOM, Address.of("somewhere"));

        assertThat(exported.sums("ockam.messages.dropped"))
                .containsExactly(Map.entry("FORGOTTEN drops", 2L), Map.entry("NO_ROOM drops", 1L));
        assertThat(exported.metric("ockam.messages.dropped").toString())
                .as("an address may be a stranger's, and there is no end to those")
                .doesNotContain("somewhere");
        await(router.stop());
    }

    @Test
    void countsOfANodeThatHasStoppedRemainAndItsPermitsDoNot() {
        Router router = router("stops");
        send(place(router), "a");
        arrived.forEach(Delivery::release);
        await(router.stop());

        assertThat(exported.sums("ockam.messages.delivered")).containsEntry("message stops", 1L);
        assertThat(exported.sums("ockam.permits.out")).doesNotContainKey("stops");

        telemetry.close();
        assertThat(exported.metrics()).isEmpty();
    }

    @Test
    void nothingIsMadeUnlessItIsStarted() {
        telemetry.close();
        Router router = router("quiet");

        router.observed(() -> {
            throw new AssertionError("an event was made");
        });
        await(router.stop());
        assertThat(exported.metrics()).isEmpty();
    }

    @Test
    void withoutAnSdkNothingIsExportedAndNothingFails() {
        telemetry.close();
        try (OckamTelemetry nowhere = OckamTelemetry.start(KIT.system(), OpenTelemetry.noop())) {
            Router router = router("nowhere");
            send(place(router), "a");
            arrived.forEach(Delivery::release);
            await(router.stop());
            assertThat(nowhere).isNotNull();
        }
        assertThat(exported.metrics()).isEmpty();
    }

    // ---- of events ----

    private static Telemetry alone(Exported exported) {
        return new Telemetry(exported.sdk(), new OckamTelemetrySettings(10), List::of);
    }

    private static Told channel(String node, String channel, String state) {
        return Told.of(node, "channel-state-changed", List.of(Address.of(channel)), "state", state, "peer", "Ipeer");
    }

    @Test
    void openChannelsAreCountedOnceWhateverBecomesOfThem() {
        telemetry.close();
        Telemetry events = alone(exported);
        events.on(channel("one", "a", "UP"));
        events.on(channel("one", "a", "ROUTE_LOST"));
        events.on(channel("one", "a", "UP"));
        events.on(channel("one", "b", "UP"));
        events.on(channel("two", "a", "UP"));
        events.on(channel("two", "opened-before", "CLOSED"));
        assertThat(exported.sums("ockam.channels.open")).isEqualTo(Map.of("one", 2L, "two", 1L));

        events.on(channel("one", "a", "CLOSED"));
        events.on(channel("one", "a", "CLOSED"));
        assertThat(exported.sums("ockam.channels.open")).isEqualTo(Map.of("one", 1L, "two", 1L));

        events.on(new RoutingEvent.NodeStopped("one"));
        assertThat(exported.sums("ockam.channels.open")).isEqualTo(Map.of("one", 0L, "two", 1L));
        events.close();
    }

    @Test
    void handshakesAreTimedByRoleAndByWhatWentWrong() {
        telemetry.close();
        Telemetry events = alone(exported);
        List<Address> channel = List.of(Address.of("a"), Address.of("b"), Address.of("c"));
        events.on(Told.of("one", "channel-started", channel, "role", "INITIATOR"));
        events.on(channel("one", "a", "UP"));
        events.on(Told.of("one", "channel-started", channel, "role", "RESPONDER"));
        events.on(Told.of(
                "one",
                "channel-handshake-failed",
                List.of(Address.of("a")),
                "role",
                "RESPONDER",
                "step",
                "MESSAGE_3",
                "reason",
                "TIMED_OUT"));

        MetricData metric = exported.metric("ockam.handshake.duration");
        assertThat(metric.getUnit()).isEqualTo("s");
        Map<String, Long> counts = metric.getHistogramData().getPoints().stream()
                .collect(Collectors.toMap(point -> point.getAttributes().toString(), HistogramPointData::getCount));
        assertThat(counts)
                .isEqualTo(Map.of(
                        "{ockam.node=\"one\", ockam.role=\"initiator\"}",
                        1L,
                        "{error.type=\"TIMED_OUT\", ockam.node=\"one\", ockam.role=\"responder\"}",
                        1L));
        assertThat(metric.getHistogramData().getPoints()).allSatisfy(point -> {
            assertThat(point.getSum()).isPositive().isLessThan(60);
            assertThat(point.getBoundaries()).contains(0.001, 30.0);
        });
        events.close();
    }

    @Test
    void nodesBeyondTheBoundAreCountedTogether() {
        telemetry.close();
        Telemetry events = alone(exported);
        IntStream.rangeClosed(1, Figures.MOST_NODES + 2)
                .forEach(i -> events.on(new RoutingEvent.MessageDropped(
                        "node-" + i, Address.of("a"), RoutingDropReason.NO_SUCH_ADDRESS)));

        Map<String, Long> dropped = exported.sums("ockam.messages.dropped");
        assertThat(dropped).hasSize(Figures.MOST_NODES + 1).containsEntry("NO_SUCH_ADDRESS _OTHER", 2L);
        events.close();
    }
}
