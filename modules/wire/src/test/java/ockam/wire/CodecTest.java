// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

import static ockam.wire.DecodedAssert.assertThatDecoded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.util.ByteString;
import java.util.List;
import ockam.fixtures.Hex;
import ockam.wire.DecodeFailure.Reason;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CodecTest {

    private record Reading(String sensor, long value, List<ByteString> proofs) {
        static void write(BareWriter writer, Reading reading) {
            writer.string(reading.sensor()).u32(reading.value()).list(reading.proofs(), BareWriter::bytes);
        }

        static Reading read(BareReader reader) {
            return new Reading(reader.string(), reader.u32(), reader.list(BareReader::bytes));
        }
    }

    @Test
    void encodesTextsAsBare() {
        ByteString payload = Codec.string().encode("Hello Ockam!");

        assertThat(Hex.of(payload)).isEqualTo("0c48656c6c6f204f636b616d21");
        assertThatDecoded(Codec.string().decode(payload)).is("Hello Ockam!");
        assertThat(Hex.of(Codec.string().encode(""))).isEqualTo("00");
    }

    @Test
    void refusesTextsThatAreNotBare() {
        assertThatDecoded(Codec.string().decode(ByteString.fromString("Hello Ockam!")))
                .failsWith(Reason.TRUNCATED);
        assertThatDecoded(Codec.string().decode(ByteString.emptyByteString())).failsWith(Reason.TRUNCATED);
        assertThatDecoded(Codec.string().decode(Hex.string("01ff"))).failsWith(Reason.INVALID_UTF8);
    }

    @Test
    void leavesBytesUnchanged() {
        ByteString bytes = ByteString.fromString("Hello Ockam!");

        assertThat(Codec.bytes().encode(bytes)).isSameAs(bytes);
        assertThatDecoded(Codec.bytes().decode(bytes)).is(bytes);
        assertThatDecoded(Codec.bytes().decode(ByteString.emptyByteString())).is(ByteString.emptyByteString());
    }

    @Test
    void readsAnyFromEverythingAndWritesNothing() {
        assertThat(Codec.any().encode(Any.INSTANCE)).isEqualTo(ByteString.emptyByteString());
        assertThatDecoded(Codec.any().decode(ByteString.emptyByteString())).is(Any.INSTANCE);
        assertThatDecoded(Codec.any().decode(Hex.string("ffffff"))).is(Any.INSTANCE);
        assertThat(Any.INSTANCE).hasToString("Any Message");
    }

    @Test
    void encodesCustomTypesAsBare() {
        Codec<Reading> codec = Codec.bare(Reading::write, Reading::read);
        Reading reading = new Reading("t", 258, List.of(ByteString.fromInts(1, 2), ByteString.emptyByteString()));

        assertThat(Hex.of(codec.encode(reading))).isEqualTo("0174 02010000 02 02 0102 00".replace(" ", ""));
        assertThatDecoded(codec.decode(codec.encode(reading))).is(reading);
        assertThatDecoded(codec.decode(codec.encode(reading).drop(1))).failsWith(Reason.TRUNCATED);
    }

    private record Flagged(boolean flag, long number) {
        static void write(BareWriter writer, Flagged value) {
            writer.bool(value.flag()).varint(value.number());
        }

        static Flagged read(BareReader reader) {
            return new Flagged(reader.bool(), reader.varint());
        }
    }

    private static final Codec<Flagged> STRICT = Codec.bare(Flagged::write, Flagged::read);
    private static final Codec<Flagged> TOLERANT = Codec.tolerantBare(Flagged::write, Flagged::read);

    @Test
    void refusesBytesBehindTypesOfTheUser() {
        assertThatDecoded(STRICT.decode(Hex.string("01c801"))).is(new Flagged(true, 200));
        assertThatDecoded(STRICT.decode(Hex.string("01c80100")))
                .failsWith(Reason.TRAILING_BYTES)
                .at(3);
        assertThatDecoded(STRICT.decode(Codec.string().encode("Hello Ockam!")))
                .failsWith(Reason.INVALID_VALUE)
                .at(0);
    }

    @ParameterizedTest
    @CsvSource({"02 01, 0", "ff 01, 0", "01 8000, 1", "01 c88100, 1", "01 ffffffffffffffffff00, 1"})
    void refusesOtherFormsOfTypesOfTheUser(String hex, int offset) {
        assertThatDecoded(STRICT.decode(Hex.string(hex)))
                .failsWith(Reason.INVALID_VALUE)
                .at(offset);
    }

    @ParameterizedTest
    @ValueSource(strings = {"01 c801 00", "ff c801", "01 c88100", "02 c88100 ffff"})
    void readsTypesOfTheUserAsPeersDoIfItIsTold(String hex) {
        assertThatDecoded(TOLERANT.decode(Hex.string(hex))).is(new Flagged(true, 200));
    }

    @Test
    void writesTheSameWhetherStrictOrNot() {
        assertThat(STRICT.encode(new Flagged(true, 200)))
                .isEqualTo(TOLERANT.encode(new Flagged(true, 200)))
                .isEqualTo(Hex.string("01c801"));
    }

    /** As peers of today do (routing, section 2.1). */
    @Test
    void readsTextsAsPeersDo() {
        assertThatDecoded(Codec.string().decode(Hex.string("0161ffff"))).is("a");
        assertThatDecoded(Codec.string().decode(Hex.string("810061"))).is("a");
    }

    @ParameterizedTest
    @MethodSource("ockam.wire.Samples#textsWithHalfAPair")
    void refusesToEncodeHalfOfASurrogatePair(String text) {
        assertNoText(() -> Codec.string().encode(text));
        Codec<Reading> codec = Codec.bare(Reading::write, Reading::read);
        assertNoText(() -> codec.encode(new Reading(text, 1, List.of())));
    }

    private static void assertNoText(ThrowingCallable encoding) {
        assertThatThrownBy(encoding)
                .isInstanceOfSatisfying(
                        WireException.class, e -> assertThat(e.reason()).isEqualTo(WireException.Reason.INVALID_TEXT));
    }

    @Test
    void encodesWholeSurrogatePairs() {
        assertThat(Hex.of(Codec.string().encode("?\uD83D\uDE00\uDBFF\uDFFF"))).isEqualTo("093ff09f9880f48fbfbf");
    }
}
