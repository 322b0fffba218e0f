// SPDX-License-Identifier: Apache-2.0

package ockam.tests.channel;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.LoggingTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.util.ByteString;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import ockam.channel.Role;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.channel.SecureChannels;
import ockam.fixtures.ForwardingVault;
import ockam.identity.InMemoryIdentityRepository;
import ockam.node.Node;
import ockam.node.NodeAccess;
import ockam.node.Ockam;
import ockam.node.Routed;
import ockam.routing.spi.Observer;
import ockam.routing.spi.Router;
import ockam.routing.spi.RoutingEvent;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.Footprint;
import ockam.testkit.Party;
import ockam.vault.AgreementKey;
import ockam.vault.KeyCounts;
import ockam.vault.SoftwareVault;
import ockam.vault.Vault;
import ockam.wire.Address;
import ockam.wire.Any;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Handshakes that end before they are finished: the caller is notified immediately, and nothing is left of them. */
@ExtendWith(ActorTestKitExtension.class)
class AbandonedHandshakeTest {
    private final Scene scene;

    AbandonedHandshakeTest(ActorTestKit testKit) {
        scene = Scene.create(testKit);
        await(scene.alice()
                .identity()
                .identities()
                .secureChannelKey(scene.alice().identity()));
        await(scene.bob().identity().identities().secureChannelKey(scene.bob().identity()));
    }

    @AfterEach
    void end() {
        scene.close();
    }

    @Test
    void unknownFirstHopFailsImmediately() {
        Footprint before = scene.footprint();

        assertThat(Scene.failureOf(scene.create("nowhere => listener"))).isEqualTo("MESSAGE_1: NO_SUCH_ADDRESS");
        scene.eventually(before);
    }

    @Test
    void emptyAndEndlessRoutesFailImmediately() {
        scene.hops("hop");
        Footprint before = scene.footprint();
        Route endless = Route.of(
                IntStream.range(0, 100_000).mapToObj(i -> Address.of("hop")).toList());

        assertThat(Scene.failureOf(create(Route.empty()))).isEqualTo("MESSAGE_1: INCOMPLETE_ROUTE");
        assertThat(Scene.failureOf(create(endless))).isEqualTo("MESSAGE_1: ROUTE_TOO_LONG");
        scene.eventually(before);
    }

    @Test
    void stoppedNodeFailsImmediately() {
        scene.listen();
        await(scene.node().stop());

        assertThat(Scene.failureOf(scene.create("listener"))).isEqualTo("PREPARE: STOPPED");
        assertThat(Scene.failureOf(create(Route.empty()))).isEqualTo("MESSAGE_1: INCOMPLETE_ROUTE");
    }

    @Test
    void vaultThatGeneratesNoKeyFailsImmediately() {
        SoftwareVault software = Party.vault(scene.system());
        Vault vault = new ForwardingVault(software) {
            @Override
            public CompletionStage<AgreementKey> generateAgreementKey() {
                return CompletableFuture.failedFuture(new IllegalStateException("no key today"));
            }
        };
        Party carol = Party.create(software, vault, InMemoryIdentityRepository.create(), Clock.systemUTC());
        scene.listen();
        Footprint before = scene.footprint();

        assertThat(Scene.failureOf(SecureChannel.create(
                        scene.node(),
                        Scene.TO_LISTENER,
                        carol.identity(),
                        scene.bob().channelOptions())))
                .isEqualTo("PREPARE: OWN_KEY_UNAVAILABLE");
        scene.eventually(before);
    }

    @Test
    void message2ThatCannotBeAnsweredFailsImmediately() {
        TestProbe<Routed<Any>> hop = scene.hand("hop");
        scene.listen();
        Footprint before = scene.footprint();
        for (Route back : List.of(Route.empty(), Route.of("nowhere", "responder"))) {
            CompletionStage<SecureChannel> handshake = scene.create("hop => listener");
            hop.receiveMessage().forward();
            LocalMessage message2 = hop.receiveMessage().message();
            scene.app().send(message2.step().withReturnRoute(back));

            assertThat(Scene.failureOf(handshake))
                    .isEqualTo("MESSAGE_3: " + (back.isEmpty() ? "INCOMPLETE_ROUTE" : "NO_SUCH_ADDRESS"));
        }
        scene.eventually(inUse -> assertThat(inUse.keys(scene.alice())).isEqualTo(before.keys(scene.alice())));
    }

    @Test
    void message1ThatCannotBeAnsweredEndsItsResponder() {
        scene.listen();
        Footprint before = scene.footprint();
        ByteString message1 = ByteString.fromArray(
                HandmadeNoise.initiator(HandmadeNoise.KeyPair.random()).writeMessage1());

        LoggingTestKit.debug("as RESPONDER not made: MESSAGE_2: INCOMPLETE_ROUTE")
                .expect(
                        scene.system(),
                        () -> scene.app().send(LocalMessage.of(Scene.TO_LISTENER, Route.empty(), message1)));
        LoggingTestKit.debug("as RESPONDER not made: MESSAGE_2: NO_SUCH_ADDRESS")
                .expect(
                        scene.system(),
                        () -> scene.app().send(LocalMessage.of(Scene.TO_LISTENER, Route.of("nowhere"), message1)));

        scene.eventually(before);
    }

    private CompletionStage<SecureChannel> create(Route route) {
        return SecureChannel.create(
                scene.node(), route, scene.alice().identity(), scene.bob().channelOptions());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void nodeThatStopsDuringAHandshakeEndsIt(int messagesPassed) {
        TestProbe<Routed<Any>> hop = scene.hand("hop");
        scene.listen();
        CompletionStage<SecureChannel> handshake = scene.create("hop => listener");
        for (int i = 0; i < messagesPassed; i++) {
            hop.receiveMessage().forward();
        }
        hop.receiveMessage();

        await(scene.node().stop());

        assertThat(Scene.failureOf(handshake)).isEqualTo("OPEN: STOPPED");
    }

    @Test
    void nodeThatStopsEndsAResponderThatWaitsForMessage3() {
        TestProbe<Routed<Any>> hop = scene.hand("hop");
        scene.listen();
        CompletionStage<SecureChannel> handshake = scene.create("hop => listener");
        hop.receiveMessage().forward();
        hop.receiveMessage().forward();
        hop.receiveMessage();
        await(handshake);

        await(scene.node().stop());

        assertThat(scene.bob().keys()).isEqualTo(new KeyCounts(1, 1, 0, 0));
    }

    @Test
    void stoppingItsAddressEndsAHandshake() {
        TestProbe<Routed<Any>> hop = scene.hand("hop");
        Footprint before = scene.footprint();
        CompletionStage<SecureChannel> handshake = scene.create("hop => listener");
        Address decryptor = hop.receiveMessage().returnRoute().recipient();

        await(scene.node().stop(decryptor));

        assertThat(Scene.failureOf(handshake)).isEqualTo("OPEN: STOPPED");
        scene.eventually(before);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void handshakeThatItsCallerHasGivenUpEnds(int messagesPassed) {
        TestProbe<Routed<Any>> hop = scene.hand("hop");
        Footprint before = scene.footprint();
        scene.listen();
        CompletionStage<SecureChannel> handshake = scene.create("hop => listener");
        for (int i = 0; i < messagesPassed; i++) {
            hop.receiveMessage().forward();
        }
        hop.receiveMessage();

        handshake.toCompletableFuture().cancel(false);

        await(scene.node().stop(Scene.LISTENER));
        scene.eventually(inUse -> assertThat(inUse.keys(scene.alice())).isEqualTo(before.keys(scene.alice())));
        int responder = messagesPassed; // it waits until its time is up, since nobody tells it
        scene.eventually(inUse -> assertThat(inUse.actors("channel")).isEqualTo(responder));
    }

    /** Before the actor of the channel knows that message 3 is sent, the peer may have it. */
    @Test
    void peerIsToldOfAChannelThatIsGivenUpWhenMessage3IsSent() {
        scene.listen();
        Footprint before = scene.footprint();
        CompletableFuture<CompletionStage<SecureChannel>> handshake = new CompletableFuture<>();
        AtomicInteger delivered = new AtomicInteger();
        Observer observer = event -> {
            // What is sent is observed by the actor that sends it, before it says so.
            if (event instanceof RoutingEvent.MessageDelivered && delivered.incrementAndGet() == 3) {
                await(handshake).toCompletableFuture().cancel(false);
            }
        };
        Router router = NodeAccess.router(scene.node());
        router.addObserver(observer);

        handshake.complete(scene.create("listener"));

        scene.eventually(() -> assertThat(delivered).as("and a Close").hasValue(4));
        scene.eventually(before);
        router.removeObserver(observer);
    }

    @Test
    void burstOfHandshakesWhileTheNodeStopsLeavesNothing() {
        scene.listen();
        List<CompletionStage<SecureChannel>> handshakes =
                IntStream.range(0, 50).mapToObj(i -> scene.create("listener")).toList();

        await(scene.node().stop());

        // Each of them gets a channel or a failure; the end of the scene checks whether anything is left.
        handshakes.forEach(handshake -> await(handshake.handle((channel, failure) -> true)));
    }

    /** An executor whose curve operations, once it is slow, wait until the test runs them. */
    private static final class SlowVault implements Executor {
        private final BlockingQueue<Runnable> operations = new LinkedBlockingQueue<>();
        private volatile boolean slow;

        @Override
        public void execute(Runnable operation) {
            if (slow) {
                operations.add(operation);
            } else {
                operation.run();
            }
        }

        /** Waits for an operation and runs it; returns false if there is none before the condition holds. */
        boolean runOneUnless(BooleanSupplier over) throws InterruptedException {
            while (!over.getAsBoolean()) {
                Runnable operation = operations.poll(5, TimeUnit.MILLISECONDS);
                if (operation != null) {
                    operation.run();
                    return true;
                }
            }
            return false;
        }

        void runTheRest() {
            slow = false;
            for (Runnable operation = operations.poll(); operation != null; operation = operations.poll()) {
                operation.run();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void operationsOfTheVaultThatAreUnderWayWhenTheNodeStopsLeaveNoKey(Role slowSide) throws InterruptedException {
        int operations = 0;
        while (!finishesWithin(operations, slowSide)) {
            operations++;
        }
        assertThat(operations).isGreaterThan(5);
    }

    /** Stops the node after this many vault operations of one side; returns whether the channel was open by then. */
    private boolean finishesWithin(int operations, Role slowSide) throws InterruptedException {
        SlowVault vault = new SlowVault();
        SoftwareVault software = SoftwareVault.create(vault);
        Party slow = Party.create(software, software, InMemoryIdentityRepository.create(), Clock.systemUTC());
        await(slow.identity().identities().secureChannelKey(slow.identity()));
        Party initiator = slowSide == Role.INITIATOR ? slow : scene.alice();
        Party responder = slowSide == Role.RESPONDER ? slow : scene.bob();
        Node node = Ockam.get(scene.system()).createNode("abandoned");
        SecureChannelListener.create(node, Scene.LISTENER, responder.identity(), initiator.listenerOptions());
        SecureChannels registry = SecureChannels.get(scene.system());

        vault.slow = true;
        CompletionStage<SecureChannel> handshake =
                SecureChannel.create(node, Scene.TO_LISTENER, initiator.identity(), responder.channelOptions());
        boolean finished = false;
        for (int i = 0; i < operations && !finished; i++) {
            finished = !vault.runOneUnless(() -> registry.list(node).size() == 2);
        }
        await(node.stop());
        vault.runTheRest();

        await(handshake.handle((channel, failure) -> true));
        scene.eventually(() -> assertThat(slow.keys()).isEqualTo(new KeyCounts(1, 1, 0, 0)));
        assertThat(registry.list(node)).isEmpty();
        return finished;
    }
}
