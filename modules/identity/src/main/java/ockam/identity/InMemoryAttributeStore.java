// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import ockam.wire.Attributes;
import ockam.wire.Identifier;

/**
 * A store in the memory of this process; everything is gone when the process ends. Thread safe; its stages are complete when they are
 * returned.
 *
 * <p>It is bounded, and the least recently used statement goes first. The consequence: the peer has to show its credential again, and
 * could show an older one that is still valid. Of a statement that has ended, only how new it was is kept.
 */
public final class InMemoryAttributeStore implements AttributeStore {
    /** How much memory the statements may take by default: enough for some 10,000 short ones. */
    public static final long DEFAULT_MAX_BYTES = 16L * 1024 * 1024;

    /** The approximate memory that a statement takes without its attributes: the objects around them. */
    private static final int OVERHEAD = 512;

    /** The approximate memory that an attribute takes beyond its bytes, which are kept as bytes and as texts. */
    private static final int ATTRIBUTE_OVERHEAD = 512;

    private record Key(Identifier subject, Identifier authority) {}

    private final Object lock = new Object();
    private final long maxBytes;
    private final LinkedHashMap<Key, AttestedAttributes> statements =
            new LinkedHashMap<>(16, 0.75f, true); // by last use
    private long bytes;

    private InMemoryAttributeStore(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Returns an empty store with the default bound. */
    public static InMemoryAttributeStore create() {
        return create(DEFAULT_MAX_BYTES);
    }

    /**
     * Returns an empty store with a different bound.
     *
     * @param maxBytes the memory that the statements may take, in bytes: three times their names and values, {@value #OVERHEAD} for each
     *     statement, and {@value #ATTRIBUTE_OVERHEAD} for each name; 0 remembers none
     */
    public static InMemoryAttributeStore create(long maxBytes) {
        if (maxBytes < 0) {
            throw new IllegalArgumentException("negative: " + maxBytes);
        }
        return new InMemoryAttributeStore(maxBytes);
    }

    @Override
    public CompletionStage<Boolean> store(AttestedAttributes said) {
        synchronized (lock) {
            return CompletableFuture.completedFuture(storeUnlessOlder(said));
        }
    }

    @Override
    public CompletionStage<Optional<AttestedAttributes>> find(
            Identifier subject, Identifier authority, Instant moment) {
        synchronized (lock) {
            return CompletableFuture.completedFuture(found(new Key(subject, authority), moment));
        }
    }

    /** Returns how many statements are remembered now, also those that have ended; for gauges. */
    public int count() {
        synchronized (lock) {
            return statements.size();
        }
    }

    private boolean storeUnlessOlder(AttestedAttributes said) {
        Key key = new Key(said.subject(), said.authority());
        AttestedAttributes before = statements.get(key);
        if (before != null && (said.equals(before) || said.isOlderThan(before))) {
            return false;
        }
        put(key, said);
        Iterator<AttestedAttributes> leastUsedFirst = statements.values().iterator();
        while (bytes > maxBytes && leastUsedFirst.hasNext()) {
            bytes -= cost(leastUsedFirst.next());
            leastUsedFirst.remove();
        }
        return statements.containsKey(key);
    }

    private Optional<AttestedAttributes> found(Key key, Instant moment) {
        AttestedAttributes said = statements.get(key);
        if (said == null) {
            return Optional.empty();
        }
        if (!said.isValidAt(moment)) {
            put(key, said.withAttributes(Attributes.none()));
            return Optional.empty();
        }
        return Optional.of(said);
    }

    private void put(Key key, AttestedAttributes said) {
        AttestedAttributes before = statements.put(key, said);
        bytes += cost(said) - (before == null ? 0 : cost(before));
    }

    private static long cost(AttestedAttributes said) {
        Attributes attributes = said.attributes();
        return OVERHEAD
                + 3L * attributes.length()
                + (long) ATTRIBUTE_OVERHEAD * attributes.entries().size();
    }
}
