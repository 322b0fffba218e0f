// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Adapter;
import akka.annotation.InternalApi;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import ockam.wire.Address;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * INTERNAL API. Counts what a node drops, publishes each drop as {@link MessageDropped}, and logs one line for each reason and interval.
 *
 * <p>Thread safe. One counter for each reason, so its size is bounded whatever comes in.
 */
@InternalApi
public final class Drops {
    private static final Logger LOG = LoggerFactory.getLogger(Drops.class);

    private static final class Counter {
        final LongAdder count = new LongAdder();
        final AtomicLong nextLog;

        Counter(long now) {
            nextLog = new AtomicLong(now);
        }
    }

    private final ActorSystem<?> system;
    private final String node;
    private final long logIntervalNanos;
    private final Map<DropReason, Counter> counters = new EnumMap<>(DropReason.class);

    Drops(ActorSystem<?> system, String node, Duration logInterval) {
        this.system = system;
        this.node = node;
        this.logIntervalNanos = logInterval.toNanos();
        long now = System.nanoTime();
        for (DropReason reason : DropReason.values()) {
            counters.put(reason, new Counter(now));
        }
    }

    /** Counts, publishes and perhaps logs one dropped message. */
    public void dropped(DropReason reason, Address address) {
        Counter counter = counter(reason);
        counter.count.increment();
        Adapter.toClassic(system).eventStream().publish(new MessageDropped(node, reason, address));
        long due = counter.nextLog.get();
        long now = System.nanoTime();
        if (now - due >= 0 && counter.nextLog.compareAndSet(due, now + logIntervalNanos)) {
            NodeLog.in(
                    node,
                    () -> LOG.warn(
                            "Message dropped at {}: {} ({} so far; further ones are only counted for a while)",
                            NodeLog.text(address),
                            reason,
                            count(reason)));
        }
    }

    long count(DropReason reason) {
        return counter(reason).count.sum();
    }

    private Counter counter(DropReason reason) {
        return Objects.requireNonNull(counters.get(reason));
    }
}
