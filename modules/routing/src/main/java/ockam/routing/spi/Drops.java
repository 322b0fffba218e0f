// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Adapter;
import akka.annotation.InternalApi;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import ockam.routing.DropReason;
import ockam.routing.MessageDropped;
import ockam.wire.Address;
import ockam.wire.Identifier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * INTERNAL API. Counts what a node drops, publishes each drop as {@link MessageDropped}, and logs one line for each reason and address
 * in each interval, for at most 16 addresses. What an access control denies gets one for each peer too, for at most 16 peers at each address
 * that has such a control: whoever has many identities, or opens many channels, hides no denial at another address. What flow control denies
 * has 16 addresses of its own, and all channels with the same control count as one.
 *
 * <p>Thread safe. It has one counter for each reason, so its size is bounded regardless of what comes in.
 */
@InternalApi
public final class Drops {
    private static final Logger LOG = LoggerFactory.getLogger(Drops.class);
    /** For most drops, the reason says it all. */
    static final Supplier<String> NO_DETAIL = () -> "";

    /** Strangers can invent any number of addresses. */
    private static final int MAX_LOGGED_ADDRESSES = 16;
    /** And any number of identities. */
    private static final int MAX_LOGGED_PEERS = 16;

    private static final class Counter {
        final LongAdder count = new LongAdder();
        private final Logged logged;
        /** Apart from the others, because its sources are the connections and channels of strangers. */
        private final Logged byFlowControl;

        Counter(long now) {
            logged = new Logged(now);
            byFlowControl = new Logged(now);
        }

        Logged logged(boolean isByFlowControl) {
            return isByFlowControl ? byFlowControl : logged;
        }
    }

    private static final class Logged {
        /** Addresses, or what else was guarded, each with those whose messages were dropped there. Guarded by this. */
        private final Map<Object, Set<Optional<Identifier>>> logged = new HashMap<>();

        private long forgotten; // when all that is; guarded by this

        Logged(long now) {
            forgotten = now;
        }

        synchronized boolean isNews(Object at, Optional<Identifier> peer, long now, long interval) {
            if (now - forgotten >= 0) {
                logged.clear();
                forgotten = now + interval;
            }
            Set<Optional<Identifier>> peers = logged.get(at);
            if (peers == null) {
                if (logged.size() >= MAX_LOGGED_ADDRESSES) {
                    return false;
                }
                peers = new HashSet<>();
                logged.put(at, peers);
            }
            return peers.size() < MAX_LOGGED_PEERS && peers.add(peer);
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
        Counter counter = counters.computeIfAbsent(reason, unused -> new Counter(nanoTime.getAsLong()));
        counter.count.increment();
        Adapter.toClassic(system).eventStream().publish(new MessageDropped(node, reason, address));
        observers.accept(() -> new RoutingEvent.MessageDropped(node, address, reason));
        boolean isNews = detail instanceof Denial denial
                ? isNews(counter.logged(denial.isByFlowControl()), denial.guarded(address), denial.peer())
                : isNews(counter.logged(false), address, Optional.empty());
        if (isNews) {
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

    private boolean isNews(Logged logged, Object at, Optional<Identifier> peer) {
        return logged.isNews(at, peer, nanoTime.getAsLong(), logInterval.toNanos());
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
