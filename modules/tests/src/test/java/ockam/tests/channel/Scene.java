// SPDX-License-Identifier: Apache-2.0

package ockam.tests.channel;

import static ockam.fixtures.Stages.await;
import static ockam.fixtures.Stages.awaitFailureOf;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.util.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import ockam.channel.HandshakeException;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.channel.SecureChannelListenerOptions;
import ockam.channel.SecureChannelOptions;
import ockam.channel.SecureChannels;
import ockam.node.Hop;
import ockam.node.Mailbox;
import ockam.node.Node;
import ockam.node.Routed;
import ockam.node.Worker;
import ockam.routing.DropReason;
import ockam.routing.SendResult;
import ockam.testkit.Footprint;
import ockam.testkit.OckamTestKit;
import ockam.testkit.Party;
import ockam.testkit.Tap;
import ockam.wire.Address;
import ockam.wire.Any;
import ockam.wire.Codec;
import ockam.wire.LocalMessage;
import ockam.wire.Route;

/**
 * Alice and Bob on one node, and the operations that channel tests often need. Alice opens channels, Bob listens. When it ends,
 * nothing of any channel may be left: no actor, no address, no entry in the registry, no key, no message under way.
 */
final class Scene implements AutoCloseable {
    static final Address LISTENER = Address.of("listener");
    static final Route TO_LISTENER = Route.of(LISTENER);

    private final OckamTestKit kit;
    private final Node node;
    private final Party alice;
    private final Party bob;
    private final Mailbox app;

    private Scene(ActorTestKit testKit, Party alice, Party bob) {
        this.kit = OckamTestKit.create(testKit);
        this.node = kit.node("scene");
        this.alice = kit.with(alice);
        this.bob = kit.with(bob);
        this.app = node.mailbox("app");
    }

    static Scene create(ActorTestKit testKit) {
        return create(testKit, Party.create(testKit.system()), Party.create(testKit.system()));
    }

    /** Creates a scene with the test's own parties. */
    static Scene create(ActorTestKit testKit, Party alice, Party bob) {
        return new Scene(testKit, alice, bob);
    }

    /** Records nothing from now on: for tests that look at the heap. */
    Scene withoutRecording() {
        kit.stopRecording();
        return this;
    }

    ActorTestKit testKit() {
        return kit.testKit();
    }

    ActorSystem<?> system() {
        return kit.system();
    }

    Node node() {
        return node;
    }

    Party alice() {
        return alice;
    }

    Party bob() {
        return bob;
    }

    Mailbox app() {
        return app;
    }

    /** Has the keys generated that all channels of a party share, so that a footprint from before the first channel has them too. */
    void prepareKeys() {
        await(alice.identity().identities().secureChannelKey(alice.identity()));
        await(bob.identity().identities().secureChannelKey(bob.identity()));
    }

    // ---- workers of the node ----

    /** Lets Bob accept channels from Alice. */
    SecureChannelListener listen() {
        return listen(alice.listenerOptions());
    }

    /** Does the same with the test's own options. */
    SecureChannelListener listen(SecureChannelListenerOptions options) {
        return SecureChannelListener.create(node, LISTENER, bob.identity(), options);
    }

    /** Starts hops, which keep nothing, unlike those of the kit: many messages may pass. */
    void hops(String... names) {
        for (String name : names) {
            node.start(Address.of(name), Hop.create());
        }
    }

    /** Starts a hop that records messages. */
    Tap tap(String name) {
        return kit.hop(node, name);
    }

    /** Starts a hop whose messages the test has to forward. */
    TestProbe<Routed<Any>> hand(String name) {
        return attached(name, Codec.any());
    }

    /** Attaches a probe of the test as a worker. */
    <T> TestProbe<Routed<T>> attached(String name, Codec<T> codec) {
        return kit.probe(node, name, codec);
    }

    /** Starts a worker that replies to every text with the same text. */
    Worker echoer(String name) {
        return node.start(Address.of(name), Codec.string(), echoing());
    }

    /** Replies to every text with the same text. */
    static Behavior<Routed<String>> echoing() {
        return Behaviors.receiveMessage(message -> {
            message.reply(message.body());
            return Behaviors.same();
        });
    }

    // ---- channels ----

    /** Opens a channel from Alice to Bob. */
    SecureChannel open(String route) {
        return await(create(route));
    }

    /** Does the same, without waiting for it. */
    CompletionStage<SecureChannel> create(String route) {
        return create(route, bob.channelOptions());
    }

    /** Does the same with the test's own options. */
    CompletionStage<SecureChannel> create(String route, SecureChannelOptions options) {
        return SecureChannel.create(node, Route.parse(route), alice.identity(), options);
    }

    /** Returns the other end of a channel on this node; waits until it is open as well. */
    SecureChannel otherEnd(SecureChannel end) {
        List<SecureChannel> found = new ArrayList<>();
        eventually(() -> {
            found.clear();
            found.addAll(otherEnds(end));
            assertThat(found).hasSize(1);
        });
        return found.get(0);
    }

    /** Returns the other end of a channel if it is on this node and open. */
    List<SecureChannel> otherEnds(SecureChannel end) {
        return channels().stream()
                .filter(other -> other.decryptorAddress().equals(end.peerDecryptorAddress()))
                .toList();
    }

    List<SecureChannel> channels() {
        return SecureChannels.get(system()).list(node);
    }

    /** Returns the reply to a text, through a channel. */
    String ask(SecureChannel channel, String worker, String text) {
        return await(node.ask(channel.route(worker), Codec.string(), text)).body();
    }

    /** Sends a text from the mailbox. */
    void send(Route route, String text) {
        assertThat(app.send(route, Codec.string(), text)).isEqualTo(SendResult.accepted());
    }

    /** Sends bytes from the mailbox as they are. */
    void sendBytes(Route route, ByteString bytes) {
        assertThat(app.send(LocalMessage.of(route, Route.of(app.address()), bytes)))
                .isEqualTo(SendResult.accepted());
    }

    /** Returns the next message in the mailbox. */
    Routed<Any> received() {
        return await(app.receive(Codec.any()));
    }

    // ---- resources in use ----

    /**
     * Returns what is in use now, to be compared with later. What ends, ends in its own time: an actor is still there when its last
     * word has arrived. So any other statement about the resources in use is one about what they will be, with {@code eventually}.
     */
    Footprint footprint() {
        return kit.footprint();
    }

    /** Waits until exactly the same resources are in use as then. */
    void eventually(Footprint as) {
        kit.expectFootprint(as);
    }

    /** Repeats the check of what is in use until it passes. */
    void eventually(Consumer<Footprint> check) {
        eventually(() -> check.accept(footprint()));
    }

    /** Repeats the check until it passes. */
    void eventually(Runnable check) {
        kit.eventually(check);
    }

    /** Waits until this many messages were dropped for a reason. */
    void eventuallyDropped(DropReason reason, long count) {
        kit.expectDropped(node, reason, count);
    }

    /** Stops the node and checks whether anything is left. */
    @Override
    public void close() {
        kit.close();
    }

    /** Returns how a handshake failed, as {@code STEP: REASON}. */
    static String failureOf(CompletionStage<SecureChannel> handshake) {
        Throwable failure = awaitFailureOf(handshake);
        assertThat(failure).isInstanceOf(HandshakeException.class);
        HandshakeException refused = (HandshakeException) failure;
        return refused.step() + ": " + refused.reason();
    }
}
