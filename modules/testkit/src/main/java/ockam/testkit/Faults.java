// SPDX-License-Identifier: Apache-2.0

package ockam.testkit;

/**
 * What a {@link HostileHop} or a {@link MemoryTransport} does to messages, and how often. Immutable; each {@code withX} returns a copy. Prints everything that
 * is needed to reproduce a run.
 *
 * <p>A rate is the share of messages affected by the fault: 0 is never, 1 is always. Faults are drawn independently of each
 * other, so several may affect one message. A dropped message is affected by nothing else; each copy of a duplicated message is
 * damaged and delayed independently.
 *
 * @param seed determines all draws
 * @param drops rate of messages that go no further
 * @param duplicates rate of messages that are sent twice
 * @param reordering rate of messages that are held back while later ones overtake them
 * @param distance how many later messages may overtake a held-back one, at least 1
 * @param corruption rate of messages with one flipped bit
 * @param truncation rate of messages that lose at least one byte at their end, perhaps all
 * @param replays rate of messages after which an older one is sent again, as it arrived
 * @param splices rate of messages that get the payload of an older one with another onward route: a frame of one channel on the way of
 *     another one
 * @param memory how many messages a replay or a splice may reach back, at least 1
 */
public record Faults(
        long seed,
        double drops,
        double duplicates,
        double reordering,
        int distance,
        double corruption,
        double truncation,
        double replays,
        double splices,
        int memory) {

    /** Refuses rates outside 0 to 1, and distances below 1. */
    public Faults {
        requireRate(drops);
        requireRate(duplicates);
        requireRate(reordering);
        requireRate(corruption);
        requireRate(truncation);
        requireRate(replays);
        requireRate(splices);
        requirePositive(distance);
        requirePositive(memory);
    }

    /** Returns a seed without any faults yet. */
    public static Faults seeded(long seed) {
        return new Faults(seed, 0, 0, 0, 1, 0, 0, 0, 0, 1);
    }

    /** The same, with other draws. */
    Faults withSeed(long other) {
        return new Faults(
                other, drops, duplicates, reordering, distance, corruption, truncation, replays, splices, memory);
    }

    /** Returns the same, with lost messages. */
    public Faults withDrops(double rate) {
        return new Faults(
                seed, rate, duplicates, reordering, distance, corruption, truncation, replays, splices, memory);
    }

    /** Returns the same, with messages sent twice. */
    public Faults withDuplicates(double rate) {
        return new Faults(seed, drops, rate, reordering, distance, corruption, truncation, replays, splices, memory);
    }

    /** Returns the same, with messages overtaken by at most {@code within} later ones. */
    public Faults withReordering(double rate, int within) {
        return new Faults(seed, drops, duplicates, rate, within, corruption, truncation, replays, splices, memory);
    }

    /** Returns the same, with messages in which a bit is flipped. */
    public Faults withCorruption(double rate) {
        return new Faults(seed, drops, duplicates, reordering, distance, rate, truncation, replays, splices, memory);
    }

    /** Returns the same, with truncated messages. */
    public Faults withTruncation(double rate) {
        return new Faults(seed, drops, duplicates, reordering, distance, corruption, rate, replays, splices, memory);
    }

    /** Returns the same, with replays of messages that arrived at most {@code within} messages ago. */
    public Faults withReplays(double rate, int within) {
        return new Faults(
                seed, drops, duplicates, reordering, distance, corruption, truncation, rate, splices, farther(within));
    }

    /** Returns the same, with payloads of messages with another onward route that arrived at most {@code within} messages ago. */
    public Faults withSplices(double rate, int within) {
        return new Faults(
                seed, drops, duplicates, reordering, distance, corruption, truncation, replays, rate, farther(within));
    }

    /** Replays and splices share one memory. */
    private int farther(int within) {
        requirePositive(within);
        return Math.max(memory, within);
    }

    <M> FaultPlan<M> plan() {
        return new FaultPlan<>(new DrawnFates(this), memory);
    }

    private static void requireRate(double rate) {
        if (!(rate >= 0 && rate <= 1)) {
            throw new IllegalArgumentException("a rate is 0 to 1, not " + rate);
        }
    }

    private static void requirePositive(int distance) {
        if (distance < 1) {
            throw new IllegalArgumentException("a distance is at least 1, not " + distance);
        }
    }
}
