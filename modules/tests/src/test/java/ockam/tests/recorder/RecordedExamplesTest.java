// SPDX-License-Identifier: Apache-2.0

package ockam.tests.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import ockam.examples.Diagram;
import ockam.examples.Step06SecureChannelManyHops;
import ockam.examples.Step08RoutingOverTransportManyHopsMiddle;
import ockam.examples.Step09SecureChannelOverTransportManyHopsInitiator;
import ockam.examples.Step09SecureChannelOverTransportManyHopsResponder;
import ockam.fixtures.Program;
import ockam.recorder.Recording;
import ockam.recorder.RecordingAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the examples do is drawn the same in every run, and as it is on the pages. */
class RecordedExamplesTest {
    private static final String PAGE = "docs/recorder.md";
    private static final String ANY_PORT = "127.0.0.1:0";

    @TempDir
    Path directory;

    private final List<Program> programs = new ArrayList<>();

    @AfterEach
    void end() {
        programs.forEach(Program::kill);
    }

    private Recording mainExample() throws IOException {
        Path file = directory.resolve("run.jsonl");
        Step06SecureChannelManyHops.main(new String[] {"--diagram", file.toString()});
        return Recording.read(file);
    }

    @RepeatedTest(5)
    void mainExampleIsDrawnTheSameInEveryRun() throws IOException {
        Drawings.assertDrawn(PAGE, "three-hops", mainExample());
    }

    @Test
    void mainExampleDeliversTheseMessagesAndLeavesNothingOpen() throws IOException {
        RecordingAssert.assertThat(mainExample())
                .delivers(
                        "channel-1 -> h1",
                        "h1 -> h2",
                        "h2 -> h3",
                        "h3 -> secure_channel_listener",
                        "channel-2 -> h3",
                        "h3 -> h2",
                        "h2 -> h1",
                        "h1 -> channel-1",
                        "channel-1 -> h1",
                        "h1 -> h2",
                        "h2 -> h3",
                        "h3 -> channel-2",
                        "mailbox-1 -> channel-1",
                        "channel-1 -> h1",
                        "h1 -> h2",
                        "h2 -> h3",
                        "h3 -> channel-2",
                        "channel-2 -> echoer",
                        "echoer -> channel-2",
                        "channel-2 -> h3",
                        "h3 -> h2",
                        "h2 -> h1",
                        "h1 -> channel-1",
                        "channel-1 -> mailbox-1")
                .dropsNothing()
                .leavesNothingOpen();
    }

    @Test
    void recordsNothingUnlessAskedTo() throws IOException {
        Step06SecureChannelManyHops.main(new String[] {"--diagram"});

        try (var files = Files.list(directory)) {
            assertThat(files).isEmpty();
        }
    }

    // ---- three processes ----

    private Program run(String name, Class<?> mainClass, String... arguments) throws IOException {
        Program program = Program.start(
                directory.resolve(name + ".err"),
                List.of("-Dockam.recorder.enabled=on", "-Dockam.recorder.file=" + file(name)),
                mainClass,
                arguments);
        programs.add(program);
        return program;
    }

    private Path file(String name) {
        return directory.resolve(name + ".jsonl");
    }

    @RepeatedTest(2)
    void threeProcessesAreOnePicture() throws Exception {
        Program responder = run("responder", Step09SecureChannelOverTransportManyHopsResponder.class, ANY_PORT);
        String identifier = responder.nextLine().replace("Identifier: ", "");
        String behind = responder.nextLineAfter("Listening at ");
        Program middle = run("middle", Step08RoutingOverTransportManyHopsMiddle.class, ANY_PORT, behind);
        Program initiator = run(
                "initiator",
                Step09SecureChannelOverTransportManyHopsInitiator.class,
                middle.nextLineAfter("Listening at "),
                identifier);
        initiator.nextLineAfter("App Received: ");
        initiator.endsWith(0);
        middle.terminate();
        responder.terminate();
        Path page = directory.resolve("all.html");
        Diagram.main(
                new String[] {page.toString(), file("initiator") + "", file("middle") + "", file("responder") + ""});

        Recording recording = Recording.read(file("responder"), file("middle"), file("initiator"));
        assertThat(Files.readString(page)).contains("3 processes").contains("secure_channel_listener");
        RecordingAssert.assertThat(recording).dropsNothing().leavesNothingOpen();
        Drawings.assertDrawn(PAGE, "three-processes", recording);
    }
}
