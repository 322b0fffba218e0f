// SPDX-License-Identifier: Apache-2.0

package ockam.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.stream.testkit.TestPublisher;
import akka.stream.testkit.TestSubscriber;
import akka.stream.testkit.javadsl.TestSink;
import akka.stream.testkit.javadsl.TestSource;
import akka.util.ByteString;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import ockam.fixtures.Hex;
import ockam.fixtures.Stages;
import ockam.fixtures.SystemKit;
import ockam.tcp.TcpException.Reason;
import ockam.wire.Codec;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What comes from a socket, in whatever pieces (routing, sections 3.1 to 3.4). */
class FrameDecoderTest {
    private static final Duration SILENCE = Duration.ofSeconds(30);

    @RegisterExtension
    static final SystemKit KIT = new SystemKit(ManualTime.config());

    private static final ByteString FRAME =
            Hex.string("00000021 84 81 82 00 46 6563686f6572 81 82 00 43 617070 4d 0c48656c6c6f204f636b616d21 f6");
    private static final ByteString VERSION = Hex.string("01");
    private static final LocalMessage GREETING =
            LocalMessage.of(Route.of("echoer"), Route.of("app"), Codec.string().encode("Hello Ockam!"));

    private final UnfinishedFrames unfinished = new UnfinishedFrames(1_000);

    private record Decoding(TestPublisher.Probe<ByteString> in, TestSubscriber.Probe<LocalMessage> out) {
        TcpException failure() {
            return (TcpException) out.expectError();
        }
    }

    private Decoding decoding() {
        return decoding(Duration.ZERO);
    }

    private Decoding decoding(Duration connectTimeout) {
        var run = TestSource.<ByteString>create(KIT.system().classicSystem())
                .via(new FrameDecoder(unfinished, SILENCE, connectTimeout))
                .toMat(TestSink.create(KIT.system().classicSystem()), Keep.both())
                .run(KIT.system());
        Decoding decoding = new Decoding(run.first(), run.second());
        decoding.out().request(1_000);
        return decoding;
    }

    private List<LocalMessage> decoded(List<ByteString> pieces) {
        return Stages.await(Source.from(pieces)
                .via(new FrameDecoder(unfinished, SILENCE, Duration.ZERO))
                .runWith(Sink.seq(), KIT.system()));
    }

    private static List<ByteString> cut(ByteString bytes, int at) {
        return List.of(bytes.take(at), bytes.drop(at));
    }

    @Test
    void writesWhatItReads() {
        assertThat(Frames.encode(GREETING)).isEqualTo(FRAME);
    }

    @Test
    void piecesDoNotMatter() {
        ByteString stream = VERSION.concat(FRAME).concat(FRAME).concat(FRAME);
        List<LocalMessage> three = List.of(GREETING, GREETING, GREETING);

        assertThat(decoded(List.of(stream))).isEqualTo(three);
        assertThat(decoded(IntStream.range(0, stream.size())
                        .mapToObj(i -> stream.slice(i, i + 1))
                        .toList()))
                .isEqualTo(three);
        for (int at = 0; at <= stream.size(); at++) {
            assertThat(decoded(cut(stream, at))).as("cut at %d", at).isEqualTo(three);
        }
    }

    @Test
    void frameThatIsCutOffIsLikeNone() {
        ByteString stream = VERSION.concat(FRAME);
        for (int size = 0; size < stream.size(); size++) {
            assertThat(decoded(List.of(stream.take(size)))).as("%d bytes", size).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "02, UNSUPPORTED_VERSION: the other side speaks version 2",
        "ff, UNSUPPORTED_VERSION: the other side speaks version 255",
        "48 5454502f, UNSUPPORTED_VERSION: the other side begins with 'H': it speaks another protocol",
        "01 00000000, INVALID_LENGTH: a message of 0 bytes",
        "01 01000001, INVALID_LENGTH: a message of 16777217 bytes",
        "01 80000000, INVALID_LENGTH: a message of 2147483648 bytes",
        "01 ffffffff, INVALID_LENGTH: a message of 4294967295 bytes",
        "01 00000001 ff, UNDECODABLE: UNEXPECTED_TYPE at byte 0",
        "01 00000002 8480, UNDECODABLE: TRUNCATED at byte 0",
    })
    void endsAtTheFirstMistake(String hex, String message) {
        Decoding decoding = decoding();

        decoding.in().sendNext(Hex.string(hex).concat(FRAME));

        assertThat(decoding.failure()).hasMessage(message);
        decoding.in().expectCancellation();
    }

    @Test
    void deliversWhatCameBeforeTheMistake() {
        Decoding decoding = decoding();

        decoding.in().sendNext(VERSION.concat(FRAME).concat(Hex.string("00000000")));

        decoding.out().expectNext(GREETING);
        assertThat(decoding.failure().reason()).isEqualTo(Reason.INVALID_LENGTH);
    }

    @Test
    void deliversNothingThatIsNotAskedFor() {
        var run = TestSource.<ByteString>create(KIT.system().classicSystem())
                .via(new FrameDecoder(unfinished, SILENCE, Duration.ZERO))
                .toMat(TestSink.<LocalMessage>create(KIT.system().classicSystem()), Keep.both())
                .run(KIT.system());
        run.second().request(1);
        run.first().sendNext(VERSION.concat(FRAME).concat(FRAME)).sendComplete();

        run.second().expectNext(GREETING);
        run.second().expectNoMessage(Duration.ZERO);
        run.second().request(1);
        run.second().expectNext(GREETING);
        run.second().expectComplete();
    }

    // ---- silence ----

    @ParameterizedTest
    @CsvSource({
        "'', not even a version",
        "01 0000, in the middle of a message",
        "01 00000021 8481, in the middle of a message"
    })
    void doesNotWaitForEverInTheMiddleOfSomething(String hex, String where) {
        Decoding decoding = decoding();
        if (!hex.isEmpty()) {
            decoding.in().sendNext(Hex.string(hex));
            KIT.eventually(() -> assertThat(unfinished.bytes()).isPositive());
        }

        timePasses();

        assertThat(decoding.failure()).hasMessage("SILENT: nothing for 30000 ms, " + where);
    }

    private static void timePasses() {
        ManualTime time = ManualTime.get(KIT.system());
        for (int i = 0; i < 4; i++) {
            time.timePasses(SILENCE);
        }
    }

    @Test
    void silenceBetweenMessagesIsNone() {
        Decoding decoding = decoding();
        decoding.in().sendNext(VERSION.concat(FRAME));
        decoding.out().expectNext(GREETING);

        timePasses();

        decoding.in().sendNext(FRAME);
        decoding.out().expectNext(GREETING);
    }

    @Test
    void nobodyIsSilentBeforeThereIsAnybody() {
        Decoding decoding = decoding(SILENCE.multipliedBy(10));

        timePasses();

        decoding.out().expectNoMessage(Duration.ZERO);
        decoding.in().sendNext(VERSION.concat(FRAME));
        decoding.out().expectNext(GREETING);
    }

    /** It is told to read no more, so it hears nothing. */
    @Test
    void readerThatHasNoRoomDoesNotCallTheOtherSideSilent() {
        var run = TestSource.<ByteString>create(KIT.system().classicSystem())
                .via(new FrameDecoder(unfinished, SILENCE, Duration.ZERO))
                .toMat(TestSink.<LocalMessage>create(KIT.system().classicSystem()), Keep.both())
                .run(KIT.system());
        run.second().request(1);
        run.first().sendNext(VERSION.concat(FRAME).concat(FRAME.take(10)));
        run.second().expectNext(GREETING);

        timePasses();

        run.second().request(1);
        run.first().sendNext(FRAME.drop(10));
        run.second().expectNext(GREETING);
    }

    // ---- unfinished messages ----

    @Test
    void largestUnfinishedMessageGivesWay() {
        Decoding small = decoding();
        Decoding large = decoding();
        ByteString beginning = VERSION.concat(Hex.string("00010000"));
        large.in().sendNext(beginning.concat(ByteString.fromArray(new byte[600])));
        KIT.eventually(() -> assertThat(unfinished.bytes()).isEqualTo(604));

        small.in().sendNext(beginning.concat(ByteString.fromArray(new byte[400])));

        assertThat(large.failure().reason()).isEqualTo(Reason.UNFINISHED_TOO_LARGE);
        KIT.eventually(() -> assertThat(unfinished.bytes()).isEqualTo(404));
        small.in().sendComplete();
        KIT.eventually(() -> assertThat(unfinished.bytes()).isZero());
    }

    /** Only the sizes count: one that began long ago and stays small lives on, and so do those between messages. */
    @Test
    void strangersGiveWayBeforeOneWhoSendsLittle() {
        Decoding honest = decoding();
        honest.in().sendNext(VERSION.concat(FRAME.take(20)));
        KIT.eventually(() -> assertThat(unfinished.bytes()).isEqualTo(20));
        ByteString half = VERSION.concat(Hex.string("00010000")).concat(ByteString.fromArray(new byte[100]));
        List<Decoding> strangers = IntStream.range(0, 50)
                .mapToObj(i -> {
                    Decoding stranger = decoding();
                    stranger.in().sendNext(half);
                    return stranger;
                })
                .toList();

        KIT.eventually(() -> assertThat(unfinished.bytes()).isBetween(20L + 104, 1_000L));

        honest.in().sendNext(FRAME.drop(20));
        honest.out().expectNext(GREETING);
        strangers.forEach(stranger -> {
            stranger.in().sendComplete();
        });
        KIT.eventually(() -> assertThat(unfinished.bytes()).isZero());
    }

    @Test
    void finishedMessageIsNoLongerCounted() {
        Decoding decoding = decoding();
        decoding.in().sendNext(VERSION.concat(FRAME.take(20)));
        KIT.eventually(() -> assertThat(unfinished.bytes()).isEqualTo(20));

        decoding.in().sendNext(FRAME.drop(20));

        decoding.out().expectNext(GREETING);
        KIT.eventually(() -> assertThat(unfinished.bytes()).isZero());
    }
}
