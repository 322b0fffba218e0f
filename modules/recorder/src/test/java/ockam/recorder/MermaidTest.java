// SPDX-License-Identifier: Apache-2.0

package ockam.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import ockam.wire.Address;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Diagrams for Mermaid, and names that would break them. */
class MermaidTest {
    @Test
    void handshakesFramesDropsAndNotesAreMarked() {
        Address channel = Script.random(1);
        Script script = Script.of("p")
                .event("n", Recorded.CHANNEL_STARTED, Map.of(), channel)
                .delivered("n", 1, channel, Script.route("h"), Route.empty(), "HANDSHAKE")
                .event("n", Recorded.CHANNEL_CHANGED, Map.of("state", "UP"), channel)
                .delivered("n", 2, channel, Script.route("h"), Route.empty(), "FRAME")
                .delivered("n", 3, "app", Script.route("h", "nowhere"), Route.empty())
                .dropped("n", "NO_SUCH_ADDRESS", "nowhere");

        assertThat(script.recording().mermaid()).isEqualTo("""
                        sequenceDiagram
                            participant p1 as channel-1
                            participant p2 as h
                            participant p3 as app
                            participant p4 as nowhere
                            rect rgb(255, 244, 214)
                            p1-->>p2: handshake, 10 bytes
                            Note over p1: open
                            end
                            rect rgb(221, 236, 252)
                            p1-->>p2: ciphertext, 10 bytes
                            end
                            p3->>p2: message, 10 bytes
                            p2-xp4: dropped: NO_SUCH_ADDRESS
                        """);
    }

    @Test
    void severalNodesAreBoxes() {
        Recording recording = Script.of("one")
                .delivered("alice", 1, "a", Script.route("b"), Route.empty())
                .recording()
                .and(Script.of("two")
                        .delivered("bob", 1, "a", Script.route("b"), Route.empty())
                        .recording());

        assertThat(recording.mermaid()).isEqualTo("""
                        sequenceDiagram
                            box alice
                            participant p1 as a
                            participant p2 as b
                            end
                            box bob
                            participant p3 as a
                            participant p4 as b
                            end
                            p1->>p2: message, 10 bytes
                            p3->>p4: message, 10 bytes
                        """);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "a;b, a#59;b",
                "#, #35;",
                "<b>, #60;b#62;",
                "end, #101;#110;#100;",
                "`line\nbreak`, line#63;break",
                "%%, #37;#37;"
            })
    void namesOfStrangersAreNoDiagrams(String name, String written) {
        assertThat(Script.of("p")
                        .delivered("n", 1, name, Script.route("h"), Route.empty())
                        .recording()
                        .mermaid())
                .contains("participant p1 as " + written + "\n");
    }
}
