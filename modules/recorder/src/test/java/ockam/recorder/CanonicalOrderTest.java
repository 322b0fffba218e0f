// SPDX-License-Identifier: Apache-2.0

package ockam.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import ockam.wire.Address;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;

/** What happened at the same time is drawn in a fixed order, and what follows from one another in that one. */
class CanonicalOrderTest {
    private static List<String> lines(Script script) {
        Picture picture = script.recording().picture();
        return Picture.lines(picture.canonical(), picture.names()).stream()
                .map(line -> line.replace(": message, 10 bytes", ""))
                .toList();
    }

    private static Script hop(Script script, long flow, String from, String... onward) {
        return script.delivered("n", flow, from, Script.route((Object[]) onward), Script.route(from));
    }

    @Test
    void messagesThatPassEachOtherAreDrawnOneAfterTheOther() {
        Script one = Script.of("p");
        hop(one, 1, "b", "h", "y");
        hop(one, 2, "a", "k", "x");
        hop(one, 1, "h", "y");
        hop(one, 2, "k", "x");
        Script other = Script.of("p");
        hop(other, 7, "a", "k", "x");
        hop(other, 8, "b", "h", "y");
        hop(other, 7, "k", "x");
        hop(other, 8, "h", "y");

        assertThat(lines(one))
                .containsExactly("a -> k", "k -> x", "b -> h", "h -> y")
                .isEqualTo(lines(other));
    }

    @Test
    void whatWasFirstBetweenTheSameTwoStaysFirst() {
        Script script = Script.of("p");
        hop(script, 1, "z", "h", "x");
        hop(script, 2, "a", "z", "h", "x");
        hop(script, 2, "z", "h", "x");
        hop(script, 1, "h", "x");
        hop(script, 2, "h", "x");

        assertThat(lines(script)).containsExactly("z -> h", "h -> x", "a -> z", "z -> h", "h -> x");
    }

    @Test
    void whatHadEndedBeforeStaysBefore() {
        Script script = Script.of("p");
        hop(script, 1, "z", "y");
        hop(script, 2, "a", "b");

        assertThat(lines(script)).containsExactly("z -> y", "a -> b");
    }

    @Test
    void whatAWorkerAsksBeforeItAnswersIsDrawnBeforeItsAnswer() {
        Script script = Script.of("p");
        Address ask = Script.random(1);
        hop(script, 1, "app", "worker");
        script.delivered("n", 2, ask, Script.route("other"), Script.route(ask));
        script.delivered("n", 2, "other", Script.route(ask), Script.route("other"));
        hop(script, 1, "worker", "app");

        assertThat(lines(script))
                .containsExactly("app -> worker", "address-1 -> other", "other -> address-1", "worker -> app");
    }

    @Test
    void whatHappensToSeveralAtTheEndIsInTheOrderInWhichTheyAppear() {
        Address one = Script.random(1);
        Address two = Script.random(2);
        Script script = Script.of("p")
                .event("n", Recorded.CHANNEL_STARTED, Map.of(), one)
                .event("n", Recorded.CHANNEL_STARTED, Map.of(), two)
                .delivered("n", 1, one, Script.route(two), Route.empty(), "FRAME")
                .event("n", Recorded.CHANNEL_CHANGED, Map.of("state", "CLOSED", "reason", "IDLE"), two)
                .event("n", Recorded.CHANNEL_CHANGED, Map.of("state", "CLOSED", "reason", "IDLE"), one);

        assertThat(lines(script))
                .containsExactly(
                        "channel-1 -> channel-2: ciphertext, 10 bytes",
                        "channel-1: closed: IDLE",
                        "channel-2: closed: IDLE");
    }

    @Test
    void thoseThatAreFirstOfEachOtherAreDrawnAsTheyBegan() {
        Script script = Script.of("p");
        hop(script, 1, "m", "n"); // before 2
        hop(script, 2, "c", "d"); // before 3
        hop(script, 3, "a", "b"); // before 1
        hop(script, 2, "m", "n");
        hop(script, 3, "c", "d");
        hop(script, 1, "a", "b");

        assertThat(lines(script)).containsExactly("m -> n", "a -> b", "c -> d", "m -> n", "a -> b", "c -> d");
    }

    @Test
    void manyThatPassEachOtherAreSortedToo() {
        Script script = Script.of("p");
        for (int i = 499; i >= 0; i--) {
            hop(script, i + 1, "s%03d".formatted(i), "h", "t%03d".formatted(i));
        }
        for (int i = 0; i < 500; i++) {
            hop(script, i + 1, "h", "t%03d".formatted(i));
        }

        assertThat(lines(script))
                .hasSize(1000)
                .startsWith("s000 -> h", "h -> t000", "s001 -> h")
                .endsWith("s499 -> h", "h -> t499");
    }

    @Test
    void notesFollowTheMessageThatTheyBelongTo() {
        Address channel = Script.random(1);
        Script script = Script.of("p")
                .event("n", Recorded.CHANNEL_STARTED, Map.of(), channel)
                .delivered("n", 1, channel, Script.route("h", "l"), Route.empty(), "HANDSHAKE");
        hop(script, 1, "h", "l");
        hop(script, 2, "app", "worker");
        script.event("n", Recorded.CHANNEL_CHANGED, Map.of("state", "UP"), channel);

        assertThat(lines(script))
                .containsExactly(
                        "channel-1 -> h: handshake, 10 bytes",
                        "channel-1: open",
                        "h -> l: handshake, 10 bytes",
                        "app -> worker");
    }
}
