// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

import static ockam.wire.DecodedAssert.assertThatDecoded;
import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import ockam.fixtures.Hex;
import ockam.wire.DecodeFailure.Reason;
import org.junit.jupiter.api.Test;

/**
 * Messages that other modules build with this codec, byte for byte as the specifications show them: the plaintext of a secure channel
 * (secure channel, sections 5.2 and 8.7).
 */
class MessageEncodingTest {

    private static final Route ONWARD = Route.of("echoer");
    private static final Route RETURN = Route.of("app");
    private static final String PLAINTEXT = "8282008183818200466563686f657281820043617070460548656c6c6f40";
    private static final ByteString HELLO = Codec.string().encode("Hello");

    private sealed interface Plaintext {}

    private record Payload(Route onward, Route back, ByteString bytes) implements Plaintext {}

    private record Close() implements Plaintext {}

    private static int sizeOf(Payload payload) {
        return 5 // the pair with its padding, the variant, its only field
                + payload.onward().encodedSize()
                + payload.back().encodedSize()
                + Cbor.bytesSize(payload.bytes().length())
                + Cbor.bytesSize(0);
    }

    private static void write(CborWriter writer, Payload payload) {
        writer.array(2).variant(0, 1).array(3);
        payload.onward().writeTo(writer);
        payload.back().writeTo(writer);
        writer.bytes(payload.bytes()).bytes(ByteString.emptyByteString());
    }

    private static Decoded<Plaintext> plaintext(String hex) {
        return Cbor.decode(
                Hex.bytes(hex),
                CborLimits.defaults(),
                reader -> reader.struct(padded -> {
                    Plaintext message = padded.variant((index, fields) -> switch (index) {
                        case 0 ->
                            fields.struct(payload ->
                                    new Payload(Route.readFrom(payload), Route.readFrom(payload), payload.bytes()));
                        case 2 -> new Close();
                        default -> fields.fail(Reason.INVALID_VALUE);
                    });
                    padded.bytes(); // the padding: of any length and content, but present
                    return message;
                }));
    }

    @Test
    void writesThePlaintextOfAPayloadStraightIntoAFrame() {
        Payload payload = new Payload(ONWARD, RETURN, HELLO);
        int nonce = 8;
        int tag = 16;
        byte[] frame = new byte[nonce + sizeOf(payload) + tag];
        CborWriter writer = CborWriter.into(frame, nonce);
        write(writer, payload);

        assertThat(writer.position()).isEqualTo(frame.length - tag);
        assertThat(Hex.of(frame)).isEqualTo("00".repeat(nonce) + PLAINTEXT + "00".repeat(tag));
    }

    @Test
    void readsThePlaintextOfAPayload() {
        Payload payload = new Payload(ONWARD, RETURN, HELLO);

        assertThatDecoded(plaintext(PLAINTEXT)).is(payload);
        assertThatDecoded(plaintext(PLAINTEXT + "000000")).is(payload);
        assertThatDecoded(plaintext(PLAINTEXT.substring(0, PLAINTEXT.length() - 2) + "43aabbcc"))
                .is(payload);
    }

    @Test
    void writesAndReadsClose() {
        CborWriter writer = CborWriter.create(5).array(2).variant(2, 0).bytes(ByteString.emptyByteString());

        assertThat(Hex.of(writer.toByteString())).isEqualTo("8282028040");
        assertThatDecoded(plaintext("8282028040")).is(new Close());
        assertThatDecoded(plaintext("828202820102 4101")).is(new Close());
    }

    @Test
    void refusesAPlaintextWithoutPadding() {
        assertThatDecoded(plaintext("81820280")).failsWith(Reason.WRONG_LENGTH);
        assertThatDecoded(plaintext("82820280f6")).failsWith(Reason.UNEXPECTED_TYPE);
        assertThatDecoded(plaintext("8282098040")).failsWith(Reason.INVALID_VALUE);
    }

    @Test
    void writesASessionPing() {
        assertThat(Hex.of(CborWriter.create(1).unsigned(5).toByteString())).isEqualTo("05");
        assertThat(Hex.of(CborWriter.create(9).unsigned(0x1122334455667788L).toByteString()))
                .isEqualTo("1b1122334455667788");
    }
}
