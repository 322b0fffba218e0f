// SPDX-License-Identifier: Apache-2.0

package ockam.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import ockam.wire.Address;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is who, which messages are frames, and the order of the lines, also of several processes whose clocks differ. */
class PictureTest {
    private static final Address ENCRYPTOR = Script.random(1);
    private static final Address DECRYPTOR = Script.random(2);
    private static final Address INTERNAL = Script.random(3);
    private static final Address PEER = Script.random(4);
    private static final Address MAILBOX = Script.random(5);
    private static final Address WRITER = Script.random(6);
    private static final Address READER = Script.random(7);
    private static final Address OTHER_WRITER = Script.random(8);

    private static Script channel(Script script) {
        return script.taken("alice", "CHANNELS", DECRYPTOR, INTERNAL)
                .event("alice", Recorded.CHANNEL_STARTED, Map.of("role", "INITIATOR"), ENCRYPTOR, DECRYPTOR, INTERNAL);
    }

    private static Script handshakeMessage(Script script, int step, Route onward) {
        return script.event("alice", Recorded.HANDSHAKE_SENT, Map.of("step", "MESSAGE_" + step), DECRYPTOR)
                .delivered("alice", step, DECRYPTOR, onward, Script.route(DECRYPTOR), "HANDSHAKE");
    }

    @Test
    void channelIsOneOfThemAndItsMessagesAreMarked() {
        Script script = channel(Script.of("p"));
        handshakeMessage(script, 1, Script.route("h1", "listener"));
        script.delivered("alice", 1, "h1", Script.route("listener"), Script.route("h1", DECRYPTOR));
        script.event("alice", Recorded.CHANNEL_CHANGED, Map.of("state", "UP"), ENCRYPTOR)
                .taken("alice", "MAILBOXES", MAILBOX)
                .delivered("alice", 2, MAILBOX, Script.route(ENCRYPTOR, "echoer"), Script.route(MAILBOX))
                .delivered("alice", 2, ENCRYPTOR, Script.route("h1", PEER), Route.empty(), "FRAME")
                .delivered("alice", 2, "h1", Script.route(PEER), Script.route("h1"))
                .delivered("alice", 3, "h1", Script.route(DECRYPTOR), Script.route("h1"))
                .delivered("alice", 3, INTERNAL, Script.route(MAILBOX), Script.route(ENCRYPTOR, "echoer"), "OPENED")
                .event("alice", Recorded.CHANNEL_CHANGED, Map.of("state", "CLOSED", "reason", "IDLE"), ENCRYPTOR);

        assertThat(script.recording().text()).isEqualTo("""
                        channel-1 -> h1: handshake 1, 10 bytes
                        h1 -> listener: handshake 1, 10 bytes
                        channel-1: open
                        mailbox-1 -> channel-1: message, 10 bytes
                        channel-1 -> h1: ciphertext, 10 bytes
                        h1 -> address-1: ciphertext, 10 bytes
                        h1 -> channel-1: message, 10 bytes
                        channel-1 -> mailbox-1: message, 10 bytes
                        channel-1: closed: IDLE""");
    }

    @Test
    void frameInAFrameIsStillAFrameWhenOneIsOpened() {
        Address outer = Script.random(11);
        Address outerInternal = Script.random(13);
        Script script = channel(Script.of("p"))
                .event("alice", Recorded.CHANNEL_STARTED, Map.of(), outer, Script.random(12), outerInternal)
                .delivered("alice", 1, "app", Script.route(ENCRYPTOR, "x"), Script.route("app"))
                .delivered("alice", 1, ENCRYPTOR, Script.route(outer, "d"), Route.empty(), "FRAME")
                .delivered("alice", 1, outer, Script.route("hop"), Route.empty(), "FRAME")
                .delivered("alice", 1, "hop", Script.route(Script.random(12)), Script.route("hop"))
                .delivered("alice", 1, outerInternal, Script.route(DECRYPTOR), Script.route(outer), "OPENED")
                .delivered("alice", 1, INTERNAL, Script.route("x"), Script.route(ENCRYPTOR), "OPENED");

        assertThat(script.recording().text()).isEqualTo("""
                        app -> channel-1: message, 10 bytes
                        channel-1 -> channel-2: ciphertext, 10 bytes
                        channel-2 -> hop: ciphertext, 10 bytes
                        hop -> channel-2: ciphertext, 10 bytes
                        channel-2 -> channel-1: ciphertext, 10 bytes
                        channel-1 -> x: message, 10 bytes""");
    }

    @Test
    void namesThatSomebodyChoseStayAndOthersSayWhatItIs() {
        Recording recording = Script.of("p")
                .taken("alice", "WORKERS", Script.random(1))
                .taken("alice", "RECEIVING_STREAMS", Script.random(2))
                .taken("alice", "LISTENERS", Script.random(3))
                .delivered("alice", 1, "worker-1", Script.route(Script.random(1)), Route.empty())
                .delivered("alice", 2, Address.of(1, "host:1"), Script.route(Script.random(2)), Route.empty())
                .delivered("alice", 3, "", Script.route(Script.random(3)), Route.empty())
                .recording();

        assertThat(recording.text()).isEqualTo("""
                        worker-1 -> worker-2: message, 10 bytes
                        1#host:1 -> stream-1: message, 10 bytes
                        (empty) -> listener-1: message, 10 bytes""");
    }

    @Test
    void dropIsDrawnFromWhoHadTheMessage() {
        Recording recording = Script.of("p")
                .delivered("alice", 1, "app", Script.route("h1", "nowhere"), Script.route("app"))
                .dropped("alice", "NO_SUCH_ADDRESS", "nowhere")
                .delivered("alice", 2, "app", Script.route("worker"), Script.route("app"))
                .dropped("alice", "UNDECODABLE", "worker")
                .dropped("alice", "NO_ROOM", "elsewhere")
                .recording();

        assertThat(recording.text()).isEqualTo("""
                        app -> h1: message, 10 bytes
                        h1 -> nowhere: dropped: NO_SUCH_ADDRESS
                        app -> worker: message, 10 bytes
                        worker: dropped: UNDECODABLE
                        elsewhere: dropped: NO_ROOM""");
    }

    // ---- several processes ----

    private static Script alice(Instant start) {
        return new Script("one", start)
                .taken("alice", "CONNECTIONS", WRITER)
                .event("alice", Recorded.CONNECTION_OPENED, Map.of("remote", "tcp 127.0.0.1:1"), WRITER)
                .delivered("alice", 1, "app", Script.route("h1", WRITER, "h2", "echoer"), Script.route("app"))
                .delivered("alice", 1, "h1", Script.route(WRITER, "h2", "echoer"), Script.route("h1", "app"))
                .event("alice", Recorded.CONNECTION_CLOSED, Map.of("reason", "DISCONNECTED"), WRITER);
    }

    private static Script bob(Instant start, String node) {
        return new Script("two", start)
                .taken(node, "CONNECTIONS", OTHER_WRITER)
                .taken(node, "SENDING_STREAMS", READER)
                .delivered(node, 1, READER, Script.route("h2", "echoer"), Script.route(OTHER_WRITER, "h1", "app"))
                .delivered(node, 1, "h2", Script.route("echoer"), Script.route("h2", OTHER_WRITER, "h1", "app"));
    }

    @ParameterizedTest
    @ValueSource(longs = {-3_600, 0, 3_600})
    void messageBetweenNodesIsOneArrowWhateverTheClocksSay(long difference) {
        Recording recording = bob(Script.START.plusSeconds(difference), "bob")
                .recording()
                .and(alice(Script.START).recording());

        assertThat(recording.text()).isEqualTo("""
                        alice/app -> alice/h1: message, 10 bytes
                        alice/h1 -> bob/h2: message, 10 bytes
                        bob/h2 -> bob/echoer: message, 10 bytes""");
        assertThat(recording.events())
                .extracting(event -> event.node() + event.addresses())
                .containsSubsequence("alice" + "[0#h1, " + WRITER + "]", "bob" + "[" + READER + ", 0#h2]");
    }

    @Test
    void nodesOfTheSameNameAreOfDifferentProcesses() {
        Recording recording =
                alice(Script.START).recording().and(bob(Script.START, "alice").recording());

        assertThat(recording.text()).contains("alice (one)/h1 -> alice (two)/h2: message, 10 bytes");
    }

    @Test
    void whereOnlyOneSideIsRecordedTheConnectionTakesPart() {
        assertThat(alice(Script.START).recording().text()).isEqualTo("""
                        connection-1: connected
                        app -> h1: message, 10 bytes
                        h1 -> connection-1: message, 10 bytes
                        connection-1: connection ended: DISCONNECTED""");
        assertThat(bob(Script.START, "bob").recording().text()).isEqualTo("""
                        connection-1 -> h2: unknown, 10 bytes
                        h2 -> echoer: unknown, 10 bytes""");
    }

    @Test
    void frameRemainsAFrameOnANodeThatKnowsNothingOfIt() {
        Recording recording = new Script("one", Script.START)
                .taken("alice", "CONNECTIONS", WRITER)
                .delivered("alice", 1, "app", Script.route(ENCRYPTOR, "x"), Script.route("app"))
                .delivered(
                        "alice", 1, ENCRYPTOR, Script.route(WRITER, "h2", "echoer"), Script.route("h1", "app"), "FRAME")
                .recording()
                .and(bob(Script.START, "bob").recording());

        assertThat(recording.text()).isEqualTo("""
                        alice/app -> alice/address-1: message, 10 bytes
                        alice/address-1 -> bob/h2: ciphertext, 10 bytes
                        bob/h2 -> bob/echoer: ciphertext, 10 bytes""");
    }

    @Test
    void nodeThatOnlyPassesOnIsShownByItsConnections() {
        Address reader = Script.random(21);
        Address back = Script.random(22);
        Address out = Script.random(23);
        Recording recording = alice(Script.START)
                .delivered("alice", 2, "app", Script.route(WRITER, out, "h2", "echoer"), Script.route("app"))
                .recording()
                .and(new Script("middle", Script.START)
                        .taken("middle", "CONNECTIONS", back)
                        .taken("middle", "CONNECTIONS", out)
                        .taken("middle", "SENDING_STREAMS", reader)
                        .delivered("middle", 1, reader, Script.route(out, "h2", "echoer"), Script.route(back, "app"))
                        .recording())
                .and(new Script("two", Script.START)
                        .taken("bob", "CONNECTIONS", OTHER_WRITER)
                        .taken("bob", "SENDING_STREAMS", READER)
                        .delivered(
                                "bob", 1, READER, Script.route("h2", "echoer"), Script.route(OTHER_WRITER, back, "app"))
                        .recording());

        assertThat(recording.text().lines())
                .containsSubsequence(
                        "alice/app -> middle/connection-1: message, 10 bytes",
                        "middle/connection-1 -> bob/h2: message, 10 bytes");
    }

    @Test
    void relayThatLeavesTheReturnRouteAsItIsDoesNotComeFromOutside() {
        Recording recording = bob(Script.START, "bob")
                .delivered("bob", 2, READER, Script.route("relay", "x"), Script.route(OTHER_WRITER, "app"))
                .delivered("bob", 2, "relay", Script.route("x"), Script.route(OTHER_WRITER, "app"))
                .recording();

        assertThat(recording.text().lines())
                .endsWith("connection-1 -> relay: unknown, 10 bytes", "relay -> x: unknown, 10 bytes");
    }

    @Test
    void whatHappensToTheSenderAfterwardsIsDrawnAfterTheArrowHoweverLongThatTakes() {
        Script alice = new Script("one", Script.START)
                .taken("alice", "CONNECTIONS", WRITER)
                .event("alice", Recorded.CHANNEL_STARTED, Map.of(), ENCRYPTOR)
                .delivered(
                        "alice", 1, ENCRYPTOR, Script.route(WRITER, "h2", "echoer"), Script.route("h1", "app"), "FRAME")
                .event("alice", Recorded.CHANNEL_CHANGED, Map.of("state", "UP"), ENCRYPTOR);
        Recording recording = alice.recording()
                .and(bob(Script.START.plusSeconds(60), "bob").recording())
                .and(Script.of("three").recording());

        assertThat(recording.text()).isEqualTo("""
                        alice/channel-1 -> bob/h2: ciphertext, 10 bytes
                        alice/channel-1: open
                        bob/h2 -> bob/echoer: ciphertext, 10 bytes""");
    }

    @Test
    void ofVeryManyLinesTheFirstAreDrawnAndTheLastAreShown() {
        Script script = Script.of("p");
        for (int i = 0; i < 1010; i++) {
            script.delivered("alice", i, "a", Script.route("b"), Route.empty());
        }

        assertThat(script.recording().text().lines()).hasSize(1010);
        assertThat(script.recording().text(2)).isEqualTo("""
                        1008 lines before this are not shown
                        a -> b: message, 10 bytes
                        a -> b: message, 10 bytes""");
        assertThat(script.recording().text(1010)).isEqualTo(script.recording().text());
        assertThat(script.recording().mermaid()).contains("%% 10 more are not drawn");
        assertThat(script.recording().html()).contains("1010 events; 10 lines of the picture are not drawn");
    }
}
