// SPDX-License-Identifier: Apache-2.0

package ockam.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.util.ByteString;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import ockam.node.Mailbox;
import ockam.node.Node;
import ockam.node.Routed;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each hostile mode does what it says. A toy of a channel withstands it with all its protections; without the one that this mode is about, it
 * is caught; and over a calm hop nobody misses that protection.
 */
class HostileModesTest {
    @RegisterExtension
    static final ActorTestKitExtension AKKA =
            ActorTestKitExtension.create("akka.actor.testkit.typed.single-expect-default = 20s");

    private static final int MESSAGES = 40;
    private static final int COPIES = 20;

    /** What a toy of a channel does about a hop. */
    private enum Protection {
        /** Frames have a checksum, which depends on the channel. */
        CHECKSUM,
        /** No number is taken twice. */
        NUMBERS,
        /** Frames that are early wait for those before them. */
        ORDER,
        /** Each frame is sent many times. */
        COPIES
    }

    /** What a hop does, by a seed and by a script; what withstands it; and what a test says when that is missing. */
    private record Mode(
            String name,
            Faults faults,
            FaultScript script,
            Protection against,
            Set<Protection> others,
            String complaint) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Mode> modes() {
        Faults seed = Faults.seeded(1);
        FaultScript script = FaultScript.create().pass(41); // the next one is the first of the one that is looked at
        Set<Protection> none = Set.of();
        Set<Protection> lossless = EnumSet.of(Protection.NUMBERS, Protection.COPIES);
        String missing = "expected to be delivered: 40 messages, from number ";
        String invented = "expected that only what was sent is delivered, and no more often, but: ";
        return Stream.of(
                new Mode(
                        "drop",
                        seed.withDrops(0.3),
                        script.drop(),
                        Protection.COPIES,
                        EnumSet.of(Protection.NUMBERS),
                        missing),
                new Mode(
                        "duplicate",
                        seed.withDuplicates(1),
                        script.duplicate(),
                        Protection.NUMBERS,
                        none,
                        "was delivered 2 times, and sent 1 times"),
                new Mode(
                        "reorder",
                        seed.withReordering(0.5, 4),
                        script.delay(2),
                        Protection.ORDER,
                        none,
                        "but overtaken was: "),
                new Mode(
                        "corrupt",
                        seed.withCorruption(0.3),
                        script.corrupt(40),
                        Protection.CHECKSUM,
                        lossless,
                        invented),
                new Mode(
                        "truncate",
                        seed.withTruncation(0.3),
                        script.truncate(6),
                        Protection.CHECKSUM,
                        lossless,
                        invented),
                new Mode(
                        "replay",
                        seed.withReplays(0.5, 5),
                        script.replay(4),
                        Protection.NUMBERS,
                        none,
                        "times, and sent 1 times"),
                new Mode("splice", seed.withSplices(0.3, 5), script.splice(), Protection.CHECKSUM, lossless, invented));
    }

    private final OckamTestKit kit;
    private final Node node;
    private final Mailbox app;
    private final AtomicInteger arrived = new AtomicInteger();

    HostileModesTest(OckamTestKit kit) {
        this.kit = kit;
        this.node = kit.node("node");
        this.app = node.mailbox("app");
    }

    @ParameterizedTest
    @MethodSource("modes")
    void seededFaultIsWithstoodByWhatIsMeantForIt(Mode mode) {
        withstands(mode, kit.hostileHop(node, "hop", mode.faults()));
    }

    @ParameterizedTest
    @MethodSource("modes")
    void scriptedFaultIsWithstoodByWhatIsMeantForIt(Mode mode) {
        withstands(mode, kit.hostileHop(node, "hop", mode.script()));
    }

    @ParameterizedTest
    @MethodSource("modes")
    void channelThatIgnoresTheSeededFaultIsCaught(Mode mode) {
        isCaught(mode, kit.hostileHop(node, "hop", mode.faults()));
    }

    @ParameterizedTest
    @MethodSource("modes")
    void channelThatIgnoresTheScriptedFaultIsCaught(Mode mode) {
        isCaught(mode, kit.hostileHop(node, "hop", mode.script()));
    }

    @ParameterizedTest
    @MethodSource("modes")
    void withoutTheFaultNobodyMissesTheProtection(Mode mode) {
        HostileHop calm = kit.hostileHop(node, "hop", Faults.seeded(1));

        passes(run(mode, calm, mode.others()));
    }

    private void withstands(Mode mode, HostileHop hop) {
        hop.start();
        Set<Protection> all = EnumSet.of(mode.against());
        all.addAll(mode.others());

        passes(run(mode, hop, all));
    }

    private void isCaught(Mode mode, HostileHop hop) {
        hop.start();
        History<String> history = run(mode, hop, mode.others());

        assertThatThrownBy(() -> passes(history))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(mode.complaint())
                .hasMessageContaining("\n\nThe recording:\n")
                .hasMessageContaining("hop -> one: message, ");
    }

    private static void passes(History<String> history) {
        history.expectGenuine();
        history.expectInOrder();
        history.expectAllDelivered();
    }

    /** Sends through one toy, and other messages through a second one, by the same hop. */
    private History<String> run(Mode mode, HostileHop hop, Set<Protection> protections) {
        History<String> history = kit.history();
        Toy toy = new Toy("one", protections, history);
        Toy other = new Toy("two", protections, kit.history());
        int copies = protections.contains(Protection.COPIES) ? COPIES : 1;
        for (int i = 0; i < MESSAGES; i++) {
            history.sent(mode + " " + i);
            for (int j = 0; j < copies; j++) {
                other.send(i, "other " + i);
                toy.send(i, mode + " " + i);
            }
        }
        int sent = 2 * MESSAGES * copies;
        kit.eventually(() -> assertThat(hop.received()).hasSize(sent));
        hop.calm();
        kit.eventually(() -> assertThat(arrived.get()).isEqualTo(hop.sent().size()));
        return history;
    }

    /** A channel in one direction: a frame is its number, its text, and a checksum. */
    private final class Toy {
        private final String name;
        private final Set<Protection> protections;
        private final History<String> history;
        private final Set<Integer> taken = new HashSet<>();
        private final Map<Integer, String> early = new TreeMap<>();
        private int next;

        private Toy(String name, Set<Protection> protections, History<String> history) {
            this.name = name;
            this.protections = protections;
            this.history = history;
            node.start(Address.of(name), Codec.bytes(), end());
        }

        private void send(int number, String text) {
            ByteString content = ByteString.fromInts(number).concat(ByteString.fromString(text));
            ByteString frame = content.concat(checksum(content));
            assertThat(app.send(Route.of("hop", name), Codec.bytes(), frame).isAccepted())
                    .isTrue();
        }

        private Behavior<Routed<ByteString>> end() {
            return Behaviors.receiveMessage(message -> {
                open(message.body());
                arrived.incrementAndGet();
                return Behaviors.same();
            });
        }

        private void open(ByteString frame) {
            ByteString content = frame.dropRight(Integer.BYTES);
            boolean isGenuine = checksum(content).equals(frame.takeRight(Integer.BYTES)) && !content.isEmpty();
            if (isGenuine || !protections.contains(Protection.CHECKSUM)) {
                int number = content.isEmpty() ? 0 : content.head() & 0xff;
                if (taken.add(number) || !protections.contains(Protection.NUMBERS)) {
                    deliver(number, content.drop(1).utf8String());
                }
            }
        }

        private void deliver(int number, String text) {
            if (!protections.contains(Protection.ORDER)) {
                history.delivered(text);
                return;
            }
            early.put(number, text);
            for (String due = early.remove(next); due != null; due = early.remove(next)) {
                history.delivered(due);
                next++;
            }
        }

        /** Depends on the channel. */
        private ByteString checksum(ByteString content) {
            CRC32 checksum = new CRC32();
            checksum.update(ByteString.fromString(name).concat(content).toArray());
            int value = (int) checksum.getValue();
            return ByteString.fromInts(value >>> 24, value >>> 16 & 0xff, value >>> 8 & 0xff, value & 0xff);
        }
    }
}
