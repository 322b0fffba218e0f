// SPDX-License-Identifier: Apache-2.0

package ockam.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A program as a child process: each line in is a command, each line out its answer. It ends with its input. */
final class Child implements AutoCloseable {
    private final Process process;
    private final BufferedReader answers;
    private final PrintWriter commands;

    /** Starts a program written in Rust. */
    static Child rust(Path program) throws IOException {
        return new Child(List.of(program.toString()));
    }

    /** Starts a main class on a JVM of its own. */
    static Child java(Class<?> main, String... options) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        return new Child(command);
    }

    private Child(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("OCKAM_LOGGING", "false");
        builder.environment().put("OCKAM_LOG_LEVEL", "error");
        process = builder.start();
        answers = process.inputReader(StandardCharsets.UTF_8);
        commands = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
    }

    /** Returns the numbers in the answer, by name. The program itself guarantees an answer in time. */
    Map<String, Double> ask(String command) throws IOException {
        commands.println(command);
        String answer = answers.readLine();
        if (answer == null || answer.startsWith("error")) {
            throw new IOException("the program answered \"" + answer + "\" to \"" + command + "\"");
        }
        return Arrays.stream(answer.split(" "))
                .map(word -> word.split("=", 2))
                .filter(pair -> pair.length == 2)
                .collect(Collectors.toMap(pair -> pair[0], pair -> Double.parseDouble(pair[1])));
    }

    /** Returns the port in the answer. */
    int port(String command) throws IOException {
        return ask(command).getOrDefault("port", Double.NaN).intValue();
    }

    @Override
    public void close() {
        commands.close();
        process.destroy();
    }
}
