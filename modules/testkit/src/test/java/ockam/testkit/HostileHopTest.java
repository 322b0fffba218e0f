// SPDX-License-Identifier: Apache-2.0

package ockam.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.util.ByteString;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import ockam.node.Mailbox;
import ockam.node.Node;
import ockam.node.Routed;
import ockam.routing.RoutingException;
import ockam.routing.SendResult;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ActorTestKitExtension.class)
class HostileHopTest {
    private static final Address HOP = Address.of("hop");
    private static final int COUNT = 50;

    private final OckamTestKit kit;
    private final Node node;
    private final Mailbox app;
    private final TestProbe<Routed<ByteString>> end;

    HostileHopTest(OckamTestKit kit) {
        this.kit = kit;
        node = kit.node("hostile");
        app = node.mailbox("app");
        end = kit.probe(node, "end", Codec.bytes());
    }

    @Test
    void isCalmAtFirst() {
        HostileHop hop =
                HostileHop.create(node, HOP, Faults.seeded(1).withDrops(1).withCorruption(1));
        send(COUNT);

        assertThat(arrivals(COUNT)).isEqualTo(asSent(COUNT));
        assertThat(hop.received()).hasSize(COUNT);
    }

    @Test
    void forwardsLikeAHopWhenCalm() {
        HostileHop hop = HostileHop.create(node, HOP, Faults.seeded(1));
        send(1);

        LocalMessage arrived = end.receiveMessage().message();

        assertThat(arrived).isEqualTo(LocalMessage.of(Route.of("end"), Route.of("hop", "app"), payload(0)));
        assertThat(hop.received())
                .containsExactly(LocalMessage.of(Route.of("hop", "end"), Route.of("app"), payload(0)));
        assertThat(hop.sent()).containsExactly(arrived);
    }

    @Test
    void dropsEverythingAtRateOneUntilItIsCalm() {
        HostileHop hop = hostile(Faults.seeded(1).withDrops(1));
        send(COUNT);
        awaitReceived(hop, COUNT);
        assertThat(hop.sent()).isEmpty();

        hop.calm();
        app.send(Route.of("hop", "end"), Codec.bytes(), ByteString.fromString("after"));

        assertThat(end.receiveMessage().body()).isEqualTo(ByteString.fromString("after"));
    }

    @Test
    void sendsEverythingTwiceAtRateOne() {
        HostileHop hop = hostile(Faults.seeded(1).withDuplicates(1));
        send(COUNT);

        List<ByteString> twice = asSent(COUNT).stream()
                .flatMap(payload -> List.of(payload, payload).stream())
                .toList();
        assertThat(arrivals(2 * COUNT)).isEqualTo(twice);
        assertThat(hop.sent()).hasSize(2 * COUNT);
    }

    @Test
    void holdsBackMessagesForReorderingAndReleasesThemWhenCalm() {
        HostileHop hop = hostile(Faults.seeded(1).withReordering(1, 100));
        send(1);
        awaitReceived(hop, 1);
        assertThat(hop.sent()).isEmpty();

        hop.calm();

        assertThat(end.receiveMessage().body()).isEqualTo(payload(0));
        assertThat(hop.sent()).hasSize(1);
    }

    @Test
    void flushReleasesWithoutMakingItCalm() {
        HostileHop hop = hostile(Faults.seeded(1).withReordering(1, 100));
        send(1);
        awaitReceived(hop, 1);
        hop.flush();
        assertThat(end.receiveMessage().body()).isEqualTo(payload(0));

        send(1);
        awaitReceived(hop, 2);
        assertThat(hop.sent()).hasSize(1);
    }

    @Test
    void reorderedMessagesAllArrive() {
        HostileHop hop = hostile(Faults.seeded(1).withReordering(0.5, 5));
        send(COUNT);
        awaitReceived(hop, COUNT);
        hop.flush();

        List<ByteString> arrived = arrivals(COUNT);

        assertThat(arrived).containsExactlyInAnyOrderElementsOf(asSent(COUNT)).isNotEqualTo(asSent(COUNT));
    }

    @Test
    void damagesACopyAndNotTheOriginal() {
        Tap tap = kit.hop(node, "tap");
        HostileHop hop = hostile(Faults.seeded(1).withCorruption(1));
        ByteString payload = ByteString.fromString("shared by everyone");
        app.send(Route.of("tap", "hop", "end"), Codec.bytes(), payload);

        LocalMessage arrived = end.receiveMessage().message();

        assertThat(arrived.payload()).isNotEqualTo(payload);
        assertThat(arrived.payload().length()).isEqualTo(payload.length());
        assertThat(arrived.onwardRoute()).isEqualTo(Route.of("end"));
        assertThat(arrived.returnRoute()).isEqualTo(Route.of("hop", "tap", "app"));
        assertThat(hop.sent()).containsExactly(arrived);
        assertThat(payload).isEqualTo(ByteString.fromString("shared by everyone"));
        assertThat(tap.messages().get(0).payload()).isEqualTo(payload);
        assertThat(hop.received().get(0).payload()).isEqualTo(payload);
    }

    @Test
    void damagedMessagesComeFromTheHopItself() {
        hostile(Faults.seeded(1).withTruncation(1));
        send(1);

        assertThat(end.receiveMessage().source()).isEqualTo(HOP);
    }

    @Test
    void truncatesMessages() {
        hostile(Faults.seeded(1).withTruncation(1));
        send(COUNT);

        List<ByteString> arrived = arrivals(COUNT);
        for (int i = 0; i < COUNT; i++) {
            assertThat(arrived.get(i).length()).isLessThan(payload(i).length());
        }
    }

    @Test
    void replaysMessagesThatArrivedWhileItWasCalm() {
        HostileHop hop = HostileHop.create(node, HOP, Faults.seeded(1).withReplays(1, 1));
        send(1);
        end.receiveMessage();
        hop.start();
        app.send(Route.of("hop", "end"), Codec.bytes(), ByteString.fromString("later"));

        assertThat(arrivals(2)).containsExactly(ByteString.fromString("later"), payload(0));
    }

    @Test
    void sameSeedReproducesTheFaults() {
        Faults faults = Faults.seeded(99)
                .withDrops(0.2)
                .withDuplicates(0.2)
                .withReordering(0.3, 6)
                .withCorruption(0.2)
                .withTruncation(0.1)
                .withReplays(0.2, 20);
        HostileHop hop = hostile(faults);
        HostileHop other = HostileHop.create(node, Address.of("other"), faults);
        other.start();
        for (int i = 0; i < COUNT; i++) {
            app.send(Route.of("hop", "end"), Codec.bytes(), payload(i));
            app.send(Route.of("other", "end"), Codec.bytes(), payload(i));
        }
        awaitReceived(hop, COUNT);
        awaitReceived(other, COUNT);
        hop.calm();
        other.calm();

        assertThat(payloads(hop.sent())).isEqualTo(payloads(other.sent())).isNotEqualTo(asSent(COUNT));
    }

    @Test
    void sentMessagesAreTheOnesThatArrive() {
        HostileHop hop = hostile(Faults.seeded(5)
                .withDrops(0.2)
                .withDuplicates(0.3)
                .withReordering(0.5, 4)
                .withCorruption(0.3)
                .withReplays(0.3, 8));
        send(COUNT);
        awaitReceived(hop, COUNT);
        hop.calm();
        List<LocalMessage> sent = hop.sent();

        List<LocalMessage> arrived = new ArrayList<>();
        end.receiveSeveralMessages(sent.size()).forEach(message -> arrived.add(message.message()));

        assertThat(arrived).isEqualTo(sent);
    }

    @Test
    void repliesReturnThroughIt() {
        kit.echoer(node, "echoer");
        HostileHop hop = hostile(Faults.seeded(1).withCorruption(1));
        app.send(Route.of("hop", "echoer"), Codec.bytes(), payload(3));
        awaitReceived(hop, 2);

        assertThat(hop.received().get(1).onwardRoute()).isEqualTo(Route.of("hop", "app"));
        assertThat(hop.sent().get(1).returnRoute()).isEqualTo(Route.of("hop", "echoer"));
    }

    @Test
    void forgetsItsRecordsButNotHeldBackMessages() {
        HostileHop hop = hostile(Faults.seeded(1).withReordering(1, 100));
        send(1);
        awaitReceived(hop, 1);
        hop.clear();
        assertThat(hop.received()).isEmpty();

        hop.flush();

        assertThat(end.receiveMessage().body()).isEqualTo(payload(0));
        assertThat(payloads(hop.sent())).containsExactly(payload(0));
    }

    @Test
    void messageThatArrivesDuringCreationIsServed() {
        for (int i = 0; i < 100; i++) {
            Address address = Address.of("hop-" + i);
            CompletableFuture<SendResult> sent = CompletableFuture.supplyAsync(() -> {
                Route route = Route.of(address, Address.of("end"));
                SendResult result;
                do {
                    result = app.send(route, Codec.bytes(), ByteString.fromString("early"));
                } while (!result.isAccepted());
                return result;
            });
            HostileHop.create(node, address, Faults.seeded(i));

            assertThat(sent.join()).isEqualTo(SendResult.accepted());
            assertThat(end.receiveMessage().body()).isEqualTo(ByteString.fromString("early"));
        }
    }

    @Test
    void addressMustBeFree() {
        HostileHop.create(node, HOP, Faults.seeded(1));

        assertThatThrownBy(() -> HostileHop.create(node, HOP, Faults.seeded(1)))
                .isInstanceOfSatisfying(
                        RoutingException.class,
                        failure -> assertThat(failure.reason()).isEqualTo(RoutingException.Reason.ADDRESS_IN_USE));
    }

    @Test
    void printsWhereItIsAndWhatItDoes() {
        HostileHop hop = HostileHop.create(node, HOP, Faults.seeded(17).withDrops(0.5));

        assertThat(hop.toString()).startsWith("HostileHop(0#hop, ").contains("seed=17", "drops=0.5");
    }

    private HostileHop hostile(Faults faults) {
        HostileHop hop = HostileHop.create(node, HOP, faults);
        hop.start();
        return hop;
    }

    private void send(int count) {
        for (int i = 0; i < count; i++) {
            assertThat(app.send(Route.of("hop", "end"), Codec.bytes(), payload(i)))
                    .isEqualTo(SendResult.accepted());
        }
    }

    private void awaitReceived(HostileHop hop, int count) {
        kit.eventually(() -> assertThat(hop.received()).hasSize(count));
    }

    private List<ByteString> arrivals(int count) {
        return end.receiveSeveralMessages(count).stream().map(Routed::body).toList();
    }

    private static List<ByteString> asSent(int count) {
        return IntStream.range(0, count).mapToObj(HostileHopTest::payload).toList();
    }

    private static List<ByteString> payloads(List<LocalMessage> messages) {
        return messages.stream().map(LocalMessage::payload).toList();
    }

    private static ByteString payload(int number) {
        return ByteString.fromString("message " + number + " " + String.join("", Collections.nCopies(number, "x")));
    }
}
