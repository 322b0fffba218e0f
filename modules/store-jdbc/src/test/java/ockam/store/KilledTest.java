// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import ockam.fixtures.Program;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process is killed while it writes, again and again, at moments by a seed. 20 times, or 200 times with
 * {@code -Dockam.long=true}.
 */
class KilledTest {
    private static final int KILLS = Boolean.getBoolean("ockam.long") ? 200 : 20;
    private static final int PER_DATABASE = 5;
    private static final int MOST_LINES = 40;
    private static final int MOST_NANOS = 5_000_000;

    @TempDir
    Path directory;

    /** What was said to be stored. */
    private static final class Told {
        Optional<String> identifier = Optional.empty();
        final Set<String> members = new HashSet<>();
        int changes = 1;

        void by(String line) {
            String[] words = line.split(" ", -1);
            switch (words[0]) {
                case "identifier" -> {
                    assertThat(identifier.orElse(words[1])).isEqualTo(words[1]);
                    identifier = Optional.of(words[1]);
                }
                case "whole" ->
                    assertThat(Integer.parseInt(words[1])).as("changes").isGreaterThanOrEqualTo(changes);
                case "rotated" -> changes = Integer.parseInt(words[1]);
                case "member" -> members.add(words[1]);
                default -> assertThat(words[0]).isIn("opening", "key", "token", "refused", "peer");
            }
        }
    }

    @Test
    void comesBackAsItWas() throws IOException {
        Random random = new Random(20_261_126);
        Told told = new Told();
        for (int kill = 0; kill < KILLS; kill++) {
            if (kill % PER_DATABASE == 0) {
                told = new Told();
            }
            Path database = directory.resolve("ockam-" + kill / PER_DATABASE + ".db");
            Program program = Program.startFromTests(
                    directory.resolve("err-" + kill),
                    KilledNode.class,
                    database.toString(),
                    Long.toString(random.nextLong()),
                    String.join(",", told.members));
            int lines =
                    kill % PER_DATABASE == 0 ? random.nextInt(4) : random.nextInt(MOST_LINES); // also while it is made
            for (int i = 0; i < lines; i++) {
                told.by(program.nextLine());
            }
            spin(random.nextInt(MOST_NANOS));
            program.kill();
        }
        Program last = Program.startFromTests(
                directory.resolve("err"),
                KilledNode.class,
                directory.resolve("ockam-" + (KILLS - 1) / PER_DATABASE + ".db").toString(),
                "0",
                String.join(",", told.members));
        while (!last.nextLine().startsWith("whole")) {
            // it looks at everything first
        }
        last.kill();
    }

    private static void spin(long nanos) {
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }
}
