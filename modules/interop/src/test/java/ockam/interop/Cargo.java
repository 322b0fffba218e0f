// SPDX-License-Identifier: Apache-2.0

package ockam.interop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Builds the Rust programs, and decides what the live tests do if one cannot be built. */
final class Cargo {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A program in Rust: what it is called, where it is, and how cargo is to build it. */
    enum Program {
        NODE("the node", "interop", "../benchmarks/rust/Cargo.toml", "--release"),
        /** In a workspace of its own, since hardly anything else needs its crates. */
        AUTHORITY_NODE("the authority node", "ockam-akka-authority-node", "rust-authority/Cargo.toml", "--locked");

        private final String title;
        private final String name;
        private final String manifest;
        private final String option;

        Program(String title, String name, String manifest, String option) {
            this.title = title;
            this.name = name;
            this.manifest = manifest;
            this.option = option;
        }

        /** What it is, for those who read the log. */
        String title() {
            return title;
        }
    }

    /** What the live tests do. */
    sealed interface Decision {}

    /** Run with this program. */
    record Run(Path program) implements Decision {}

    /** Be skipped. */
    record Skip(String why) implements Decision {}

    /** Fail. */
    record Fail(String why) implements Decision {}

    /** How a call of cargo ended: its messages are JSON, a line each. */
    record Call(int exitCode, List<String> messages, String log) {}

    /** Calls cargo. */
    interface Caller {
        /** Fails if there is no cargo. */
        Call call() throws IOException, InterruptedException;
    }

    private Cargo() {}

    /** Decides, by a call of cargo unless the tests are skipped anyway. */
    static Decision decide(boolean skip, boolean ci, Caller cargo) throws InterruptedException {
        if (skip) {
            return new Skip("-Dinterop.skip=true says so");
        }
        Call call;
        try {
            call = cargo.call();
        } catch (IOException e) {
            return unavailable("there is no cargo; get it from https://rustup.rs (" + e.getMessage() + ")", ci);
        }
        List<JsonNode> messages = call.messages().stream().map(Cargo::json).toList();
        if (call.exitCode() == 0) {
            return new Run(program(messages));
        }
        // Cargo says how the build has finished if it has begun; it begins when it has all crates.
        boolean compiled = messages.stream()
                .anyMatch(message -> message.path("reason").asText().equals("build-finished"));
        return compiled
                ? new Fail("the Rust program does not compile:\n" + call.log())
                : unavailable("cargo cannot get the crates:\n" + call.log(), ci);
    }

    /** In continuous integration nothing may be missing unnoticed. */
    private static Decision unavailable(String why, boolean ci) {
        return ci ? new Fail(why) : new Skip(why);
    }

    private static Path program(List<JsonNode> messages) {
        return messages.stream()
                .map(message -> message.path("executable").asText(""))
                .filter(executable -> !executable.isEmpty())
                .map(Path::of)
                .findFirst()
                .orElseThrow(() -> new AssertionError("cargo has built no program"));
    }

    private static JsonNode json(String message) {
        try {
            return JSON.readTree(message);
        } catch (IOException e) {
            throw new UncheckedIOException(message, e);
        }
    }

    /** Calls the real cargo, or the program with another name. */
    static Call build(String cargo, Program program, Map<String, String> environment)
            throws IOException, InterruptedException {
        Path log = Files.createTempFile("interop-cargo", ".log");
        try {
            ProcessBuilder builder = new ProcessBuilder(
                            cargo,
                            "build",
                            program.option,
                            "--bin=" + program.name,
                            "--message-format=json-render-diagnostics",
                            "--manifest-path=" + program.manifest)
                    .redirectError(log.toFile());
            builder.environment().put("CARGO_TARGET_DIR", targetDirectory(environment));
            Process process = builder.start();
            process.getOutputStream().close();
            List<String> messages =
                    process.inputReader(StandardCharsets.UTF_8).lines().toList();
            return new Call(process.waitFor(), messages, Files.readString(log));
        } finally {
            Files.delete(log);
        }
    }

    /** Outside the clone, so that it is built once; the same as in modules/benchmarks/run. */
    static String targetDirectory(Map<String, String> environment) {
        String cache = environment.getOrDefault("XDG_CACHE_HOME", environment.getOrDefault("HOME", "") + "/.cache");
        return environment.getOrDefault("CARGO_TARGET_DIR", cache + "/ockam-akka-benchmarks");
    }
}
