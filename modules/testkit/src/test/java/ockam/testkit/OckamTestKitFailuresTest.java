// SPDX-License-Identifier: Apache-2.0

package ockam.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.javadsl.Behaviors;
import akka.util.ByteString;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import ockam.channel.HandshakeException;
import ockam.channel.SecureChannel;
import ockam.node.Node;
import ockam.node.Ockam;
import ockam.node.Routed;
import ockam.routing.RoutingDropReason;
import ockam.routing.RoutingException;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Expectations that do not hold: what they say, and that they show the recorded flow. */
class OckamTestKitFailuresTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final String FLOW = "\n\nThe recording:\n";

    /** What is waited for here never comes. */
    @RegisterExtension
    static final ActorTestKitExtension AKKA = ActorTestKitExtension.create(
            "akka.actor.testkit.typed.single-expect-default = 100ms, ockam.node.stop-timeout = 300ms");

    private final ActorTestKit testKit;
    private final OckamTestKit kit;
    private final Node node;
    private final TestProbe<Routed<String>> end;

    OckamTestKitFailuresTest(ActorTestKit testKit) {
        this.testKit = testKit;
        this.kit = OckamTestKit.create(testKit);
        this.node = kit.node(UUID.randomUUID().toString());
        this.end = kit.probe(node, "end", Codec.string());
    }

    @BeforeEach
    void oneMessagePassesAHop() {
        kit.hop(node, "h1");
        node.mailbox("app").send(Route.of("h1", "end"), Codec.string(), "plain text");
        assertThat(end.receiveMessage(LONG).body()).isEqualTo("plain text");
    }

    /** Without the expectations of {@link OckamTestKit#close}, for which there is no time. */
    @AfterEach
    void stop() {
        node.stop().toCompletableFuture().join();
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertFails(ThrowingCallable expectation) {
        return assertThatThrownBy(expectation)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(FLOW)
                .hasMessageContaining("app -> h1: message, 11 bytes\nh1 -> end: message, 11 bytes");
    }

    @Test
    void hopSawIt() {
        assertFails(() -> kit.expectNoHopSaw("plain text"))
                .hasMessageStartingWith("expected that no hop saw it, but it was in a message that passed 0#h1" + FLOW)
                .hasMessageNotContaining("plain text");
        assertFails(() -> kit.expectNoHopSaw(ByteString.fromString("text")));
        kit.expectNoHopSaw("other text");
    }

    @Test
    void hostileHopSawIt() {
        kit.hostileHop(node, "hostile", FaultScript.create());
        node.mailbox("other").send(Route.of("hostile", "end"), Codec.string(), "more text");
        end.receiveMessage(LONG);

        assertFails(() -> kit.expectNoHopSaw("more text")).hasMessageContaining("passed 0#hostile" + FLOW);
    }

    @Test
    void hopThatSawNothingProvesNothing() {
        OckamTestKit other = OckamTestKit.create(testKit);
        assertThatThrownBy(() -> other.expectNoHopSaw("anything"))
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("expected that no hop saw it, but there is no hop" + FLOW);

        kit.hop(node, "h2");
        assertFails(() -> kit.expectNoHopSaw("anything"))
                .hasMessageStartingWith("expected that no hop saw it, but no message passed 0#h2" + FLOW);
    }

    @Test
    void refusedForAnotherReason() {
        CompletableFuture<SecureChannel> refused =
                CompletableFuture.failedFuture(new RoutingException(RoutingException.Reason.TIMED_OUT, "late"));

        assertFails(() -> kit.expectRefused(refused, RoutingDropReason.NO_SUCH_ADDRESS))
                .hasMessageStartingWith("expected to be refused because RoutingDropReason.NO_SUCH_ADDRESS, but it was"
                        + " RoutingException.Reason.TIMED_OUT" + FLOW);
        assertFails(() -> kit.expectRefused(refused, HandshakeException.Reason.TIMED_OUT))
                .hasMessageStartingWith("expected to be refused because HandshakeException.Reason.TIMED_OUT, but it was"
                        + " RoutingException.Reason.TIMED_OUT" + FLOW);
        assertFails(() -> kit.expectRefused(refused, HandshakeException.Step.OPEN, HandshakeException.Reason.TIMED_OUT))
                .hasMessageStartingWith(
                        "expected to be refused because OPEN HandshakeException.Reason.TIMED_OUT, but it"
                                + " was RoutingException.Reason.TIMED_OUT" + FLOW);
        assertFails(() -> kit.expectRefused(
                        CompletableFuture.failedFuture(new IllegalStateException("no")), RoutingDropReason.NO_ROOM))
                .hasMessageStartingWith("expected to be refused because RoutingDropReason.NO_ROOM, but it was"
                        + " java.lang.IllegalStateException: no" + FLOW);
        assertFails(() -> kit.expectFailed(refused, HandshakeException.class))
                .hasMessageStartingWith("expected to fail with ockam.channel.HandshakeException, but it was"
                        + " ockam.routing.RoutingException: ");
    }

    @Test
    void notRefusedAtAll() {
        assertFails(() -> kit.expectRefused(CompletableFuture.completedFuture("fine"), RoutingDropReason.NO_ROOM))
                .hasMessageStartingWith("expected to be refused, but there is a result: fine" + FLOW);
        assertFails(() -> kit.expectRefused(new CompletableFuture<>(), RoutingDropReason.NO_ROOM))
                .hasMessageStartingWith("expected a result, but there is none within PT0.1S" + FLOW);
    }

    @Test
    void noResult() {
        IllegalStateException failure = new IllegalStateException("no");

        assertFails(() -> kit.await(CompletableFuture.failedFuture(failure)))
                .hasMessageStartingWith("expected a result, but it failed: java.lang.IllegalStateException: no" + FLOW)
                .hasCause(failure);
        assertFails(() -> kit.await(new CompletableFuture<>()))
                .hasMessageStartingWith("expected a result, but there is none within PT0.1S" + FLOW);
    }

    @Test
    void notDropped() {
        assertFails(() -> kit.expectDropped(node, RoutingDropReason.NO_ROOM, 1))
                .hasMessageStartingWith("expected to be dropped by " + node.name()
                        + " because NO_ROOM: 1 messages, but it was 0" + FLOW);
        node.mailbox("lost").send(Route.of("h1", "nowhere"), Codec.string(), "lost");
        end.awaitAssert(LONG, () -> {
            assertThat(node.dropped(RoutingDropReason.NO_SUCH_ADDRESS)).isEqualTo(1);
            return end;
        });
        assertFails(() -> kit.expectDropped(node, RoutingDropReason.NO_SUCH_ADDRESS, 0))
                .hasMessageStartingWith("expected to be dropped by " + node.name()
                        + " because NO_SUCH_ADDRESS: 0 messages, but it was 1" + FLOW);
    }

    @Test
    void onlyTheLastFailureShowsTheFlow() {
        History<String> history = kit.history();

        var failure = assertFails(() -> kit.eventually(() -> history.expectDelivered("never")))
                .hasMessageStartingWith("expected to be delivered: 1 messages, [never]");
        failure.message().containsOnlyOnce(FLOW);
        failure.cause().hasMessageNotContaining(FLOW);
        assertFails(() -> history.expectDelivered("never"));
    }

    @Test
    void moreIsHeldThanBefore() {
        Footprint before = kit.footprint();
        kit.hop(node, "h2");

        assertFails(() -> kit.expectFootprint(before))
                .hasMessageContaining("\n  addresses " + before.addresses() + "\n")
                .hasMessageContaining("\nbut it is:\n")
                .hasMessageContaining("\n  addresses " + (before.addresses() + 1) + "\n");
    }

    @Test
    void nodeIsLeft() {
        assertFails(kit::expectNothingLeft)
                .hasMessageStartingWith("expected that nothing is left behind, but there is:\n  actors [ockam-"
                        + node.name() + "-watcher-")
                .hasMessageContaining("\n  addresses 3\n");
    }

    @Test
    void keyIsLeft() {
        Party party = kit.party();
        party.vault().generateAgreementKey().toCompletableFuture().join();
        party.vault().generateAgreementKey().toCompletableFuture().join();
        node.stop().toCompletableFuture().join();

        assertFails(kit::close)
                .hasMessageStartingWith("expected that nothing is left behind, but there is:\n  actors []")
                .hasMessageContaining("agreementKeys=2");
    }

    @Test
    void messageIsLeft() {
        kit.probe(node, "silent", Codec.string());
        node.mailbox("unread");
        node.mailbox("other").send(Route.of("unread"), Codec.string(), "waits");

        assertFails(kit::expectNothingLeft).hasMessageContaining("\n  messages under way 1\n");
    }

    @Test
    void connectionIsLeft() {
        Node other = kit.node(UUID.randomUUID().toString());
        MemoryTransport.create().connect(node, other);

        assertThatThrownBy(kit::expectNothingLeft).hasMessageContaining("\n  connections 2\n");
        other.stop().toCompletableFuture().join();
    }

    @Test
    void keysOfAStrangerAreNotCounted() {
        Party stranger = Party.create(testKit.system());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> kit.footprint().keys(stranger))
                .withMessage(stranger + " does not belong to this kit");
    }

    @Test
    void showsTheEndOfALongRecording() {
        for (int i = 0; i < 300; i++) {
            node.mailbox("m" + i).send(Route.of("end"), Codec.string(), "more");
            end.receiveMessage(LONG);
        }

        assertThatThrownBy(kit::expectNothingLeft)
                .hasMessageContaining(FLOW + "102 lines before this are not shown\n")
                .hasMessageContaining("m299 -> end: message, 5 bytes");
    }

    @Test
    void slowNodeDoesNotKeepTheOthersFromStopping() {
        Node other = kit.node(UUID.randomUUID().toString());
        CompletableFuture<Void> released = new CompletableFuture<>();
        node.start(Address.of("slow"), Codec.string(), Behaviors.receiveMessage(message -> {
            released.join();
            return Behaviors.same();
        }));
        node.mailbox("impatient").send(Route.of("slow"), Codec.string(), "wait");

        try {
            assertThatThrownBy(kit::close)
                    .isInstanceOf(AssertionError.class)
                    .hasMessageStartingWith("expected that nothing is left behind, but there is:\n  actors [")
                    .hasMessageContaining("ockam-" + node.name() + "-worker-");
            assertThat(other.isStopped()).isTrue();
        } finally {
            released.complete(null);
        }
    }

    @Test
    void otherExceptionsShowTheFlowToo() {
        assertFails(() -> kit.eventually(() -> {
                    throw new IllegalStateException("no");
                }))
                .hasMessageStartingWith("no" + FLOW)
                .hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesWhatCannotBeMeant() {
        Party party = kit.party();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> kit.listen(node, "api", party))
                .withMessage("a listener that accepts nobody");
        ActorTestKit elsewhere = ActorTestKit.create();
        try {
            Node far = Ockam.get(elsewhere.system()).createNode("far");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> kit.with(far))
                    .withMessage(far + " belongs to another actor system");
        } finally {
            elsewhere.shutdownTestKit();
        }
    }
}
