// SPDX-License-Identifier: Apache-2.0

package ockam.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/** What a {@link Child} written in Java does: each line in is a command, each line out its answer. */
final class Commands {
    private Commands() {}

    /** A command such as {@code one-way size=1024 messages=1000}. */
    record Command(String name, Map<String, String> values) {
        static Command parse(String line) {
            String[] words = line.split(" ");
            return new Command(
                    words[0],
                    Arrays.stream(words)
                            .skip(1)
                            .map(word -> word.split("=", 2))
                            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1])));
        }

        /** Returns the number of this name, 0 if there is none. */
        int value(String of) {
            return Integer.parseInt(text(of, "0"));
        }

        /** Returns the value of this name. */
        String text(String of, String otherwise) {
            return values.getOrDefault(of, otherwise);
        }
    }

    /** Something that runs commands. */
    interface Program {
        /** Returns the answer, which begins with the command's name. */
        String run(Command command) throws Exception;
    }

    /** Runs the commands on standard input until it ends. */
    static void run(Program program) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String answer;
            try {
                answer = program.run(Command.parse(line));
            } catch (Exception e) {
                answer = "error: " + e;
            }
            System.out.println(answer);
        }
    }
}
