// SPDX-License-Identifier: Apache-2.0

package ockam.recorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.util.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import ockam.wire.Address;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is written can be read again, whatever the addresses are; what is no recording is refused. */
class JsonLinesTest {
    private static final String PROCESS = "{'process':'p','lost':0}\n".replace('\'', '"');

    @TempDir
    Path directory;

    private Recording read(String text) throws IOException {
        return Recording.read(Files.writeString(directory.resolve("run.jsonl"), text));
    }

    @Test
    void whatIsWrittenCanBeReadAgain() throws IOException {
        Route strange = Script.route(
                "a#b",
                "",
                "line\nbreak",
                "=> \"'<>",
                "\u202e",
                Address.of(1, "127.0.0.1:4000"),
                Address.of(255, ByteString.fromInts(0xff, 0)));
        Recording written = Script.of("first \"process\"")
                .taken("alice", "WORKERS", "a")
                .delivered("alice", 7, "a", strange, Script.route("x", "y"), "FRAME")
                .delivered("alice", 0, "a", strange, Route.empty())
                .event("alice", "of another version", Map.of("one", "1", "two", "\u0000"))
                .recording(5)
                .and(Script.of("second").freed("bob", "b").recording());

        Recording read = read(written.jsonLines());

        assertThat(read.parts()).isEqualTo(written.parts());
        assertThat(read.lost()).isEqualTo(5);
    }

    @Test
    void filesOfSeveralProcessesAreReadTogether() throws IOException {
        Path one = directory.resolve("one.jsonl");
        Path two = directory.resolve("two.jsonl");
        Script.of("one").freed("alice", "a").recording().write(one);
        Script.of("two").freed("bob", "b").recording().write(two);

        assertThat(Recording.read(one, two).events()).extracting(Recorded::node).containsExactly("alice", "bob");
    }

    @Test
    void linesAreAsDocumented() {
        assertThat(Script.of("example")
                        .delivered("alice", 1, "app", Script.route("h1", "echoer"), Script.route("app"))
                        .recording()
                        .jsonLines())
                .isEqualTo("""
                        {"process":"example","lost":0}
                        {"time":"2026-11-24T10:00:00Z","node":"alice","event":"message-delivered","addresses":["0#app","0#h1"],\
                        "route":["0#h1","0#echoer"],"return":["0#app"],"size":10,"flow":1,"attributes":{}}
                        """);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'time':1} | line 2: time is missing",
                "[] | line 2: no line of a recording",
                "{'a':null} | line 2: a is of another type",
                "{'process':'q','lost':0}{} | line 2: more than one value",
                "{'route':['noMark']} | line 2: an address has a '#'",
                "{'route':[1]} | line 2: no line of a recording",
                "{'attributes':{'a':1}} | line 2: no line of a recording",
                "{'process':'q'} | line 2: lost is missing",
                "{ | line 2: Unexpected end-of-input"
            })
    void whatIsNoLineOfARecordingIsRefused(String line, String problem) {
        assertThatThrownBy(() -> read(PROCESS + line.replace('\'', '"').replace("a \"#\"", "a '#'")))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(directory.resolve("run.jsonl") + ", " + problem);
    }

    @Test
    void eventsComeAfterTheirProcess() {
        assertThatThrownBy(() -> read("{\"time\":\"2026-11-24T10:00:00Z\"}"))
                .hasMessageEndingWith("line 1: the first line is that of the process");
    }

    @Test
    void otherFilesAreRefused() {
        assertThatThrownBy(() -> Script.of("p").recording().write(directory.resolve("run.png")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("a recording is written to .html, .mmd or .jsonl, not to ");
    }
}
