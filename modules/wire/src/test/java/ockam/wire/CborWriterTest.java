// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.util.ByteString;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import ockam.fixtures.Hex;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CborWriterTest {

    private static String written(Consumer<CborWriter> writing) {
        CborWriter writer = CborWriter.create(0);
        writing.accept(writer);
        return Hex.of(writer.toByteString());
    }

    @ParameterizedTest
    @CsvSource({
        "0, 00",
        "1, 01",
        "10, 0a",
        "23, 17",
        "24, 1818",
        "25, 1819",
        "100, 1864",
        "255, 18ff",
        "256, 190100",
        "1000, 1903e8",
        "65535, 19ffff",
        "65536, 1a00010000",
        "1000000, 1a000f4240",
        "4294967295, 1affffffff",
        "4294967296, 1b0000000100000000",
        "1000000000000, 1b000000e8d4a51000",
        "18446744073709551615, 1bffffffffffffffff"
    })
    void writesNumbersInTheirShortestForm(String number, String hex) {
        long value = Long.parseUnsignedLong(number);

        assertThat(written(w -> w.unsigned(value))).isEqualTo(hex);
        assertThat(Cbor.headSize(value)).isEqualTo(hex.length() / 2);
    }

    @ParameterizedTest
    @CsvSource({"'', 40", "01020304, 4401020304"})
    void writesByteStringsOfTheRfc(String content, String hex) {
        assertThat(written(w -> w.bytes(Hex.string(content)))).isEqualTo(hex);
        assertThat(written(w -> w.bytes(Hex.bytes(content)))).isEqualTo(hex);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 23, 24, 255, 256, 65_535, 65_536})
    void knowsTheSizeOfByteStrings(int length) {
        CborWriter writer = CborWriter.create(0).bytes(new byte[length]);

        assertThat(Cbor.bytesSize(length)).isEqualTo(writer.position());
    }

    @Test
    void writesTextsOfTheRfc() {
        assertThat(written(w -> w.text(""))).isEqualTo("60");
        assertThat(written(w -> w.text("a"))).isEqualTo("6161");
        assertThat(written(w -> w.text("IETF"))).isEqualTo("6449455446");
        assertThat(written(w -> w.text("\"\\"))).isEqualTo("62225c");
        assertThat(written(w -> w.text("\u00fc"))).isEqualTo("62c3bc");
        assertThat(written(w -> w.text("\u6c34"))).isEqualTo("63e6b0b4");
        assertThat(written(w -> w.text("\ud800\udd51"))).isEqualTo("64f0908591");
    }

    @Test
    void writesSimpleValuesOfTheRfc() {
        assertThat(written(w -> w.bool(false))).isEqualTo("f4");
        assertThat(written(w -> w.bool(true))).isEqualTo("f5");
        assertThat(written(CborWriter::nul)).isEqualTo("f6");
    }

    @Test
    void writesArraysOfTheRfc() {
        assertThat(written(w -> w.array(0))).isEqualTo("80");
        assertThat(written(w -> w.array(3).unsigned(1).unsigned(2).unsigned(3))).isEqualTo("83010203");
        assertThat(written(w -> w.array(3)
                        .unsigned(1)
                        .array(2)
                        .unsigned(2)
                        .unsigned(3)
                        .array(2)
                        .unsigned(4)
                        .unsigned(5)))
                .isEqualTo("8301820203820405");
        assertThat(written(w -> {
                    w.array(25);
                    for (int i = 1; i <= 25; i++) {
                        w.unsigned(i);
                    }
                }))
                .isEqualTo("98190102030405060708090a0b0c0d0e0f101112131415161718181819");
    }

    @Test
    void writesMapsOfTheRfc() {
        assertThat(written(w -> w.map(0))).isEqualTo("a0");
        assertThat(written(w -> w.map(2).unsigned(1).unsigned(2).unsigned(3).unsigned(4)))
                .isEqualTo("a201020304");
        assertThat(written(w -> w.map(2)
                        .text("a")
                        .unsigned(1)
                        .text("b")
                        .array(2)
                        .unsigned(2)
                        .unsigned(3)))
                .isEqualTo("a26161016162820203");
        assertThat(written(w -> w.array(2).text("a").map(1).text("b").text("c")))
                .isEqualTo("826161a161626163");
    }

    @Test
    void sortsMapsByTheBytesOfTheKeysAndNotByLength() {
        Map<ByteString, ByteString> attributes = Map.of(
                Hex.string("02"), Hex.string("aa"),
                Hex.string("0101"), Hex.string("bb"),
                Hex.string("ff"), Hex.string("cc"),
                Hex.string("7f"), Hex.string("dd"),
                Hex.string(""), Hex.string("ee"));

        assertThat(written(w -> w.sortedMap(attributes).unsigned(1)))
                .isEqualTo("a5 4041ee 42010141bb 410241aa 417f41dd 41ff41cc 01".replace(" ", ""));
    }

    @Test
    void writesVariantsAsAPair() {
        assertThat(written(w -> w.variant(2, 0))).isEqualTo("820280");
        assertThat(written(w -> w.variant(0, 1).bytes(new byte[32]))).isEqualTo("8200815820" + "00".repeat(32));
    }

    @Test
    void writesListsAndOptionalFields() {
        assertThat(written(w -> w.list(List.of(1L, 2L), (number, out) -> out.unsigned(number))))
                .isEqualTo("820102");
        assertThat(written(w -> w.optional("a", (text, out) -> out.text(text)))).isEqualTo("6161");
        assertThat(written(w -> w.<String>optional(null, (text, out) -> out.text(text))))
                .isEqualTo("f6");
    }

    @Test
    void writesBytesThatAreAlreadyEncoded() {
        assertThat(written(w -> w.array(2).raw(Hex.string("820280")).unsigned(3)))
                .isEqualTo("8282028003");
    }

    @Test
    void writesPartsOfArraysAndByteStringsInPieces() {
        ByteString pieces = ByteString.fromInts(1, 2).concat(ByteString.fromInts(3));

        assertThat(written(w -> w.bytes(new byte[] {9, 1, 2, 9}, 1, 2))).isEqualTo("420102");
        assertThat(written(w -> w.bytes(pieces))).isEqualTo("43010203");
        assertThat(written(w -> w.bytes(pieces.drop(1)))).isEqualTo("420203");
    }

    @Test
    void refusesNegativeSizes() {
        CborWriter writer = CborWriter.create(0);

        assertThatThrownBy(() -> writer.array(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> writer.map(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> writer.variant(-1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> writer.bytes(new byte[1], 0, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void growsAsNeeded() {
        CborWriter writer = CborWriter.create(1);
        for (int i = 0; i < 1000; i++) {
            writer.unsigned(i);
        }

        assertThat(writer.position()).isEqualTo(24 + 2 * (256 - 24) + 3 * (1000 - 256));
        assertThat(writer.toByteString().length()).isEqualTo(writer.position());
    }

    @ParameterizedTest
    @MethodSource("ockam.wire.Samples#textsWithHalfAPair")
    void refusesHalfOfASurrogatePairAndWritesNothingOfIt(String text) {
        CborWriter writer = CborWriter.create(4).unsigned(1);

        assertThatThrownBy(() -> writer.text(text))
                .isInstanceOfSatisfying(
                        WireException.class, e -> assertThat(e.reason()).isEqualTo(WireException.Reason.INVALID_TEXT));
        assertThat(Hex.of(writer.toByteString())).isEqualTo("01");
    }

    @Test
    void returnsAResultThatFurtherWritingDoesNotChange() {
        CborWriter writer = CborWriter.create(4).unsigned(1).unsigned(2);
        ByteString before = writer.toByteString();
        writer.unsigned(3).unsigned(4).unsigned(5);

        assertThat(Hex.of(before)).isEqualTo("0102");
        assertThat(Hex.of(writer.toByteString())).isEqualTo("0102030405");
    }

    @Test
    void writesIntoAnArrayOfTheCaller() {
        byte[] frame = Hex.bytes("aaaaaaaaaaaa");
        CborWriter writer = CborWriter.into(frame, 2).array(1).bytes(Hex.string("bb"));

        assertThat(Hex.of(frame)).isEqualTo("aaaa8141bbaa");
        assertThat(writer.position()).isEqualTo(5);
        assertThat(Hex.of(writer.toByteString())).isEqualTo("8141bb");
    }

    @Test
    void copiesItsResultOutOfAnArrayOfTheCaller() {
        byte[] frame = new byte[2];
        ByteString result = CborWriter.into(frame, 0).unsigned(24).toByteString();
        frame[0] = 0;

        assertThat(Hex.of(result)).isEqualTo("1818");
    }

    @Test
    void neverGrowsAnArrayOfTheCaller() {
        byte[] frame = new byte[4];
        CborWriter writer = CborWriter.into(frame, 1);

        assertThatThrownBy(() -> writer.bytes(new byte[3])).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> CborWriter.into(frame, 4).nul()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> CborWriter.into(frame, 5)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CborWriter.into(frame, -1)).isInstanceOf(IllegalArgumentException.class);
    }
}
