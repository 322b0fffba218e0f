// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

import static ockam.wire.DecodedAssert.assertThatDecoded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;

import akka.util.ByteString;
import java.util.List;
import ockam.fixtures.Hex;
import ockam.wire.DecodeFailure.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages between nodes as the protocol shows them (routing, sections 3.3 and 3.4). */
class TransportMessageTest {
    private static final String ROUTES_AND_PAYLOAD = "818200466563686f6572 81820043617070 4d0c48656c6c6f204f636b616d21";
    private static final LocalMessage GREETING =
            LocalMessage.of(Route.of("echoer"), Route.of("app"), Codec.string().encode("Hello Ockam!"));
    private static final LocalMessage HEARTBEAT =
            LocalMessage.of(Route.empty(), Route.empty(), ByteString.emptyByteString());

    private static Decoded<LocalMessage> decode(String hex) {
        return TransportMessage.decode(Hex.string(hex));
    }

    @Test
    void writesFourElements() {
        assertThat(Hex.of(TransportMessage.encode(GREETING)))
                .isEqualTo(("84" + ROUTES_AND_PAYLOAD + "f6").replace(" ", ""))
                .hasSize(2 * 0x21);
        assertThat(Hex.of(TransportMessage.encode(HEARTBEAT))).isEqualTo("84808040f6");
    }

    @ParameterizedTest
    @CsvSource({"83, ''", "84, f6", "84, 627b7d", "85, f6 a0", "85, 627b7d 00"})
    void readsThreeElementsATracingContextAndMore(String head, String rest) {
        assertThatDecoded(decode(head + ROUTES_AND_PAYLOAD + rest)).is(GREETING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"40", "00", "f7"})
    void refusesATracingContextOfAnotherKind(String tracing) {
        assertThatDecoded(decode("84" + ROUTES_AND_PAYLOAD + tracing)).failsWith(Reason.UNEXPECTED_TYPE);
    }

    @ParameterizedTest
    @CsvSource({
        "'', TRUNCATED",
        "84, TRUNCATED",
        "82 80 80, WRONG_LENGTH",
        "84 80 80 60 f6, UNEXPECTED_TYPE", // a text as payload
        "84 81820063617070 80 40 f6, UNEXPECTED_TYPE", // a text as address
        "84 818219010043617070 80 40 f6, INVALID_VALUE", // transport 256
        "84 80 80 5b7fffffffffffffff, TOO_LONG",
        "84 80 80 58ff 00, TRUNCATED",
        "a0, UNEXPECTED_TYPE",
    })
    void refusesAnythingElse(String hex, Reason reason) {
        assertThatDecoded(decode(hex)).failsWith(reason);
    }

    @Test
    void readsAHeartbeat() {
        assertThatDecoded(decode("84808040f6")).is(HEARTBEAT);
    }

    @Test
    void sendsNoLocalInfo() {
        LocalMessage marked = GREETING.withLocalInfo(List.of(new LocalInfo() {}));

        assertThatDecoded(TransportMessage.decode(TransportMessage.encode(marked)))
                .is(GREETING);
    }

    @Test
    void randomMessagesSurvive() {
        qt().forAll(
                        lists().of(integers().between(0, 40)).ofSizeBetween(0, 30),
                        lists().of(integers().between(0, 40)).ofSizeBetween(0, 30),
                        integers().between(0, 70_000))
                .checkAssert((onward, back, size) -> {
                    LocalMessage message =
                            LocalMessage.of(route(onward), route(back), ByteString.fromArray(new byte[size]));
                    ByteString encoded = TransportMessage.encode(message);
                    assertThat(encoded.size()).isEqualTo(TransportMessage.encodedSize(message));
                    assertThatDecoded(TransportMessage.decode(encoded)).is(message);
                });
    }

    private static Route route(List<Integer> lengths) {
        return Route.of(
                lengths.stream().map(length -> Address.of("a".repeat(length))).toList());
    }

    @Test
    void addsAsMuchAsItSaysToALargeMessage() {
        LocalMessage large = LocalMessage.of(Route.of("h1"), Route.of("app"), ByteString.fromArray(new byte[1 << 20]));

        assertThat(TransportMessage.encodedSize(large))
                .isEqualTo(large.onwardRoute().encodedSize()
                        + large.returnRoute().encodedSize()
                        + large.payload().size()
                        + TransportMessage.OVERHEAD);
    }

    /** What a message keeps in memory besides itself: nothing if it is small, and if it is large, no copy was made. */
    @Test
    void copiesSmallPayloadsOnly() {
        byte[] bytes = new byte[100_000];
        ByteString input = TransportMessage.encode(GREETING).concat(ByteString.fromArrayUnsafe(bytes));
        assertThat(TransportMessage.decode(input).orElseThrow().payload().isCompact())
                .isTrue();

        LocalMessage large = LocalMessage.of(Route.of("h1"), Route.empty(), ByteString.fromArrayUnsafe(bytes));
        ByteString encoded = TransportMessage.encode(large);
        bytes[99_999] = 1;
        assertThat(encoded.apply(encoded.size() - 2))
                .as("the caller's own array")
                .isEqualTo((byte) 1);
    }
}
