// SPDX-License-Identifier: Apache-2.0

package ockam.testkit;

import akka.NotUsed;
import akka.japi.Pair;
import akka.stream.Attributes;
import akka.stream.DelayOverflowStrategy;
import akka.stream.KillSwitches;
import akka.stream.UniqueKillSwitch;
import akka.stream.javadsl.BidiFlow;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Keep;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.IntFunction;
import ockam.node.Connection;
import ockam.node.ConnectionSpec;
import ockam.node.Node;
import ockam.node.NodeAccess;
import ockam.wire.LocalMessage;
import org.jspecify.annotations.Nullable;

/**
 * Joins two nodes by a connection inside one JVM, as a transport joins them between two: the nodes share nothing else. A link may lose,
 * delay, repeat, reorder and damage messages, each direction by itself; the same seed and the same messages produce the same faults.
 *
 * <pre>{@code
 * MemoryTransport.Link link = MemoryTransport.create().connect(alice, bob);
 * bob.allow(echoer).from(link.second());
 * alice.ask(link.first().route("echoer"), Codec.string(), "Hello");
 * }</pre>
 *
 * <p>Immutable; each {@code withX} returns a copy. The nodes may belong to different actor systems.
 */
public final class MemoryTransport {
    /** Messages that a delayed direction holds; then it is slower than its sender. */
    private static final int DELAYED = 1_024;

    /** What happens in a direction, of which there are two. */
    private record Wires(String text, IntFunction<FaultPlan<LocalMessage>> plan) {}

    private final @Nullable Wires faults;
    private final Duration delay;

    private MemoryTransport(@Nullable Wires faults, Duration delay) {
        this.faults = faults;
        this.delay = delay;
    }

    /** Returns a transport without faults or delay. */
    public static MemoryTransport create() {
        return new MemoryTransport(null, Duration.ZERO);
    }

    /**
     * Returns the same with faults in both directions, each of which has draws of its own. Held-back messages leave when enough later ones have
     * come, or at the end.
     */
    public MemoryTransport withFaults(Faults these) {
        Wires drawn = new Wires(
                these.toString(),
                direction -> these.withSeed(these.seed() + direction).plan());
        return new MemoryTransport(drawn, delay);
    }

    /** Returns the same with a script, which each direction follows from its beginning. */
    public MemoryTransport withFaults(FaultScript script) {
        return new MemoryTransport(new Wires(script.toString(), direction -> script.plan()), delay);
    }

    /** Returns the same with messages that take this time in each direction, by the clock of the first node's actor system. */
    public MemoryTransport withDelay(Duration time) {
        return new MemoryTransport(faults, time);
    }

    /**
     * Joins two nodes. A node that has stopped gets a connection that has failed.
     *
     * @return both ends of the link, ready to be used
     */
    public Link connect(Node first, Node second) {
        var ends = connection(first, second)
                .joinMat(KillSwitches.<LocalMessage, LocalMessage>singleBidi(), Keep.both())
                .join(BidiFlow.fromFlows(direction(0), direction(1)))
                .joinMat(connection(second, first), Keep.both())
                .run(first.system());
        NodeAccess.opened(ends.first().first());
        NodeAccess.opened(ends.second());
        return new Link(ends.first().first(), ends.second(), ends.first().second());
    }

    /** Both ends of a link. */
    public static final class Link {
        private final Connection first;
        private final Connection second;
        private final UniqueKillSwitch wires;

        private Link(Connection first, Connection second, UniqueKillSwitch wires) {
            this.first = first;
            this.second = second;
            this.wires = wires;
        }

        /** Returns the end at the first node. */
        public Connection first() {
            return first;
        }

        /** Returns the end at the second node. */
        public Connection second() {
            return second;
        }

        /** Cuts the link: both ends fail, and what is between them is lost. */
        public void cut() {
            wires.abort(new IOException("the link was cut"));
        }
    }

    private static Flow<LocalMessage, LocalMessage, Connection> connection(Node at, Node to) {
        return NodeAccess.connection(at, ConnectionSpec.outgoing("memory " + to.name()))
                .mapConcat(batch -> batch);
    }

    private Flow<LocalMessage, LocalMessage, NotUsed> direction(int number) {
        Flow<LocalMessage, LocalMessage, NotUsed> wire = Flow.create();
        if (faults != null) {
            wire = wire.via(harming(faults, number));
        }
        if (!delay.isZero()) {
            wire = wire.delay(delay, DelayOverflowStrategy.backpressure())
                    .addAttributes(Attributes.inputBuffer(DELAYED, DELAYED));
        }
        return wire;
    }

    private static Flow<LocalMessage, LocalMessage, NotUsed> harming(Wires faults, int direction) {
        return Flow.<LocalMessage>create()
                .statefulMap(
                        () -> faults.plan().apply(direction),
                        (plan, message) ->
                                Pair.create(plan, plan.harm(message, message.payload(), message.onwardRoute())),
                        plan -> Optional.of(plan.release()))
                .mapConcat(parcels -> parcels)
                .map(parcel -> LocalMessage.of(
                        parcel.message().onwardRoute(), parcel.message().returnRoute(), parcel.payload()));
    }

    @Override
    public String toString() {
        return "MemoryTransport(" + (faults == null ? "" : faults.text() + ", ") + delay + ")";
    }
}
