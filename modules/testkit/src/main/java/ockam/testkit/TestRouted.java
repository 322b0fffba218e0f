// SPDX-License-Identifier: Apache-2.0

package ockam.testkit;

import akka.util.ByteString;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import ockam.node.NodeAccess;
import ockam.node.Routed;
import ockam.routing.Peer;
import ockam.routing.spi.Delivery;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Identifier;
import ockam.wire.LocalMessage;
import ockam.wire.Route;

/**
 * A message for a worker that is tested without a node, as with Akka's {@code BehaviorTestKit}, and a record of what the worker did with it.
 *
 * <pre>{@code
 * TestRouted<String> question = TestRouted.create(Codec.string(), "Hello");
 * BehaviorTestKit.create(Echoer.create()).run(question.message());
 * assertThat(question.replies(Codec.string())).containsExactly("Hello");
 * }</pre>
 *
 * <p>Nothing is delivered and nothing is bounded. Thread safe.
 *
 * @param <T> type of the body
 */
public final class TestRouted<T> {
    private final Codec<T> codec;
    private final Address source;
    private final LocalMessage arriving;
    private final List<LocalMessage> sent = new CopyOnWriteArrayList<>();
    private final Delivery delivery;
    private final Routed<T> message;

    private TestRouted(Codec<T> codec, Address source, LocalMessage arriving) {
        this.codec = codec;
        this.source = source;
        this.arriving = arriving;
        this.delivery = Delivery.offNode(arriving.onwardRoute().next(), source, arriving, sent::add);
        this.message = NodeAccess.routed(delivery, codec);
    }

    /**
     * Creates a message that arrives at {@code 0#worker} from {@code 0#sender}, with a body that was encoded and decoded. Throws what the codec
     * throws if it cannot encode the body.
     *
     * @throws ockam.routing.RoutingException {@code UNDECODABLE} if the codec refuses what it has encoded
     */
    public static <T> TestRouted<T> create(Codec<T> codec, T body) {
        return ofPayload(codec, codec.encode(body));
    }

    /**
     * Creates the same message from a payload, such as one for a hop.
     *
     * @throws ockam.routing.RoutingException {@code UNDECODABLE} if the codec refuses the payload; a worker on a node would not receive it
     */
    public static <T> TestRouted<T> ofPayload(Codec<T> codec, ByteString payload) {
        Address source = Address.of("sender");
        return new TestRouted<>(codec, source, LocalMessage.of(Route.of("worker"), Route.of(source), payload));
    }

    /** Returns the same message with another onward route, which begins with the address of the worker. */
    public TestRouted<T> withOnwardRoute(Route route) {
        return with(source, arriving.withOnwardRoute(route));
    }

    /** Returns the same message with another return route. */
    public TestRouted<T> withReturnRoute(Route route) {
        return with(source, arriving.withReturnRoute(route));
    }

    /** Returns the same message, sent from another address of the node. */
    public TestRouted<T> withSource(Address address) {
        return with(address, arriving);
    }

    /** Returns the same message as one that came through a secure channel with this peer. */
    public TestRouted<T> withPeer(Identifier peer) {
        return withPeer(new Peer(peer));
    }

    /** Returns the same message as one that came through a secure channel with this peer, of which authorities may say something. */
    public TestRouted<T> withPeer(Peer peer) {
        return with(source, arriving.withLocalInfo(List.of(peer)));
    }

    /** Another message, so with a record of its own. */
    private TestRouted<T> with(Address from, LocalMessage changed) {
        return new TestRouted<>(codec, from, changed);
    }

    /** Returns the message as the worker receives it; each time the same one. */
    public Routed<T> message() {
        return message;
    }

    /** Returns what was sent along the return route so far, in order. Throws if the codec refuses one of the payloads. */
    public <R> List<R> replies(Codec<R> answerCodec) {
        return sent.stream()
                .filter(made -> made.onwardRoute().equals(arriving.returnRoute()))
                .map(reply -> answerCodec.decode(reply.payload()).orElseThrow())
                .toList();
    }

    /** Returns all that the worker made of the message so far, in order: replies, and what it forwarded. */
    public List<LocalMessage> sent() {
        return List.copyOf(sent);
    }

    /** Returns whether the worker has deferred the message, and has neither replied to it nor forwarded nor discarded it since. */
    public boolean isDeferred() {
        return delivery.isDeferred() && !delivery.isSettled();
    }

    /** Shows routes and sizes, never the body. */
    @Override
    public String toString() {
        return "TestRouted(" + arriving + ")";
    }
}
