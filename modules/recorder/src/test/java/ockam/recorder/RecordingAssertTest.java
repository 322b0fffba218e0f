// SPDX-License-Identifier: Apache-2.0

package ockam.recorder;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Consumer;
import ockam.routing.RoutingDropReason;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;

/** Each assertion holds, and fails with what does not hold and with the recorded flow in its message. */
class RecordingAssertTest {
    private static Script script() {
        return Script.of("p")
                .taken("n", "WORKERS", "h1")
                .delivered("n", 1, "app", Script.route("h1", "nowhere"), Route.empty())
                .dropped("n", "NO_SUCH_ADDRESS", "nowhere");
    }

    private static final String FLOW = """


            The recording:
            app -> h1: message, 10 bytes
            h1 -> nowhere: dropped: NO_SUCH_ADDRESS""";

    private static void holds(Recording recording, Consumer<RecordingAssert> check) {
        assertThatCode(() -> check.accept(RecordingAssert.assertThat(recording)))
                .doesNotThrowAnyException();
    }

    private static void fails(Recording recording, Consumer<RecordingAssert> check, String message) {
        assertThatThrownBy(() -> check.accept(RecordingAssert.assertThat(recording)))
                .isInstanceOf(AssertionError.class)
                .hasMessage(message);
    }

    @Test
    void deliveriesAreExactlyThese() {
        Recording recording = script().recording();

        holds(recording, check -> check.delivers("app -> h1"));
        fails(
                recording,
                check -> check.delivers("app -> h1", "h1 -> nowhere"),
                "expected to be delivered:\napp -> h1\nh1 -> nowhere\nbut delivered was:\napp -> h1" + FLOW);
        fails(
                recording,
                RecordingAssert::delivers,
                "expected to be delivered:\n\nbut delivered was:\napp -> h1" + FLOW);
    }

    @Test
    void dropsAreExactlyThese() {
        Recording recording = script().recording();

        holds(recording, check -> check.drops(1, RoutingDropReason.NO_SUCH_ADDRESS, "nowhere"));
        String wanted = "expected to be dropped: ";
        String was = "\nbut dropped was: [NO_SUCH_ADDRESS at nowhere]" + FLOW;
        fails(
                recording,
                check -> check.drops(2, RoutingDropReason.NO_SUCH_ADDRESS, "nowhere"),
                wanted + "2 times NO_SUCH_ADDRESS at nowhere" + was);
        fails(
                recording,
                check -> check.drops(1, RoutingDropReason.NO_ROOM, "nowhere"),
                wanted + "1 times NO_ROOM at nowhere" + was);
        fails(
                recording,
                check -> check.drops(1, RoutingDropReason.NO_SUCH_ADDRESS, "h1"),
                wanted + "1 times NO_SUCH_ADDRESS at h1" + was);
        fails(
                recording,
                RecordingAssert::dropsNothing,
                "expected that nothing is dropped, but dropped was: [NO_SUCH_ADDRESS at nowhere]" + FLOW);
        holds(Script.of("p").recording(), RecordingAssert::dropsNothing);
    }

    @Test
    void nobodyElseTakesPart() {
        Recording recording = script().recording();

        holds(recording, check -> check.involvesOnly("app", "h1", "h2"));
        fails(
                recording,
                check -> check.involvesOnly("app"),
                "expected that nobody takes part but [app]\nbut so did: [h1]" + FLOW);
    }

    @Test
    void nothingIsLeftOpen() {
        holds(script().freed("n", "h1").recording(), RecordingAssert::leavesNothingOpen);
        fails(
                script().recording(),
                RecordingAssert::leavesNothingOpen,
                "expected that nothing is left open, but there is still: [h1]" + FLOW);
        fails(
                script().freed("another", "h1").recording(),
                RecordingAssert::leavesNothingOpen,
                "expected that nothing is left open, but there is still: [n/h1]"
                        + FLOW.replace("app", "n/app")
                                .replace(" h1", " n/h1")
                                .replace("\nh1", "\nn/h1")
                                .replace("nowhere", "n/nowhere"));
    }

    @Test
    void nothingCanBeSaidOfARecordingThatIsNotWhole() {
        fails(
                script().recording(3),
                check -> check.delivers("app -> h1"),
                "expected to be delivered:\napp -> h1\nbut delivered was:\napp -> h1"
                        + FLOW.replace("recording:\n", "recording:\n3 events before this were not kept\n"));
    }
}
