// SPDX-License-Identifier: Apache-2.0

package ockam.tests.guards;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import ockam.examples.OckamNode;
import ockam.examples.Step07RoutingOverTransportInitiator;
import ockam.examples.Step07RoutingOverTransportResponder;
import ockam.examples.Step08RoutingOverTransportManyHopsInitiator;
import ockam.examples.Step08RoutingOverTransportManyHopsMiddle;
import ockam.examples.Step09SecureChannelOverTransportManyHopsInitiator;
import ockam.examples.Step09SecureChannelOverTransportManyHopsResponder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples with several nodes, each in a process of its own, and what they print. */
class TransportExamplesTest {
    private static final int PATIENCE_SECONDS = 120;
    private static final String ANY_PORT = "127.0.0.1:0";
    private static final String LISTENING = "Listening at ";

    @TempDir
    Path directory;

    private final List<Running> programs = new ArrayList<>();

    /** A program that runs. */
    private record Running(Process process, BufferedReader out, Path err) {
        String errors() throws IOException {
            return Files.readString(err);
        }

        String nextLine() throws IOException {
            String line = out.readLine();
            assertThat(line).as("it has ended").isNotNull();
            return line;
        }

        /** Where it listens, which it prints next. */
        String listeningAt() throws IOException {
            String line = nextLine();
            assertThat(line).startsWith(LISTENING);
            return line.substring(LISTENING.length());
        }

        void endsWith(int exitCode) throws InterruptedException {
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(exitCode);
        }
    }

    @AfterEach
    void end() throws InterruptedException {
        for (Running program : programs) {
            program.process().destroyForcibly().waitFor();
        }
    }

    /** Runs a main class with the configuration of the examples instead of that of these tests. */
    private Running run(Class<?> mainClass, String... arguments) throws IOException {
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.endsWith("test-classes"))
                .collect(Collectors.joining(File.pathSeparator));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath,
                mainClass.getName()));
        command.addAll(List.of(arguments));
        Path err = directory.resolve("err-" + programs.size());
        Process process =
                new ProcessBuilder(command).redirectError(err.toFile()).start();
        Running running = new Running(process, process.inputReader(StandardCharsets.UTF_8), err);
        programs.add(running);
        return running;
    }

    @Test
    void step07RoutesOverTcp() throws Exception {
        Running responder = run(Step07RoutingOverTransportResponder.class, ANY_PORT);
        Running initiator = run(Step07RoutingOverTransportInitiator.class, responder.listeningAt());

        assertThat(initiator.nextLine()).isEqualTo("App Received: Hello Ockam!");
        assertThat(responder.nextLine()).isEqualTo("Address: 0#echoer, Received: Hello Ockam!");
        initiator.endsWith(0);
    }

    @Test
    void step08RoutesOverTwoConnections() throws Exception {
        Running responder = run(Step07RoutingOverTransportResponder.class, ANY_PORT);
        Running middle = run(Step08RoutingOverTransportManyHopsMiddle.class, ANY_PORT, responder.listeningAt());
        Running initiator = run(Step08RoutingOverTransportManyHopsInitiator.class, middle.listeningAt());

        assertThat(initiator.nextLine()).isEqualTo("App Received: Hello Ockam!");
        assertThat(responder.nextLine()).isEqualTo("Address: 0#echoer, Received: Hello Ockam!");
        initiator.endsWith(0);
    }

    @Test
    void step09HasASecureChannelOverTwoConnections() throws Exception {
        Running responder = run(Step09SecureChannelOverTransportManyHopsResponder.class, ANY_PORT);
        String identifier = responder.nextLine().replace("Identifier: ", "");
        Running middle = run(Step08RoutingOverTransportManyHopsMiddle.class, ANY_PORT, responder.listeningAt());
        String port = middle.listeningAt();
        Running initiator = run(Step09SecureChannelOverTransportManyHopsInitiator.class, port, identifier);

        assertThat(initiator.nextLine()).isEqualTo("App Received: Hello Ockam!");
        assertThat(responder.nextLine()).isEqualTo("Address: 0#echoer, Received: Hello Ockam!");
        initiator.endsWith(0);

        String another = "I" + "0a".repeat(32);
        Running misled = run(Step09SecureChannelOverTransportManyHopsInitiator.class, port, another);
        misled.endsWith(1);
        assertThat(misled.out().lines()).isEmpty();
    }

    // ---- the node for the command line ----

    private String[] after(Running program, String... words) throws IOException {
        String[] values = new String[words.length];
        for (int i = 0; i < words.length; i++) {
            String line = program.nextLine();
            assertThat(line).startsWith(words[i] + " ");
            values[i] = line.substring(words[i].length() + 1);
        }
        return values;
    }

    @Test
    void echoesGoThroughHopsOrThroughARelay() throws Exception {
        Running serve = run(OckamNode.class, "serve", "--port", "0", "--hops", "h1,h2,h3", "--trust", "any");
        String[] served = after(serve, "LISTENING", "IDENTIFIER");
        Running relay = run(OckamNode.class, "relay", "--port", "0", "--to", served[0]);
        String relayed = after(relay, "LISTENING")[0];

        Running overHops = run(
                OckamNode.class,
                "send",
                "--to",
                served[0],
                "--route",
                "h1,h2,h3,api",
                "--expect",
                served[1],
                "--count",
                "20",
                "--size",
                "3000");
        assertThat(after(overHops, "PEER")).containsExactly(served[1]);
        after(overHops, "IDENTIFIER");
        assertThat(overHops.nextLine()).matches("ECHOES 20 of 3000 in [0-9.]+ s");
        overHops.endsWith(0);

        Running overRelay = run(
                OckamNode.class,
                "send",
                "--to",
                relayed,
                "--route",
                "forward,api",
                "--expect",
                "any",
                "--text",
                "Hello");
        assertThat(after(overRelay, "PEER")).containsExactly(served[1]);
        after(overRelay, "IDENTIFIER");
        assertThat(overRelay.nextLine()).matches("ECHOES 1 of 5 in [0-9.]+ s");
        overRelay.endsWith(0);
    }

    @Test
    void identityInAFileIsTheSameInTheNextRun() throws Exception {
        Path file = directory.resolve("identity");
        String[] arguments = {"serve", "--port", "0", "--trust", "any", "--identity", file.toString()};
        Running first = run(OckamNode.class, arguments);
        String identifier = after(first, "LISTENING", "IDENTIFIER")[1];
        Running second = run(OckamNode.class, arguments);
        assertThat(after(second, "LISTENING", "IDENTIFIER")[1]).isEqualTo(identifier);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        Files.writeString(file, Files.readString(file).replaceFirst("history .", "history "));
        Running third = run(OckamNode.class, arguments);
        third.endsWith(1);
    }

    @Test
    void failureIsOneLineWithTheNextStep() throws Exception {
        Running serve = run(OckamNode.class, "serve", "--port", "0", "--trust", "any");
        String[] served = after(serve, "LISTENING", "IDENTIFIER");

        Running misled =
                run(OckamNode.class, "send", "--to", served[0], "--route", "api", "--expect", "I" + "0a".repeat(32));
        misled.endsWith(1);
        assertThat(misled.errors())
                .containsOnlyOnce("FAILED MESSAGE_2: POLICY_REFUSED (the peer only claimed to be " + served[1] + ")");

        serve.process().destroyForcibly().waitFor();
        Running late = run(OckamNode.class, "send", "--to", served[0], "--route", "api", "--expect", "any");
        late.endsWith(1);
        assertThat(late.errors())
                .contains("FAILED CONNECT_FAILED: " + served[0] + ": Connection refused (is a node listening there?)");
    }
}
