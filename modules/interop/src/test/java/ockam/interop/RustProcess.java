// SPDX-License-Identifier: Apache-2.0

package ockam.interop;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import ockam.fixtures.Hex;
import ockam.wire.Attributes;

/** A program in Rust that does what it is told, one command a line, and answers each with one line. */
final class RustProcess {
    /** It could not do what it was told. */
    static final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private Failed(String text) {
            super(text);
        }
    }

    private final Process process;
    private final BufferedReader answers;
    private final BufferedWriter commands;

    private RustProcess(Process process) {
        this.process = process;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.commands = process.outputWriter(StandardCharsets.UTF_8);
    }

    static RustProcess start(Path program, Map<String, String> environment, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(program.toAbsolutePath().toString()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        try {
            return new RustProcess(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Tells it something, and returns the rest of its answer, which begins with this word. */
    String tell(String expected, String... words) {
        write(words);
        return answer(expected);
    }

    void write(String... words) {
        try {
            commands.write(String.join(" ", words) + "\n");
            commands.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The rest of its next line, which begins with this word. */
    String answer(String expected) {
        String line = patiently(CompletableFuture.supplyAsync(this::nextLine));
        if (!line.startsWith(expected)) {
            throw new Failed(line);
        }
        return line.substring(expected.length()).strip();
    }

    private String nextLine() {
        try {
            String line = answers.readLine();
            return line == null ? "it has ended" : line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the process without a word to anybody. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Ends its input, and waits for it to end by itself. */
    int endInput() {
        try {
            commands.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return patiently(process.onExit()).exitValue();
    }

    private static <T> T patiently(CompletableFuture<T> future) {
        try {
            return future.orTimeout(Patience.SECONDS, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            throw new AssertionError("the Rust program does not answer", e);
        }
    }

    /** As these programs read attributes. */
    static String text(Attributes attributes) {
        return attributes.entries().entrySet().stream()
                .map(entry -> Hex.of(entry.getKey()) + "=" + Hex.of(entry.getValue()))
                .collect(Collectors.joining(","));
    }
}
