// SPDX-License-Identifier: Apache-2.0

package ockam.examples;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import java.util.HashMap;
import java.util.Map;
import ockam.jackson.JacksonCodecs;
import ockam.node.Node;
import ockam.node.Routed;
import ockam.node.WorkerRef;
import ockam.wire.Address;
import ockam.wire.Codec;

/** An actor with a protocol of its own that is also a worker: it keeps a stock, which the application fills, and peers order from it. */
public final class Stock {
    // #messages
    /** What peers ask for. */
    public record Order(String item, int count) {
        public static final Codec<Order> CODEC = JacksonCodecs.json().codec(Order.class);
    }

    /** What they get. */
    public record Receipt(String item, int delivered) {
        public static final Codec<Receipt> CODEC = JacksonCodecs.json().codec(Receipt.class);
    }
    // #messages

    // #worker
    /** The messages of the actor. */
    public sealed interface Command {}

    /** From the application: more of something. */
    public record Arrived(String item, int count) implements Command {}

    /** From peers. */
    private record Ordered(Routed<Order> order) implements Command {}

    /** Starts it at the address {@code stock}. */
    public static WorkerRef<Command> start(Node node) {
        return node.start(Address.of("stock"), Order.CODEC, create(), Ordered::new);
    }

    private static Behavior<Command> create() {
        return Behaviors.setup(context -> new Stock().behavior());
    }

    private final Map<String, Integer> items = new HashMap<>();

    private Behavior<Command> behavior() {
        return Behaviors.receive(Command.class)
                .onMessage(Arrived.class, this::arrived)
                .onMessage(Ordered.class, this::ordered)
                .build();
    }

    private Behavior<Command> arrived(Arrived arrived) {
        items.merge(arrived.item(), arrived.count(), Integer::sum);
        return Behaviors.same();
    }

    private Behavior<Command> ordered(Ordered ordered) {
        Order order = ordered.order().body();
        int there = items.getOrDefault(order.item(), 0);
        int delivered = Math.max(0, Math.min(order.count(), there));
        items.put(order.item(), there - delivered);
        ordered.order().reply(Receipt.CODEC, new Receipt(order.item(), delivered));
        return Behaviors.same();
    }
    // #worker
}
