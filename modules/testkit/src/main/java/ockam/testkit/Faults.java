// SPDX-License-Identifier: Apache-2.0

package ockam.testkit;

/**
 * What a {@link HostileHop} does to messages, and how often. Immutable; each {@code withX} returns a copy. Prints everything that is
 * needed to do the same again.
 *
 * <p>A rate is the share of messages that meet with the fault: 0 is never, 1 is always. Faults are drawn independently of each other, so
 * a message may meet with several. What was dropped meets with nothing else; of a duplicated message each copy is damaged and delayed, or
 * not, on its own.
 *
 * @param seed what all draws follow from
 * @param drops rate of messages that go no further
 * @param duplicates rate of messages that are sent twice
 * @param reordering rate of messages that are held back while later ones overtake
 * @param distance how many later messages may overtake one that is held back, at least 1
 * @param corruption rate of messages with one flipped bit
 * @param truncation rate of messages that lose at least one byte at their end, perhaps all
 * @param replays rate of messages behind which an older one is sent again, as it came
 * @param memory how many messages back a replay reaches at most, at least 1
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
        int memory) {

    /** Refuses rates that are not 0 to 1, and distances below 1. */
    public Faults {
        requireRate(drops);
        requireRate(duplicates);
        requireRate(reordering);
        requireRate(corruption);
        requireRate(truncation);
        requireRate(replays);
        requirePositive(distance);
        requirePositive(memory);
    }

    /** No faults yet. */
    public static Faults seeded(long seed) {
        return new Faults(seed, 0, 0, 0, 1, 0, 0, 0, 1);
    }

    /** The same, with messages lost. */
    public Faults withDrops(double rate) {
        return new Faults(seed, rate, duplicates, reordering, distance, corruption, truncation, replays, memory);
    }

    /** The same, with messages sent twice. */
    public Faults withDuplicates(double rate) {
        return new Faults(seed, drops, rate, reordering, distance, corruption, truncation, replays, memory);
    }

    /** The same, with messages that at most {@code within} later ones overtake. */
    public Faults withReordering(double rate, int within) {
        return new Faults(seed, drops, duplicates, rate, within, corruption, truncation, replays, memory);
    }

    /** The same, with a bit flipped here and there. */
    public Faults withCorruption(double rate) {
        return new Faults(seed, drops, duplicates, reordering, distance, rate, truncation, replays, memory);
    }

    /** The same, with messages cut short. */
    public Faults withTruncation(double rate) {
        return new Faults(seed, drops, duplicates, reordering, distance, corruption, rate, replays, memory);
    }

    /** The same, with messages sent again that came at most {@code within} messages ago. */
    public Faults withReplays(double rate, int within) {
        return new Faults(seed, drops, duplicates, reordering, distance, corruption, truncation, rate, within);
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
