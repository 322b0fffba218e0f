// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import ockam.fixtures.LogLines;
import ockam.fixtures.SystemKit;
import ockam.fixtures.Threads;
import ockam.routing.AccessControl;
import ockam.routing.FlowControlId;
import ockam.routing.Peer;
import ockam.routing.RoutingDropReason;
import ockam.routing.rule.Rule;
import ockam.wire.Address;
import ockam.wire.Identifier;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Counts, and log lines at a bounded rate; what is published is seen at the nodes. */
class DropsTest {
    @RegisterExtension
    static final SystemKit KIT = new SystemKit();

    private static final Address NOBODY = Address.of("nobody");
    private static final Address WORKER = Address.of("worker");
    private static final Duration INTERVAL = Duration.ofMinutes(1);

    private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 10); // a clock may well run over

    private Drops drops() {
        return new Drops(KIT.system(), "node", event -> {}, INTERVAL, nanoTime::get);
    }

    @Test
    void logsOneLineForEachReasonAddressAndInterval() {
        Drops drops = drops();
        try (LogLines log = LogLines.of(Drops.class)) {
            for (int i = 0; i < 5; i++) {
                drops.dropped(RoutingDropReason.NO_SUCH_ADDRESS, NOBODY);
                drops.dropped(RoutingDropReason.INCOMING_DENIED, Address.of("worker"));
                drops.dropped(RoutingDropReason.NO_SUCH_ADDRESS, Address.of("another"));
            }
            assertThat(log.texts())
                    .containsExactly(
                            "Message dropped at 0#nobody: NO_SUCH_ADDRESS (1 so far; further ones are only counted for"
                                    + " a while)",
                            "Message dropped at 0#worker: INCOMING_DENIED (1 so far; further ones are only counted for"
                                    + " a while)",
                            "Message dropped at 0#another: NO_SUCH_ADDRESS (2 so far; further ones are only counted"
                                    + " for a while)");
            assertThat(log.events().get(0).getMDCPropertyMap()).containsEntry("ockamNode", "node");

            nanoTime.addAndGet(INTERVAL.toNanos() - 1);
            drops.dropped(RoutingDropReason.NO_SUCH_ADDRESS, NOBODY);
            assertThat(log.texts()).hasSize(3);
            nanoTime.addAndGet(1);
            drops.dropped(RoutingDropReason.NO_SUCH_ADDRESS, Address.of("another"));
            assertThat(log.texts()).hasSize(4).last().asString().contains("0#another", "(12 so far;");
        }
        assertThat(drops.count(RoutingDropReason.NO_SUCH_ADDRESS)).isEqualTo(12);
        assertThat(drops.count(RoutingDropReason.INCOMING_DENIED)).isEqualTo(5);
        assertThat(drops.count(RoutingDropReason.NO_ROOM)).isZero();
    }

    @Test
    void logsOnlySoManyAddressesOfAReasonInAnInterval() {
        Drops drops = drops();
        try (LogLines log = LogLines.of(Drops.class)) {
            for (int i = 0; i < 100; i++) {
                drops.dropped(RoutingDropReason.NO_SUCH_ADDRESS, Address.of("number " + i));
            }
            assertThat(log.texts()).hasSize(16);

            nanoTime.addAndGet(INTERVAL.toNanos());
            drops.dropped(RoutingDropReason.NO_SUCH_ADDRESS, Address.of("number 99"));
            assertThat(log.texts()).hasSize(17);
        }
    }

    @Test
    void logsStrangersAddressesSafely() {
        try (LogLines log = LogLines.of(Drops.class)) {
            drops().dropped(RoutingDropReason.NO_SUCH_ADDRESS, Address.of("a\nWARN forged\u202e\u0000"));

            assertThat(log.texts().get(0)).startsWith("Message dropped at 0#a?WARN forged??: NO_SUCH_ADDRESS");
        }
    }

    @Test
    void asksForADetailOnlyIfItLogsALine() {
        Drops drops = drops();
        AtomicLong asked = new AtomicLong();
        try (LogLines log = LogLines.of(Drops.class)) {
            for (int i = 0; i < 5; i++) {
                drops.dropped(RoutingDropReason.INCOMING_DENIED, NOBODY, () -> ": the " + asked.incrementAndGet());
            }

            assertThat(log.texts())
                    .containsExactly("Message dropped at 0#nobody: INCOMING_DENIED: the 1 (1 so far; further ones are"
                            + " only counted for a while)");
        }
        assertThat(asked).hasValue(1);
    }

    private static Denial denial(Identifier peer, AccessControl control) {
        return new Denial(
                control,
                Form.MESSAGE,
                NOBODY,
                WORKER,
                LocalMessage.of(Route.of(WORKER), Route.empty(), ByteString.emptyByteString())
                        .withLocalInfo(List.of(new Peer(peer))),
                null);
    }

    private static Denial outgoing(Identifier from, Address sender, Identifier to, AccessControl control) {
        return outgoing(from, sender, to, control, Form.MESSAGE);
    }

    private static Denial outgoing(Identifier from, Address sender, Identifier to, AccessControl control, Form sends) {
        return new Denial(
                control,
                sends,
                sender,
                WORKER,
                LocalMessage.of(Route.of(WORKER), Route.empty(), ByteString.emptyByteString())
                        .withLocalInfo(List.of(new Peer(from))),
                route -> Optional.of(new Peer(to)));
    }

    @Test
    void logsWhatMayNotLeaveForEachSenderAndReceiver() {
        Drops drops = drops();
        Identifier alice = Identifier.parse("I" + "0a".repeat(32));
        Identifier bob = Identifier.parse("I" + "0b".repeat(32));
        AccessControl members = AccessControl.attributes(Rule.parse("role=member"));
        try (LogLines log = LogLines.of(Drops.class)) {
            for (Identifier from : List.of(alice, bob, alice)) {
                drops.dropped(RoutingDropReason.OUTGOING_DENIED, WORKER, outgoing(from, NOBODY, bob, members));
            }
            drops.dropped(RoutingDropReason.OUTGOING_DENIED, WORKER, outgoing(alice, NOBODY, alice, members));
            drops.dropped(RoutingDropReason.OUTGOING_DENIED, WORKER, outgoing(alice, WORKER, bob, members));

            assertThat(log.texts()).hasSize(3);
            assertThat(log.texts().get(0))
                    .startsWith(
                            "Message dropped at 0#worker: OUTGOING_DENIED; sent by 0#nobody; no authority that counts"
                                    + " says anything of " + bob + ", and subject.role is missing (1 so far;");
            assertThat(log.texts().get(1)).contains("sent by 0#nobody; ", "anything of " + alice);
            assertThat(log.texts().get(2)).contains("sent by 0#worker; ", "anything of " + bob);
        }
    }

    @Test
    void logsWhatIsDeniedForEachAddressAndPeer() {
        Drops drops = drops();
        Identifier alice = Identifier.parse("I" + "0a".repeat(32));
        Identifier bob = Identifier.parse("I" + "0b".repeat(32));
        AccessControl members = AccessControl.attributes(Rule.parse("role=member"));
        try (LogLines log = LogLines.of(Drops.class)) {
            for (Identifier peer : List.of(alice, alice, bob, alice, bob)) {
                drops.dropped(RoutingDropReason.INCOMING_DENIED, WORKER, denial(peer, members));
            }
            drops.dropped(RoutingDropReason.INCOMING_DENIED, NOBODY, denial(alice, members));
            drops.dropped(RoutingDropReason.INCOMING_DENIED, WORKER);

            assertThat(log.texts()).hasSize(4);
            assertThat(log.texts().get(0))
                    .startsWith(
                            "Message dropped at 0#worker: INCOMING_DENIED; no authority that counts says anything of "
                                    + alice + ", and subject.role is missing (1 so far;");
            assertThat(log.texts().get(1)).contains(bob.toString());
            assertThat(log.texts().get(2))
                    .startsWith("Message dropped at 0#nobody")
                    .contains(alice.toString());
            assertThat(log.texts().get(3)).startsWith("Message dropped at 0#worker: INCOMING_DENIED (7 so far;");
        }
    }

    private static Identifier numbered(int number) {
        return Identifier.parse("I" + "%064x".formatted(number));
    }

    @Test
    void whoeverHasManyIdentitiesHidesNoDenialAtAnotherAddress() {
        Drops drops = drops();
        AccessControl members = AccessControl.attributes(Rule.parse("role=member"));
        try (LogLines log = LogLines.of(Drops.class)) {
            for (int i = 0; i < 100; i++) {
                drops.dropped(RoutingDropReason.INCOMING_DENIED, WORKER, denial(numbered(i), members));
            }
            assertThat(log.texts()).hasSize(16);

            drops.dropped(RoutingDropReason.INCOMING_DENIED, NOBODY, denial(numbered(99), members));
            assertThat(log.texts()).hasSize(17).last().asString().startsWith("Message dropped at 0#nobody");

            nanoTime.addAndGet(INTERVAL.toNanos());
            drops.dropped(RoutingDropReason.INCOMING_DENIED, WORKER, denial(numbered(99), members));
            assertThat(log.texts()).hasSize(18);
        }
    }

    @Test
    void whoeverOpensManyChannelsHidesNoDenialOfAnotherSender() {
        Drops drops = drops();
        AccessControl members = AccessControl.attributes(Rule.parse("role=member"));
        try (LogLines log = LogLines.of(Drops.class)) {
            for (int i = 0; i < 100; i++) {
                Denial denial = outgoing(numbered(i), NOBODY, numbered(i), members);
                drops.dropped(RoutingDropReason.OUTGOING_DENIED, Address.of("channel " + i), denial);
            }
            assertThat(log.texts()).hasSize(16);

            Denial ofOther = outgoing(numbered(99), WORKER, numbered(99), members);
            drops.dropped(RoutingDropReason.OUTGOING_DENIED, Address.of("channel 99"), ofOther);
            assertThat(log.texts()).hasSize(17).last().asString().contains("sent by 0#worker");
        }
    }

    private void isLoggedAfterAHundred(IntFunction<Denial> strangers) {
        Drops drops = drops();
        AccessControl members = AccessControl.attributes(Rule.parse("role=member"));
        try (LogLines log = LogLines.of(Drops.class)) {
            for (int i = 0; i < 100; i++) {
                drops.dropped(RoutingDropReason.OUTGOING_DENIED, NOBODY, strangers.apply(i));
            }
            assertThat(log.texts()).hasSize(16);

            drops.dropped(
                    RoutingDropReason.OUTGOING_DENIED, NOBODY, outgoing(numbered(0), WORKER, numbered(0), members));
            assertThat(log.texts()).hasSize(17).last().asString().contains("sent by 0#worker");
        }
    }

    @Test
    void whoeverOpensManyConnectionsHidesNoDenialOfAWorker() {
        FlowControls controls = new FlowControls("node", 0, unused -> false);

        isLoggedAfterAHundred(i -> outgoing(
                numbered(0),
                Address.of("receiver " + i),
                numbered(0),
                controls.outgoing(FlowControlId.random(), null)));
    }

    @Test
    void whoeverOpensManyChannelsToAListenerHidesNoDenialOfAWorker() {
        AccessControl ofListener = AccessControl.attributes(Rule.parse("role=owner"));

        isLoggedAfterAHundred(
                i -> outgoing(numbered(i), Address.of("channel " + i), numbered(i), ofListener, Form.HANDSHAKE));
    }

    @Test
    void logsOnlySoManyAddressesOfWhatIsDenied() {
        Drops drops = drops();
        AccessControl members = AccessControl.attributes(Rule.parse("role=member"));
        try (LogLines log = LogLines.of(Drops.class)) {
            for (int i = 0; i < 1_000; i++) {
                Address at = Address.of("number " + i % 50);
                drops.dropped(RoutingDropReason.INCOMING_DENIED, at, denial(numbered(i), members));
            }
            assertThat(log.texts()).hasSize(16 * 16);
        }
    }

    @Test
    void logsADenialThatCannotBeExplained() {
        Drops drops = drops();
        AccessControl broken = new AccessControl() {
            @Override
            public boolean allows(Address source, Address destination, LocalMessage message) {
                return false;
            }

            @Override
            public String denial(Address source, Address destination, LocalMessage message) {
                throw new IllegalStateException("broken");
            }
        };
        try (LogLines log = LogLines.of(Drops.class)) {
            drops.dropped(
                    RoutingDropReason.INCOMING_DENIED, WORKER, denial(Identifier.parse("I" + "0a".repeat(32)), broken));

            assertThat(log.texts()).hasSize(1).first().asString().contains("INCOMING_DENIED (1 so far;");
        }
    }

    @Test
    void logsFromManyThreadsOnce() {
        Drops drops = drops();
        try (LogLines log = LogLines.of(Drops.class)) {
            Threads.race(4, thread -> {
                for (int n = 0; n < 500; n++) {
                    drops.dropped(RoutingDropReason.OUTGOING_DENIED, NOBODY);
                }
            });

            assertThat(log.texts()).hasSize(1);
            assertThat(drops.count(RoutingDropReason.OUTGOING_DENIED)).isEqualTo(2000);
        }
    }
}
