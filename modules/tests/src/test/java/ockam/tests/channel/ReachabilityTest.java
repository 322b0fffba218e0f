// SPDX-License-Identifier: Apache-2.0

package ockam.tests.channel;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.LoggingTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import java.util.Set;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.channel.SecureChannelListenerOptions;
import ockam.identity.TrustPolicy;
import ockam.node.NodeAccess;
import ockam.node.Routed;
import ockam.node.Worker;
import ockam.node.WorkerOptions;
import ockam.routing.AccessControl;
import ockam.routing.FlowControlId;
import ockam.routing.Peer;
import ockam.routing.RoutingDropReason;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.Party;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What can be reached through a channel: nothing, unless it was allowed (secure channel, sections 6.5, 7.2 and 9). */
@ExtendWith(ActorTestKitExtension.class)
class ReachabilityTest {
    private static final Address WORKER = Address.of("worker");

    private final Scene scene;
    private final Party carol;
    private final SecureChannelListener listener;
    private final TestProbe<Routed<String>> worker;

    ReachabilityTest(ActorTestKit testKit) {
        scene = Scene.create(testKit);
        carol = Party.create(testKit.system());
        listener = SecureChannelListener.create(
                scene.node(),
                Scene.LISTENER,
                scene.bob().identity(),
                SecureChannelListenerOptions.trusting(
                        TrustPolicy.identifier(scene.alice().identifier())
                                .or(TrustPolicy.identifier(carol.identifier()))));
        worker = testKit.createTestProbe();
    }

    @AfterEach
    void end() {
        scene.close();
    }

    private void start(WorkerOptions options) {
        scene.node().attach(WORKER, Codec.string(), worker.ref(), options);
    }

    private SecureChannel openAsCarol() {
        return await(SecureChannel.create(
                scene.node(), Scene.TO_LISTENER, carol.identity(), scene.bob().channelOptions()));
    }

    // ---- flow control ----

    @Test
    void respondersWorkerIsReachedOnlyWhenAllowedFromTheListener() {
        start(WorkerOptions.defaults());
        SecureChannel channel = scene.open("listener");

        scene.send(channel.route("worker"), "too early");
        scene.eventuallyDropped(RoutingDropReason.OUTGOING_DENIED, 1);
        scene.node().allow(WORKER).from(listener);
        scene.send(channel.route("worker"), "in time");

        assertThat(worker.receiveMessage().body()).isEqualTo("in time");
    }

    @Test
    void firstMessageOfAPeerToAnAttachedActorIsWarnedOf() {
        start(WorkerOptions.defaults());
        SecureChannel channel = scene.open("listener");
        scene.node().allow(WORKER).from(listener);
        scene.send(Route.of("worker"), "from here");
        worker.receiveMessage();

        LoggingTestKit.warn("A peer sends to 0#worker, where an actor is attached")
                .withOccurrences(1)
                .expect(scene.system(), () -> {
                    scene.send(channel.route("worker"), "one");
                    scene.send(channel.route("worker"), "two");
                    worker.receiveMessage();
                    return worker.receiveMessage();
                });
    }

    @Test
    void initiatorsWorkerIsReachedOnlyWhenAllowedFromTheChannel() {
        start(WorkerOptions.defaults());
        SecureChannel channel = scene.open("listener");
        SecureChannel back = scene.otherEnd(channel);

        scene.send(back.route("worker"), "too early");
        scene.eventuallyDropped(RoutingDropReason.OUTGOING_DENIED, 1);
        scene.node().allow(WORKER).from(listener); // that is the other end
        scene.send(back.route("worker"), "still too early");
        scene.eventuallyDropped(RoutingDropReason.OUTGOING_DENIED, 2);
        scene.node().allow(WORKER).from(channel);
        scene.send(back.route("worker"), "in time");

        assertThat(worker.receiveMessage().body()).isEqualTo("in time");
    }

    @Test
    void allowingFromOneChannelDoesNotAllowFromAnother() {
        start(WorkerOptions.defaults());
        SecureChannel first = scene.open("listener");
        SecureChannel second = scene.open("listener");
        scene.node().allow(WORKER).from(scene.otherEnd(first));

        scene.send(second.route("worker"), "second");
        scene.eventuallyDropped(RoutingDropReason.OUTGOING_DENIED, 1);
        scene.send(first.route("worker"), "first");

        assertThat(worker.receiveMessage().body()).isEqualTo("first");
    }

    @Test
    void allowingFromTheListenerAllowsFromAllItsChannels() {
        start(WorkerOptions.defaults());
        SecureChannel before = scene.open("listener");
        scene.node().allow(WORKER).from(listener);
        SecureChannel after = scene.open("listener");

        scene.send(before.route("worker"), "before");
        assertThat(worker.receiveMessage().body()).isEqualTo("before");
        scene.send(after.route("worker"), "after");
        assertThat(worker.receiveMessage().body()).isEqualTo("after");
    }

    @Test
    void addressMayBeAllowedBeforeItIsInUse() {
        scene.node().allow(WORKER).from(listener);
        SecureChannel channel = scene.open("listener");
        start(WorkerOptions.defaults());

        scene.send(channel.route("worker"), "Hello");

        assertThat(worker.receiveMessage().body()).isEqualTo("Hello");
    }

    @Test
    void peerCannotUseTheNodeToGetIntoOtherChannels() {
        SecureChannel channel = scene.open("listener");
        SecureChannel another = openAsCarol();
        SecureChannel bobsEnd = scene.otherEnd(another);

        // Bob's node could forward what Alice sends: to Carol, into Bob's own channel, to his listener.
        scene.send(channel.route(Route.of(bobsEnd.address(), WORKER)), "as Bob to Carol");
        scene.send(channel.route(Route.of(bobsEnd.decryptorAddress())), "as a frame of Carol's");
        scene.send(channel.route(Route.of(scene.otherEnd(channel).address(), WORKER)), "back to Alice");
        scene.send(channel.route(Scene.TO_LISTENER), "as a handshake");

        scene.eventuallyDropped(RoutingDropReason.OUTGOING_DENIED, 4);
        assertThat(scene.channels()).hasSize(4);
    }

    @Test
    void nothingReachesTheAddressThatDecryptedMessagesComeFrom() {
        start(WorkerOptions.defaults());
        scene.node().allow(WORKER).from(listener);
        SecureChannel channel = scene.open("listener");
        scene.send(channel.route("worker"), "Hello");
        Address internal = worker.receiveMessage().source();

        scene.send(Route.of(internal), "to the inside");

        scene.eventuallyDropped(RoutingDropReason.INCOMING_DENIED, 1);
    }

    @Test
    void repliesToQuestionsAreAllowedAutomatically() {
        scene.node().allow(scene.echoer("echoer")).from(listener);

        assertThat(scene.ask(scene.open("listener"), "echoer", "Hello")).isEqualTo("Hello");
    }

    // ---- access control by identity ----

    @Test
    void workerForOnePeerIsReachedByThatPeerOnly() {
        start(WorkerOptions.defaults()
                .withIncoming(AccessControl.peer(scene.alice().identifier())));
        scene.node().allow(WORKER).from(listener);
        SecureChannel ofAlice = scene.open("listener");
        SecureChannel ofCarol = openAsCarol();

        scene.send(ofCarol.route("worker"), "from Carol");
        scene.eventuallyDropped(RoutingDropReason.INCOMING_DENIED, 1);
        scene.send(Route.of(WORKER), "without a peer");
        scene.eventuallyDropped(RoutingDropReason.INCOMING_DENIED, 2);
        scene.send(ofAlice.route("worker"), "from Alice");

        assertThat(worker.receiveMessage().body()).isEqualTo("from Alice");
    }

    @Test
    void workerForPeersIsReachedByAnyPeerButNotWithoutAChannel() {
        start(WorkerOptions.defaults().withIncoming(AccessControl.anyPeer()));
        scene.node().allow(WORKER).from(listener);
        SecureChannel ofAlice = scene.open("listener");
        SecureChannel ofCarol = openAsCarol();

        scene.send(Route.of(WORKER), "without a peer");
        scene.eventuallyDropped(RoutingDropReason.INCOMING_DENIED, 1);
        scene.send(ofAlice.route("worker"), "from Alice");
        assertThat(worker.receiveMessage().peer())
                .contains(new Peer(scene.alice().identifier()));
        scene.send(ofCarol.route("worker"), "from Carol");
        assertThat(worker.receiveMessage().peer()).contains(new Peer(carol.identifier()));
    }

    @Test
    void hopBehindTheChannelKeepsThePeer() {
        start(WorkerOptions.defaults()
                .withIncoming(AccessControl.peer(scene.alice().identifier())));
        scene.hops("hop");
        scene.node().allow(Address.of("hop")).from(listener);

        scene.send(scene.open("listener").route(Route.of("hop", "worker")), "through a hop");

        assertThat(worker.receiveMessage().peer())
                .contains(new Peer(scene.alice().identifier()));
    }

    /** What is opened too late must not be kept: no one would ever close it. */
    @Test
    void keepsNoOpeningToAChannelOrListenerThatHasEnded() {
        Worker worker = scene.echoer("worker");
        SecureChannel channel = scene.open("listener");
        SecureChannel accepted = scene.otherEnd(channel);
        await(listener.stop());
        scene.node().allow(worker).from(listener);
        assertThat(openings(scene, worker)).as("its channels live on").hasSize(1);
        await(channel.close());
        await(accepted.whenClosed());

        scene.node().allow(worker).from(channel);
        scene.node().allow(worker).from(accepted);
        scene.node().allow(worker).from(listener);

        assertThat(openings(scene, worker)).isEmpty();
    }

    private static Set<FlowControlId> openings(Scene scene, Worker worker) {
        return NodeAccess.router(scene.node()).flowControls().consumedBy(worker.address());
    }
}
