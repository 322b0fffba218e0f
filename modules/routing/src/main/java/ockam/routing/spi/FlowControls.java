// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import akka.annotation.InternalApi;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import ockam.routing.AccessControl;
import ockam.routing.FlowControlId;
import ockam.wire.Address;
import ockam.wire.LocalMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * INTERNAL API. Which addresses can be reached by what comes into a node from outside (routing, section 6): only those that were opened to
 * it.
 *
 * <p>Applications use {@code node.allow(...)}; transports and channels register themselves here. Thread safe: a check takes no lock.
 */
@InternalApi
public final class FlowControls {
    private static final Logger LOG = LoggerFactory.getLogger(FlowControls.class);

    private record ProducerEntry(FlowControlId id, @Nullable FlowControlId spawner, List<Address> aliases) {}

    private record RefusedPair(Address producer, Address next) {}

    private final String node;
    private final int maxRefusedPairs;
    private final Predicate<Address> awaitsAnswers;
    private final Map<FlowControlId, Set<Address>> consumers = new ConcurrentHashMap<>();
    private final Map<Address, Set<FlowControlId>> idsByConsumer = new HashMap<>(); // guarded by this
    private final Map<FlowControlId, Integer> uses = new HashMap<>(); // by producers and spawners; guarded by this
    private final Map<Address, ProducerEntry> producers = new ConcurrentHashMap<>();
    private final Map<Address, FlowControlId> idByAlias = new ConcurrentHashMap<>();
    private final Map<Address, FlowControlId> spawners = new ConcurrentHashMap<>();
    private final Set<RefusedPair> refused = ConcurrentHashMap.newKeySet(); // added to under the lock

    /**
     * Creates tables in which nothing is opened.
     *
     * @param awaitsAnswers whether an address is in use now and waits for answers; false as soon as {@link #remove} is called for it
     */
    FlowControls(String node, int maxRefusedPairs, Predicate<Address> awaitsAnswers) {
        this.node = node;
        this.maxRefusedPairs = maxRefusedPairs;
        this.awaitsAnswers = awaitsAnswers;
    }

    /** Opens an address to what comes in under an id. The address and the producer need not exist yet. */
    public synchronized void addConsumer(Address consumer, FlowControlId id) {
        consumers.computeIfAbsent(id, unused -> ConcurrentHashMap.newKeySet()).add(consumer);
        idsByConsumer.computeIfAbsent(consumer, unused -> new LinkedHashSet<>()).add(id);
    }

    /**
     * Lets the answers in to a message that a relay of this node sends on. If it goes out by a connection or a channel, whoever is behind that
     * answers along the message's return route, and the first address of that route has to be open to them. Which it is depends on where the
     * message came from:
     *
     * <ul>
     *   <li>If it came in by another connection or channel, each of the two is opened to what the other brings in. Answers pass, and so do
     *       further messages along the way by which the answers came, which is without the relay.
     *   <li>If it came from an address of this node that waits for answers, that of an {@code ask} or the end of a channel that is being made,
     *       this is opened until it ends.
     *   <li>Any other address of this node stays as it is. A named worker or mailbox could be sent to, unasked, for as long as the connection
     *       lives, and through a hop every worker of the node. They are opened by {@code node.allow}, as they are for the answers to what they
     *       send without a relay.
     * </ul>
     *
     * <p>What has ended in the meantime is not opened, since nothing would close it again. Takes no lock if all is open already.
     *
     * @param out the first address of the route along which the message goes on
     * @param in the first address of its return route
     */
    public void join(Address out, Address in) {
        FlowControlId behindOut = idByAlias.get(out);
        if (behindOut == null) {
            return;
        }
        FlowControlId behindIn = idByAlias.get(in);
        if (behindIn != null) {
            open(out, behindIn);
            open(in, behindOut);
        } else if (awaitsAnswers.test(in)) {
            open(in, behindOut);
        }
    }

    private void open(Address consumer, FlowControlId id) {
        if (!allows(id, consumer)) {
            openUnlessEnded(consumer, id);
        }
    }

    private synchronized void openUnlessEnded(Address consumer, FlowControlId id) {
        if (uses.containsKey(id) && (idByAlias.containsKey(consumer) || awaitsAnswers.test(consumer))) {
            addConsumer(consumer, id);
        }
    }

    /** Closes an address again to what comes in under an id. */
    public synchronized void removeConsumer(Address consumer, FlowControlId id) {
        consumers.computeIfPresent(id, (unused, addresses) -> {
            addresses.remove(consumer);
            return addresses.isEmpty() ? null : addresses;
        });
        idsByConsumer.computeIfPresent(consumer, (unused, ids) -> {
            ids.remove(id);
            return ids.isEmpty() ? null : ids;
        });
    }

    /** Whether a producer or a spawner has the id. */
    public synchronized boolean isInUse(FlowControlId id) {
        return uses.containsKey(id);
    }

    /**
     * Makes an address a producer, replacing the one that it may have been before.
     *
     * @param producer the address from which messages from outside are forwarded
     * @param id the id under which it brings messages in
     * @param spawner the id of the listener that created it, if one did
     * @param aliases addresses that lead out through the same connection or channel, such as its encryptor
     */
    public synchronized void addProducer(
            Address producer, FlowControlId id, @Nullable FlowControlId spawner, List<Address> aliases) {
        use(id);
        if (spawner != null) {
            use(spawner);
        }
        removeProducer(producer); // after the new ids are in use, so that an id that is kept keeps its consumers
        producers.put(producer, new ProducerEntry(id, spawner, List.copyOf(aliases)));
        idByAlias.put(producer, id);
        aliases.forEach(alias -> idByAlias.put(alias, id));
    }

    /**
     * Makes an address a spawner of producers, replacing the one that it may have been before: an address opened to its id is open to all
     * of them, past and future.
     */
    public synchronized void addSpawner(Address spawner, FlowControlId id) {
        use(id);
        removeSpawner(spawner);
        spawners.put(spawner, id);
    }

    /** The id of the producer that replies come from when a message is sent through this address. */
    public Optional<FlowControlId> producerBehind(Address firstHop) {
        return Optional.ofNullable(idByAlias.get(firstHop));
    }

    /** All ids whose messages may reach an address. */
    public synchronized Set<FlowControlId> consumedBy(Address consumer) {
        return Set.copyOf(idsByConsumer.getOrDefault(consumer, Set.of()));
    }

    /**
     * The outgoing access control of a producer: only the first hop counts, and it must be a consumer of the producer's id or of its
     * spawner's.
     */
    public AccessControl outgoing(FlowControlId id, @Nullable FlowControlId spawner) {
        return new Outgoing(this, id, spawner);
    }

    /** What a producer may send to. A class of its own, so that what it refuses is counted apart in the log ({@link Drops}). */
    private record Outgoing(
            FlowControls controls,
            FlowControlId id,
            @Nullable FlowControlId spawner) implements AccessControl {
        @Override
        public boolean allows(Address source, Address destination, LocalMessage message) {
            if (message.onwardRoute().isEmpty()) {
                return false;
            }
            Address next = message.onwardRoute().next();
            return controls.allows(id, next)
                    || (spawner != null && controls.allows(spawner, next))
                    || controls.refuse(source, next);
        }
    }

    /** Whether an access control is that of a producer. */
    static boolean isFlowControl(AccessControl control) {
        return control instanceof Outgoing;
    }

    private boolean allows(FlowControlId id, Address next) {
        Set<Address> allowed = consumers.get(id);
        return allowed != null && allowed.contains(next);
    }

    private boolean refuse(Address producer, Address next) {
        if (isNews(new RefusedPair(producer, next))) {
            NodeLog.in(
                    node,
                    () -> LOG.warn(
                            "Flow control refused a message from {} to {}; {}",
                            NodeLog.text(producer),
                            NodeLog.text(next),
                            howToReach(next, producer)));
        }
        return false;
    }

    private String howToReach(Address next, Address producer) {
        return Hints.isRandom(next)
                ? "if it is a reply to a sink: a sink takes none, but ask and the flow of a channel do; if it is another"
                        + " connection: it lets nothing out that comes in elsewhere, unless it was opened to it"
                : "to open that address: node.allow(Address.parse(\"" + NodeLog.text(next) + "\")).from("
                        + whatBroughtItIn(producer);
    }

    /**
     * People know a listener by its address, a connection by that of its sender or of its name, and a channel by that of its encryptor.
     */
    private String whatBroughtItIn(Address producer) {
        ProducerEntry entry = producers.get(producer);
        if (entry == null) {
            return "connectionOrChannel)";
        }
        return spawners.entrySet().stream()
                .filter(spawner -> spawner.getValue().equals(entry.spawner()))
                .map(spawner -> "listener), the one at " + NodeLog.text(spawner.getKey()))
                .findAny()
                .orElseGet(() -> "connectionOrChannel)"
                        + Stream.concat(names(entry), entry.aliases().stream())
                                .map(alias -> ", the one at " + NodeLog.text(alias))
                                .findFirst()
                                .orElse(""));
    }

    private Stream<Address> names(ProducerEntry entry) {
        return idByAlias.entrySet().stream()
                .filter(name -> name.getValue().equals(entry.spawner()))
                .map(Map.Entry::getKey);
    }

    /** Whether the pair gets a log line. A pair whose producer has just been removed gets none, because it would never be forgotten. */
    private boolean isNews(RefusedPair pair) {
        if (refused.contains(pair) || refused.size() >= maxRefusedPairs) {
            return false;
        }
        synchronized (this) {
            return refused.size() < maxRefusedPairs && producers.containsKey(pair.producer()) && refused.add(pair);
        }
    }

    /** Forgets an address in every role. The consumers of an id are removed when no producer and no spawner has it any longer. */
    public synchronized void remove(Address address) {
        removeProducer(address);
        removeSpawner(address);
        idByAlias.remove(address);
        Set<FlowControlId> consumed = idsByConsumer.remove(address);
        if (consumed != null) {
            consumed.forEach(id -> consumers.computeIfPresent(id, (unused, addresses) -> {
                addresses.remove(address);
                return addresses.isEmpty() ? null : addresses;
            }));
        }
    }

    private void removeProducer(Address address) {
        ProducerEntry producer = producers.remove(address);
        if (producer != null) {
            idByAlias.remove(address, producer.id());
            producer.aliases().forEach(alias -> idByAlias.remove(alias, producer.id()));
            refused.removeIf(pair -> pair.producer().equals(address));
            release(producer.id());
            if (producer.spawner() != null) {
                release(producer.spawner());
            }
        }
    }

    private void removeSpawner(Address address) {
        FlowControlId spawned = spawners.remove(address);
        if (spawned != null) {
            release(spawned);
        }
    }

    private void use(FlowControlId id) {
        uses.merge(id, 1, Integer::sum);
    }

    private void release(FlowControlId id) {
        if (uses.computeIfPresent(id, (unused, count) -> count == 1 ? null : count - 1) != null) {
            return;
        }
        Set<Address> orphans = consumers.remove(id);
        if (orphans != null) {
            orphans.forEach(consumer -> idsByConsumer.computeIfPresent(consumer, (unused, ids) -> {
                ids.remove(id);
                return ids.isEmpty() ? null : ids;
            }));
        }
    }

    /** Whether nothing is opened, and nothing brings anything in. */
    public synchronized boolean isEmpty() {
        return consumers.isEmpty()
                && idsByConsumer.isEmpty()
                && uses.isEmpty()
                && producers.isEmpty()
                && idByAlias.isEmpty()
                && spawners.isEmpty()
                && refused.isEmpty();
    }
}
