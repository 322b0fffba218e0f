// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

import static ockam.wire.DecodedAssert.assertThatDecoded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.util.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import ockam.fixtures.Hex;
import ockam.wire.DecodeFailure.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CborReaderTest {

    private record Pair(long first, Optional<String> second) {
        static Pair readFrom(CborReader reader) {
            return reader.struct(
                    fields -> new Pair(fields.unsigned(), Optional.ofNullable(fields.optional(CborReader::text))));
        }
    }

    private static <T> Decoded<T> decode(String hex, Function<CborReader, T> decoder) {
        return Cbor.decode(Hex.bytes(hex), CborLimits.defaults(), decoder);
    }

    private static Decoded<Pair> pair(String hex) {
        return decode(hex, Pair::readFrom);
    }

    private static Decoded<String> variant(String hex) {
        return decode(
                hex,
                reader -> reader.variant((index, fields) -> switch (index) {
                    case 0 -> "number " + fields.unsigned();
                    case 1 -> "nothing";
                    default -> fields.fail(Reason.INVALID_VALUE);
                }));
    }

    private static Decoded<List<Long>> numbers(String hex) {
        return decode(hex, reader -> reader.list(CborReader::unsigned));
    }

    private static Decoded<Map<Long, Long>> map(String hex) {
        return decode(hex, reader -> reader.map(CborReader::unsigned, CborReader::unsigned));
    }

    // The examples of the RFC, as far as this codec uses them

    @ParameterizedTest
    @CsvSource({
        "00, 0",
        "01, 1",
        "0a, 10",
        "17, 23",
        "1818, 24",
        "1819, 25",
        "1864, 100",
        "1903e8, 1000",
        "1a000f4240, 1000000",
        "1b000000e8d4a51000, 1000000000000",
        "1bffffffffffffffff, 18446744073709551615"
    })
    void readsNumbersOfTheRfc(String hex, String number) {
        assertThatDecoded(decode(hex, CborReader::unsigned)).is(Long.parseUnsignedLong(number));
    }

    @Test
    void readsStringsOfTheRfc() {
        assertThatDecoded(decode("40", CborReader::bytes)).is(ByteString.emptyByteString());
        assertThatDecoded(decode("4401020304", CborReader::bytes)).is(ByteString.fromInts(1, 2, 3, 4));
        assertThatDecoded(decode("60", CborReader::text)).is("");
        assertThatDecoded(decode("6161", CborReader::text)).is("a");
        assertThatDecoded(decode("6449455446", CborReader::text)).is("IETF");
        assertThatDecoded(decode("62225c", CborReader::text)).is("\"\\");
        assertThatDecoded(decode("62c3bc", CborReader::text)).is("\u00fc");
        assertThatDecoded(decode("63e6b0b4", CborReader::text)).is("\u6c34");
        assertThatDecoded(decode("64f0908591", CborReader::text)).is("\ud800\udd51");
    }

    @Test
    void readsArraysAndMapsOfTheRfc() {
        assertThatDecoded(numbers("80")).is(List.of());
        assertThatDecoded(numbers("83010203")).is(List.of(1L, 2L, 3L));
        assertThatDecoded(numbers("98190102030405060708090a0b0c0d0e0f101112131415161718181819"))
                .is(java.util.stream.LongStream.rangeClosed(1, 25).boxed().toList());
        assertThatDecoded(map("a0")).is(Map.of());
        assertThatDecoded(map("a201020304")).is(Map.of(1L, 2L, 3L, 4L));
        assertThatDecoded(decode(
                        "a56161614161626142616361436164614461656145",
                        reader -> reader.map(CborReader::text, CborReader::text)))
                .is(Map.of("a", "A", "b", "B", "c", "C", "d", "D", "e", "E"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "8301820203820405",
                "9f018202039f0405ffff",
                "9f01820203820405ff",
                "83018202039f0405ff",
                "83019f0203ff820405"
            })
    void readsTheNestedArraysOfTheRfc(String hex) {
        assertThatDecoded(decode(
                        hex,
                        reader -> reader.struct(outer -> List.of(
                                List.of(outer.unsigned()),
                                outer.list(CborReader::unsigned),
                                outer.list(CborReader::unsigned)))))
                .is(List.of(List.of(1L), List.of(2L, 3L), List.of(4L, 5L)));
    }

    @Test
    void readsTrueAndFalse() {
        assertThatDecoded(decode("f4", CborReader::bool)).is(false);
        assertThatDecoded(decode("f5", CborReader::bool)).is(true);
    }

    // Tolerated input

    @Test
    void skipsFurtherElementsOfAStruct() {
        assertThatDecoded(pair("83 01 6161 02")).is(new Pair(1, Optional.of("a")));
        assertThatDecoded(pair("84 01 6161 a1 01 82 02 03 9f ff")).is(new Pair(1, Optional.of("a")));
        assertThatDecoded(decode("82 83 01 6161 02 05", r -> r.struct(f -> List.of(Pair.readFrom(f), f.unsigned()))))
                .is(List.of(new Pair(1, Optional.of("a")), 5L));
    }

    @Test
    void readsAMissingOptionalFieldAtTheEndAsAbsent() {
        assertThatDecoded(pair("81 01")).is(new Pair(1, Optional.empty()));
        assertThatDecoded(pair("9f 01 ff")).is(new Pair(1, Optional.empty()));
    }

    @Test
    void readsNullAsAbsent() {
        assertThatDecoded(pair("82 01 f6")).is(new Pair(1, Optional.empty()));
        assertThatDecoded(pair("9f 01 f6 ff")).is(new Pair(1, Optional.empty()));
    }

    @Test
    void readsStructsOfIndefiniteLength() {
        assertThatDecoded(pair("9f 01 6161 ff")).is(new Pair(1, Optional.of("a")));
        assertThatDecoded(pair("9f 01 6161 02 03 ff")).is(new Pair(1, Optional.of("a")));
    }

    @Test
    void readsListsOfIndefiniteLength() {
        assertThatDecoded(numbers("9f ff")).is(List.of());
        assertThatDecoded(numbers("9f 01 02 ff")).is(List.of(1L, 2L));
    }

    @Test
    void readsMapsOfIndefiniteLength() {
        assertThatDecoded(map("bf ff")).is(Map.of());
        assertThatDecoded(map("bf 01 02 03 04 ff")).is(Map.of(1L, 2L, 3L, 4L));
    }

    @Test
    void readsTheFieldsOfAVariantAsAStruct() {
        assertThatDecoded(variant("82 00 81 05")).is("number 5");
        assertThatDecoded(variant("82 01 80")).is("nothing");
        assertThatDecoded(variant("82 01 9f ff")).is("nothing");
        assertThatDecoded(variant("82 01 82 05 06")).is("nothing");
        assertThatDecoded(variant("82 1800 9f 05 f6 ff")).is("number 5");
    }

    @Test
    void ignoresBytesAfterTheValue() {
        assertThatDecoded(decode("01 ff ff", CborReader::unsigned)).is(1L);
        assertThatDecoded(pair("81 01 1c")).is(new Pair(1, Optional.empty()));
        assertThatDecoded(numbers("81 01 00 00 00")).is(List.of(1L));
    }

    @Test
    void readsNumbersAndLengthsThatAreNotInTheShortestForm() {
        for (String head : List.of("1801", "190001", "1a00000001", "1b0000000000000001")) {
            assertThatDecoded(decode(head, CborReader::unsigned)).is(1L);
        }
        for (String head : List.of("5802", "590002", "5a00000002", "5b0000000000000002")) {
            assertThatDecoded(decode(head + "0102", CborReader::bytes)).is(ByteString.fromInts(1, 2));
        }
        for (String head : List.of("9802", "990002", "9a00000002", "9b0000000000000002")) {
            assertThatDecoded(numbers(head + "0102")).is(List.of(1L, 2L));
        }
        assertThatDecoded(map("b90001 01 02")).is(Map.of(1L, 2L));
        assertThatDecoded(decode("780161", CborReader::text)).is("a");
    }

    @Test
    void usesTheLastOfEqualKeys() {
        assertThatDecoded(map("a2 01 02 01 03")).is(Map.of(1L, 3L));
    }

    @Test
    void keepsTheOrderOfMaps() {
        assertThat(new ArrayList<>(map("a3 05 00 01 00 03 00").orElseThrow().keySet()))
                .containsExactly(5L, 1L, 3L);
    }

    // Refused input

    @Test
    void refusesIndefiniteLengthOfStrings() {
        assertThatDecoded(decode("5f 41 01 ff", CborReader::bytes)).failsWith(Reason.INDEFINITE_LENGTH);
        assertThatDecoded(decode("5f 41 01 ff", reader -> reader.bytes(1))).failsWith(Reason.INDEFINITE_LENGTH);
        assertThatDecoded(decode("7f 61 61 ff", CborReader::text)).failsWith(Reason.INDEFINITE_LENGTH);
    }

    @Test
    void refusesIndefiniteLengthOfThePairAroundAVariant() {
        assertThatDecoded(variant("9f 01 80 ff")).failsWith(Reason.INDEFINITE_LENGTH);
    }

    @Test
    void refusesAVariantThatIsNotAPair() {
        assertThatDecoded(variant("81 01")).failsWith(Reason.WRONG_LENGTH);
        assertThatDecoded(variant("83 01 80 00")).failsWith(Reason.WRONG_LENGTH);
        assertThatDecoded(variant("80")).failsWith(Reason.WRONG_LENGTH);
    }

    @Test
    void refusesAnUnknownVariant() {
        assertThatDecoded(variant("82 02 80")).failsWith(Reason.INVALID_VALUE);
        assertThatDecoded(variant("82 1a80000000 80"))
                .failsWith(Reason.INVALID_VALUE)
                .at(1);
        assertThatDecoded(variant("82 1b0000000100000000 80")).failsWith(Reason.INVALID_VALUE);
        assertThatDecoded(variant("82 20 80")).failsWith(Reason.UNEXPECTED_TYPE);
    }

    @Test
    void refusesAVariantWhoseFieldsAreNotAnArray() {
        assertThatDecoded(variant("82 01 00")).failsWith(Reason.UNEXPECTED_TYPE);
        assertThatDecoded(variant("82 01 f6")).failsWith(Reason.UNEXPECTED_TYPE);
    }

    @Test
    void refusesAStructThatLacksAField() {
        assertThatDecoded(pair("80")).failsWith(Reason.WRONG_LENGTH);
        assertThatDecoded(pair("9f ff")).failsWith(Reason.WRONG_LENGTH).at(1);
        assertThatDecoded(variant("82 00 80")).failsWith(Reason.WRONG_LENGTH);
        assertThatDecoded(decode("82 80 05", r -> r.struct(f -> f.struct(CborReader::unsigned))))
                .failsWith(Reason.WRONG_LENGTH);
    }

    @Test
    void refusesNullWhereAFieldIsNotOptional() {
        assertThatDecoded(pair("82 f6 6161")).failsWith(Reason.UNEXPECTED_TYPE).at(1);
        assertThatDecoded(numbers("81 f6")).failsWith(Reason.UNEXPECTED_TYPE);
    }

    @Test
    void refusesUndefinedInPlaceOfNull() {
        assertThatDecoded(pair("82 01 f7")).failsWith(Reason.UNEXPECTED_TYPE).at(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"20", "40", "60", "80", "a0", "c000", "f4", "f6", "f7", "f90000", "ff"})
    void refusesOtherKindsInPlaceOfANumber(String hex) {
        assertThatDecoded(decode(hex, CborReader::unsigned)).failsWith(Reason.UNEXPECTED_TYPE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"00", "01", "f6", "f7", "f814", "f815", "e0", "ff", "40"})
    void refusesOtherKindsInPlaceOfABoolean(String hex) {
        assertThatDecoded(decode(hex, CborReader::bool)).failsWith(Reason.UNEXPECTED_TYPE);
    }

    @Test
    void refusesOtherKindsInPlaceOfEachKind() {
        assertThatDecoded(decode("6161", CborReader::bytes)).failsWith(Reason.UNEXPECTED_TYPE);
        assertThatDecoded(decode("4161", CborReader::text)).failsWith(Reason.UNEXPECTED_TYPE);
        assertThatDecoded(decode("8161", CborReader::bytes)).failsWith(Reason.UNEXPECTED_TYPE);
        assertThatDecoded(pair("a10102")).failsWith(Reason.UNEXPECTED_TYPE);
        assertThatDecoded(numbers("a0")).failsWith(Reason.UNEXPECTED_TYPE);
        assertThatDecoded(numbers("d08101")).failsWith(Reason.UNEXPECTED_TYPE);
        assertThatDecoded(map("80")).failsWith(Reason.UNEXPECTED_TYPE);
        assertThatDecoded(variant("a10180")).failsWith(Reason.UNEXPECTED_TYPE);
        assertThatDecoded(variant("01")).failsWith(Reason.UNEXPECTED_TYPE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1c", "1d", "1e", "1f"})
    void refusesReservedHeads(String hex) {
        assertThatDecoded(decode(hex, CborReader::unsigned)).failsWith(Reason.INVALID_VALUE);
    }

    @Test
    void refusesReservedLengths() {
        assertThatDecoded(decode("5c", CborReader::bytes)).failsWith(Reason.INVALID_VALUE);
        assertThatDecoded(decode("7e", CborReader::text)).failsWith(Reason.INVALID_VALUE);
        assertThatDecoded(numbers("9d")).failsWith(Reason.INVALID_VALUE);
        assertThatDecoded(map("bc")).failsWith(Reason.INVALID_VALUE);
    }

    @Test
    void refusesNumbersAboveTheLargestAllowed() {
        assertThatDecoded(decode("18ff", reader -> reader.unsigned(255))).is(255);
        assertThatDecoded(decode("190100", reader -> reader.unsigned(255))).failsWith(Reason.INVALID_VALUE);
        assertThatDecoded(decode("1bffffffffffffffff", reader -> reader.unsigned(255)))
                .failsWith(Reason.INVALID_VALUE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"61ff", "61c3", "62c080", "63eda080", "64f4908080"})
    void refusesTextThatIsNotUtf8(String hex) {
        assertThatDecoded(decode(hex, CborReader::text)).failsWith(Reason.INVALID_UTF8);
    }

    @Test
    void refusesByteStringsOfAnotherLength() {
        assertThatDecoded(decode("420102", reader -> reader.bytes(2))).is(ByteString.fromInts(1, 2));
        assertThatDecoded(decode("4101", reader -> reader.bytes(2))).failsWith(Reason.WRONG_LENGTH);
        assertThatDecoded(decode("43010203", reader -> reader.bytes(2))).failsWith(Reason.WRONG_LENGTH);
    }

    @Test
    void refusesABreakInTheMiddleOfAnEntry() {
        assertThatDecoded(map("bf 01 ff")).failsWith(Reason.WRONG_LENGTH);
        assertThatDecoded(map("a1 01 ff")).failsWith(Reason.UNEXPECTED_TYPE);
        assertThatDecoded(numbers("81 ff")).failsWith(Reason.UNEXPECTED_TYPE);
    }

    @Test
    void pointsAtTheItemThatWasRefused() {
        assertThatDecoded(pair("82 1818 4161"))
                .failsWith(Reason.UNEXPECTED_TYPE)
                .at(3);
        assertThatDecoded(numbers("83 01 1818 1903"))
                .failsWith(Reason.TRUNCATED)
                .at(4);
        assertThatDecoded(decode(
                        "82 01 1818",
                        r -> r.struct(f -> {
                            f.unsigned();
                            f.unsigned();
                            return f.<Long>fail(Reason.INVALID_VALUE);
                        })))
                .failsWith(Reason.INVALID_VALUE)
                .at(2);
    }

    // Memory

    @Test
    void readsByteStringsAsViewsOfTheInput() {
        byte[] input = Hex.bytes("43010203");
        ByteString view =
                Cbor.decode(input, CborLimits.defaults(), CborReader::bytes).orElseThrow();
        input[1] = 9; // not allowed, and seen only because nothing was copied

        assertThat(view).isEqualTo(ByteString.fromInts(9, 2, 3));
    }

    @Test
    void readsFromByteStringsOfEveryShape() {
        ByteString whole = Hex.string("8201420203");
        ByteString slice = Hex.string("ffff8201420203ff").drop(2);
        ByteString pieces = whole.take(3).concat(whole.drop(3));
        for (ByteString input : List.of(whole, slice, pieces, pieces.concat(slice))) {
            assertThatDecoded(Cbor.decode(
                            input, CborLimits.defaults(), r -> r.struct(f -> List.of(f.unsigned(), f.bytes()))))
                    .is(List.of(1L, ByteString.fromInts(2, 3)));
        }
    }

    @Test
    void returnsImmutableLists() {
        List<Long> list = numbers("83010203").orElseThrow();
        Map<Long, Long> map = map("a10102").orElseThrow();

        assertThatThrownBy(list::clear).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(map::clear).isInstanceOf(UnsupportedOperationException.class);
    }

    // Leaving a decoder

    @Test
    void refusesTheInputThatIsReadAndNotOneInside() {
        Decoded<Decoded<Long>> decoded = decode(
                "82 41 05 f6",
                outer -> outer.struct(fields -> {
                    ByteString inner = fields.bytes();
                    return Cbor.decode(inner, CborLimits.defaults(), reader -> reader.unsigned() + fields.unsigned());
                }));

        assertThatDecoded(decoded).failsWith(Reason.UNEXPECTED_TYPE).at(3);
    }

    @Test
    void keepsAFailureOfAnInnerInputSeparate() {
        Decoded<Decoded<Long>> decoded = decode(
                "82 41 f6 05",
                outer -> outer.struct(
                        fields -> Cbor.decode(fields.bytes(), CborLimits.defaults(), CborReader::unsigned)));

        assertThatDecoded(decoded.orElseThrow())
                .failsWith(Reason.UNEXPECTED_TYPE)
                .at(0);
    }

    @Test
    void cannotBeUsedAfterDecoding() {
        List<CborReader> escaped = new ArrayList<>();
        assertThatDecoded(decode("01 f6", reader -> {
                    escaped.add(reader);
                    return reader.unsigned();
                }))
                .is(1L);

        assertThatThrownBy(() -> escaped.get(0).unsigned()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void propagatesAnExceptionOfTheDecoder() {
        assertThatThrownBy(() -> decode("01", reader -> {
                    throw new ArithmeticException("mistake");
                }))
                .isInstanceOf(ArithmeticException.class);
    }
}
