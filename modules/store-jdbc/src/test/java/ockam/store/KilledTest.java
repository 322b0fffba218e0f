// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import ockam.fixtures.Program;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process is killed while it writes, again and again, at writes and moments by a seed: 20 times, or 200 times with
 * {@code -Dockam.long=true}.
 */
class KilledTest {
    private static final int KILLS = Boolean.getBoolean("ockam.long") ? 200 : 20;
    private static final int PER_DATABASE = 5;
    /** Rows that are written to make an identity and its keys. */
    private static final int FIRST_WRITES = 10;

    private static final int MOST_WRITES = 60;
    private static final int MOST_LINES = 40;
    private static final int MOST_NANOS = 5_000_000;

    @TempDir
    Path directory;

    /** What was said to be stored. */
    private static final class Told {
        Optional<String> identifier = Optional.empty();
        final Set<String> members = new HashSet<>();
        /** The highest number of each kind. */
        final Map<String, Integer> numbers = new HashMap<>();

        boolean keptCredential;
        boolean hasCredential;

        void by(String line) {
            String[] words = line.split(" ", -1);
            switch (words[0]) {
                case "identifier" -> {
                    assertThat(identifier.orElse(words[1])).isEqualTo(words[1]);
                    identifier = Optional.of(words[1]);
                }
                case "whole" -> {
                    Arrays.stream(words).skip(1).forEach(this::requireNotBefore);
                    assertThat(hasCredential || !keptCredential)
                            .as("a credential")
                            .isTrue();
                    hasCredential = false;
                }
                case "kept" -> hasCredential = true;
                case "credential" -> keptCredential = true;
                case "rotated", "statement", "moved", "trusted" -> numbers.put(words[0], Integer.parseInt(words[1]));
                case "member" -> members.add(words[1]);
                default -> assertThat(words[0]).isIn("opening", "key", "token", "refused", "peer", "sealed");
            }
        }

        private void requireNotBefore(String found) {
            String[] pair = found.split("=", -1);
            assertThat(Integer.parseInt(pair[1])).as(pair[0]).isGreaterThanOrEqualTo(numbers.getOrDefault(pair[0], 0));
        }
    }

    /**
     * Of each five, the first is killed while the identity is made, the last at any moment, the others in the middle of a write. Each looks
     * at what the one before it has left; what the last one has left is looked at by one more.
     */
    @Test
    void comesBackAsItWas() throws IOException {
        Random random = new Random(20_261_126);
        Told told = new Told();
        for (int kill = 0; kill < KILLS; kill++) {
            int turn = kill % PER_DATABASE;
            if (turn == 0) {
                told = new Told();
            }
            boolean inAWrite = turn != PER_DATABASE - 1;
            int write = inAWrite ? 1 + random.nextInt(turn == 0 ? FIRST_WRITES : MOST_WRITES) : Integer.MAX_VALUE;
            Program program = start(kill, random.nextLong(), told, write);
            int lines = random.nextInt(MOST_LINES);
            for (String line = program.nextLine(); inAWrite ? !line.startsWith("halted") : lines-- > 0; ) {
                told.by(line);
                line = program.nextLine();
            }
            spin(inAWrite ? 0 : random.nextInt(MOST_NANOS));
            program.kill();
            if (!inAWrite) {
                requireWhole(kill, told);
            }
        }
    }

    private void requireWhole(int kill, Told told) throws IOException {
        Program program = start(kill, 0, told, Integer.MAX_VALUE);
        String line;
        do {
            line = program.nextLine();
            told.by(line);
        } while (!line.startsWith("whole"));
        program.kill();
    }

    private Program start(int kill, long seed, Told told, int write) throws IOException {
        return Program.startFromTests(
                directory.resolve("err-" + kill),
                KilledNode.class,
                directory.resolve("ockam-" + kill / PER_DATABASE + ".db").toString(),
                Long.toString(seed),
                told.members.isEmpty() ? "-" : String.join(",", told.members),
                Integer.toString(write));
    }

    private static void spin(long nanos) {
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }
}
