// SPDX-License-Identifier: Apache-2.0

package ockam.tests.channel;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.util.ByteString;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import ockam.channel.ChannelDropReason;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.node.Routed;
import ockam.routing.RoutingDropReason;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.Faults;
import ockam.testkit.HostileHop;
import ockam.testkit.Tap;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.LocalMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A channel over hops that lose, duplicate, delay, damage and replay messages: it delivers exactly those messages from the last
 * hop that a model of secure channel, section 5.4 accepts.
 */
class HostileHopsTest {
    /** Room for all messages and their copies at the same time: only hops and the channel should drop messages. */
    @RegisterExtension
    static final ActorTestKitExtension KIT = ActorTestKitExtension.create(
            "ockam.node { send-window = 100000, send-window-bytes = 256 MiB, max-bytes-under-way = 256 MiB }");

    private static final int CALM_MESSAGES = 100; // the number that a hop remembers
    private static final int HOSTILE_MESSAGES = 10_000;

    private final Scene scene;

    HostileHopsTest(ActorTestKit testKit) {
        scene = Scene.create(testKit);
    }

    @AfterEach
    void end() {
        scene.close();
    }

    /** The frames that the window and the keys accept, in the words of the specification. Altered frames change nothing. */
    private static final class Model {
        private long highest;
        private final Set<Long> marked = new HashSet<>();
        private long rekeys;

        boolean accepts(long nonce) {
            boolean inWindow =
                    nonce > highest ? nonce - highest <= 32 : highest - nonce <= 32 && !marked.contains(nonce);
            long start = 32 * rekeys;
            boolean next = nonce >= start + 32 && nonce < start + 64;
            boolean hasKey = next
                    || (nonce >= start && nonce < start + 32)
                    || (nonce < start && start - nonce <= 32 && rekeys > 0);
            if (inWindow && hasKey) {
                marked.add(nonce);
                highest = Math.max(highest, nonce);
                rekeys += next ? 1 : 0;
            }
            return inWindow && hasKey;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 20_301})
    void exactlyTheMessagesThatTheSpecificationAcceptsArrive(long seed) {
        // Each hop loses some messages and damages some; the delays add up to less than the window.
        runs(
                seed,
                faults -> faults.withDrops(0.05)
                        .withDuplicates(0.1)
                        .withReordering(0.3, 8)
                        .withCorruption(0.05)
                        .withTruncation(0.02)
                        .withReplays(0.1, CALM_MESSAGES),
                4_000);
    }

    @ParameterizedTest
    @ValueSource(longs = 5)
    void reorderingAndDuplicatingWithinTheWindowLosesNothing(long seed) {
        runs(seed, faults -> faults.withDuplicates(0.5).withReordering(0.5, 8), HOSTILE_MESSAGES);
    }

    @ParameterizedTest
    @ValueSource(longs = 9)
    void delaysBeyondTheWindowLoseOnlyLateMessages(long seed) {
        runs(seed, faults -> faults.withReordering(0.2, 60).withReplays(0.3, 60), 5_000);
    }

    @Test
    void handshakeSurvivesHopsThatDuplicateEverything() {
        List<HostileHop> hops = Stream.of("h1", "h2", "h3")
                .map(name -> HostileHop.create(
                        scene.node(), Address.of(name), Faults.seeded(3).withDuplicates(1)))
                .toList();
        hops.forEach(HostileHop::start);
        TestProbe<Routed<String>> worker = scene.attached("worker", Codec.string());
        scene.node().allow(Address.of("worker")).from(scene.listen());

        SecureChannel channel = scene.open("h1 => h2 => h3 => listener");
        SecureChannel back = scene.otherEnd(channel);

        assertThat(scene.channels())
                .as("of all channels that message 1 led to")
                .containsExactlyInAnyOrder(channel, back);
        for (int i = 0; i < 100; i++) {
            scene.send(channel.route("worker"), text(i));
        }
        scene.send(channel.route("worker"), "the end");
        assertThat(texts(worker, 100)).isEqualTo(texts(100));
        assertThat(worker.receiveMessage().body()).isEqualTo("the end");
    }

    @Test
    void framesOfOneChannelAreNotTakenByAnother() {
        HostileHop hop = HostileHop.create(
                scene.node(), Address.of("h1"), Faults.seeded(7).withSplices(0.3, 20));
        TestProbe<Routed<String>> one = scene.attached("one", Codec.string());
        TestProbe<Routed<String>> two = scene.attached("two", Codec.string());
        SecureChannelListener listener = scene.listen();
        scene.node().allow(Address.of("one")).from(listener);
        scene.node().allow(Address.of("two")).from(listener);
        SecureChannel toOne = scene.open("h1 => listener");
        SecureChannel toTwo = scene.open("h1 => listener");
        scene.otherEnd(toOne); // message 3 has passed
        scene.otherEnd(toTwo);
        hop.clear();
        hop.start();

        for (int i = 0; i < CALM_MESSAGES; i++) {
            scene.send(toOne.route("one"), text(i));
            scene.send(toTwo.route("two"), text(i));
        }
        scene.eventually(() -> assertThat(hop.sent()).hasSize(2 * CALM_MESSAGES));

        List<String> wholeToOne = whole(hop, toOne);
        List<String> wholeToTwo = whole(hop, toTwo);
        int whole = wholeToOne.size() + wholeToTwo.size();
        assertThat(whole).isBetween(CALM_MESSAGES, 2 * CALM_MESSAGES - 20);
        assertThat(texts(one, wholeToOne.size())).isEqualTo(wholeToOne);
        assertThat(texts(two, wholeToTwo.size())).isEqualTo(wholeToTwo);
        scene.eventuallyDropped(ChannelDropReason.FRAME_REFUSED, 2L * CALM_MESSAGES - whole);
    }

    /** The texts of the frames of a channel that left the hop as they came. */
    private static List<String> whole(HostileHop hop, SecureChannel channel) {
        List<String> whole = new ArrayList<>();
        int number = 0;
        for (int i = 0; i < hop.received().size(); i++) {
            LocalMessage came = hop.received().get(i);
            if (came.onwardRoute().step().next().equals(channel.peerDecryptorAddress())) {
                if (hop.sent().get(i).payload().equals(came.payload())) {
                    whole.add(text(number));
                }
                number++;
            }
        }
        return whole;
    }

    private void runs(long seed, Function<Faults, Faults> faultsOf, int atLeast) {
        Tap made = scene.tap("tap");
        List<HostileHop> hops = List.of(
                HostileHop.create(scene.node(), Address.of("h1"), faultsOf.apply(Faults.seeded(seed))),
                HostileHop.create(scene.node(), Address.of("h2"), faultsOf.apply(Faults.seeded(seed + 1))),
                HostileHop.create(scene.node(), Address.of("h3"), faultsOf.apply(Faults.seeded(seed + 2))));
        TestProbe<Routed<String>> worker = scene.attached("worker", Codec.string());
        scene.node().allow(Address.of("worker")).from(scene.listen());
        SecureChannel channel = scene.open("tap => h1 => h2 => h3 => listener");
        SecureChannel back = scene.otherEnd(channel);
        scene.node().allow(scene.echoer("echoer")).from(back);
        made.clear();

        // The hops forget the handshake, parts of which they would otherwise replay to the initiator.
        send(channel, 0, CALM_MESSAGES);
        assertThat(texts(worker, CALM_MESSAGES)).isEqualTo(texts(CALM_MESSAGES));
        hops.forEach(HostileHop::clear);
        hops.forEach(HostileHop::start);
        send(channel, CALM_MESSAGES, HOSTILE_MESSAGES);
        int passing = HOSTILE_MESSAGES;
        for (HostileHop hop : hops) {
            int all = passing;
            scene.eventually(() -> assertThat(hop.received().size()).isEqualTo(all));
            hop.calm();
            passing = hop.sent().size();
        }

        List<String> expected = accepted(made.messages(), hops.get(2).sent());
        assertThat(texts(worker, expected.size())).as(hops.toString()).isEqualTo(expected);
        assertThat(expected).doesNotHaveDuplicates().hasSizeBetween(atLeast, HOSTILE_MESSAGES);
        assertThat(scene.node().dropped(RoutingDropReason.NO_ROOM)).isZero();
        // Nothing else arrives before the next message, and the channel continues.
        scene.send(channel.route("worker"), "the end");
        assertThat(worker.receiveMessage().body()).isEqualTo("the end");
        assertThat(scene.ask(channel, "echoer", "and back")).isEqualTo("and back");
    }

    private void send(SecureChannel channel, int first, int count) {
        for (int i = first; i < first + count; i++) {
            scene.send(channel.route("worker"), text(i));
        }
    }

    private static List<String> texts(TestProbe<Routed<String>> worker, int count) {
        return worker.receiveSeveralMessages(count).stream().map(Routed::body).toList();
    }

    private static List<String> texts(int count) {
        return IntStream.range(0, count).mapToObj(HostileHopsTest::text).toList();
    }

    private static String text(int number) {
        return "message " + number;
    }

    /** Returns the texts of the frames that left the last hop unaltered and that the model accepts, in order. */
    private static List<String> accepted(List<LocalMessage> made, List<LocalMessage> left) {
        // The messages were sent one after the other, so the number of a message is the nonce of its frame.
        Map<ByteString, Integer> numbers = new HashMap<>();
        made.forEach(frame -> numbers.put(frame.payload(), numbers.size()));
        assertThat(numbers).hasSize(CALM_MESSAGES + HOSTILE_MESSAGES);
        Model model = new Model();
        IntStream.range(0, CALM_MESSAGES)
                .forEach(number -> assertThat(model.accepts(number)).isTrue());
        List<String> accepted = new ArrayList<>();
        for (LocalMessage frame : left) {
            Integer number = numbers.get(frame.payload());
            if (number != null && model.accepts(number)) {
                accepted.add(text(number));
            }
        }
        return accepted;
    }
}
