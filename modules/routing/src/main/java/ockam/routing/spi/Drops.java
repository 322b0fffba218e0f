// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Adapter;
import akka.annotation.InternalApi;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import ockam.routing.DropReason;
import ockam.routing.MessageDropped;
import ockam.wire.Address;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * INTERNAL API. Counts what a node drops, publishes each drop as {@link MessageDropped}, and logs at most one line for each reason and
 * interval.
 *
 * <p>Thread safe. It has one counter for each reason, so its size is bounded regardless of what comes in.
 */
@InternalApi
public final class Drops {
    private static final Logger LOG = LoggerFactory.getLogger(Drops.class);
    /** For most drops, the reason says it all. */
    static final Supplier<String> NO_DETAIL = () -> "";

    private static final class Counter {
        final LongAdder count = new LongAdder();
        final LogLimit lines;

        Counter(LogLimit lines) {
            this.lines = lines;
        }
    }

    private final ActorSystem<?> system;
    private final Consumer<Supplier<Observer.Event>> observers;
    private final String node;
    private final Duration logInterval;
    private final LongSupplier nanoTime;
    private final Map<DropReason, Counter> counters = new ConcurrentHashMap<>(); // at most one for each constant

    /** {@code observers} creates an event only if there are observers. */
    Drops(
            ActorSystem<?> system,
            String node,
            Consumer<Supplier<Observer.Event>> observers,
            Duration logInterval,
            LongSupplier nanoTime) {
        this.observers = observers;
        this.system = system;
        this.node = node;
        this.logInterval = logInterval;
        this.nanoTime = nanoTime;
    }

    /** Counts, publishes and perhaps logs one dropped message. */
    public void dropped(DropReason reason, Address address) {
        dropped(reason, address, NO_DETAIL);
    }

    /**
     * The same with a detail for the log line, if there is one; it must be safe to print.
     *
     * @param detail called only if the drop is logged; must not throw
     */
    void dropped(DropReason reason, Address address, Supplier<String> detail) {
        Counter counter = counters.computeIfAbsent(reason, unused -> new Counter(new LogLimit(logInterval, nanoTime)));
        counter.count.increment();
        Adapter.toClassic(system).eventStream().publish(new MessageDropped(node, reason, address));
        observers.accept(() -> new RoutingEvent.MessageDropped(node, address, reason));
        if (counter.lines.passes()) {
            NodeLog.in(
                    node,
                    () -> LOG.warn(
                            "Message dropped at {}: {}{} ({} so far; further ones are only counted for a while)",
                            NodeLog.text(address),
                            reason.name(),
                            detail.get(),
                            count(reason)));
        }
    }

    /** How many were dropped for a reason. */
    public long count(DropReason reason) {
        Counter counter = counters.get(reason);
        return counter == null ? 0 : counter.count.sum();
    }

    /** How many were dropped, for any reason. */
    public long count() {
        return counters.values().stream()
                .mapToLong(counter -> counter.count.sum())
                .sum();
    }
}
