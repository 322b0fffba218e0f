// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

import static ockam.wire.DecodedAssert.assertThatDecoded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.util.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import ockam.fixtures.Hex;
import ockam.wire.DecodeFailure.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BareTest {

    private static final CborLimits SMALL = new CborLimits(2, 3, 4);

    private static <T> Decoded<T> decode(String hex, Function<BareReader, T> decoder) {
        return Bare.decode(Hex.bytes(hex), CborLimits.defaults(), decoder);
    }

    private static String written(Consumer<BareWriter> writing) {
        BareWriter writer = BareWriter.create(0);
        writing.accept(writer);
        return Hex.of(writer.toByteString());
    }

    // The tables of the specification

    @Test
    void hasTheEncodingsOfTheSpecification() {
        assertThat(written(w -> w.string("Hello Ockam!"))).isEqualTo("0c48656c6c6f204f636b616d21");
        assertThat(written(w -> w.bytes(ByteString.fromString("Hello Ockam!"))))
                .isEqualTo("0c48656c6c6f204f636b616d21");
        assertThat(written(w -> w.varint(200))).isEqualTo("c801");
        assertThat(written(w -> w.varint(49_152))).isEqualTo("808003");
        assertThat(written(w -> w.union(0))).isEqualTo("00");
        assertThat(written(w -> {})).isEmpty();
    }

    @Test
    void writesNumbersInLittleEndianOrder() {
        assertThat(written(w -> w.u8(0xfe))).isEqualTo("fe");
        assertThat(written(w -> w.u16(0x1234))).isEqualTo("3412");
        assertThat(written(w -> w.u32(0xfedcba98L))).isEqualTo("98badcfe");
        assertThat(written(w -> w.u64(0x0123456789abcdefL))).isEqualTo("efcdab8967452301");
        assertThat(written(w -> w.i8((byte) -2))).isEqualTo("fe");
        assertThat(written(w -> w.i16((short) -2))).isEqualTo("feff");
        assertThat(written(w -> w.i32(-2))).isEqualTo("feffffff");
        assertThat(written(w -> w.i64(-2))).isEqualTo("feffffffffffffff");
    }

    @Test
    void writesOneValueAfterTheOther() {
        assertThat(written(w -> w.u16(1)
                        .u64(2)
                        .bytes(ByteString.fromInts(3))
                        .address(Address.of("x"))
                        .raw(ByteString.fromInts(4))
                        .u8(5)))
                .isEqualTo("0100" + "0200000000000000" + "0103" + "000178" + "04" + "05");
    }

    @Test
    void readsNumbersInLittleEndianOrder() {
        assertThatDecoded(decode("fe", BareReader::u8)).is(0xfe);
        assertThatDecoded(decode("34f2", BareReader::u16)).is(0xf234);
        assertThatDecoded(decode("98badcfe", BareReader::u32)).is(0xfedcba98L);
        assertThatDecoded(decode("efcdab8967452301", BareReader::u64)).is(0x0123456789abcdefL);
        assertThatDecoded(decode("fe", BareReader::i8)).is((byte) -2);
        assertThatDecoded(decode("feff", BareReader::i16)).is((short) -2);
        assertThatDecoded(decode("feffffff", BareReader::i32)).is(-2);
        assertThatDecoded(decode("feffffffffffffff", BareReader::i64)).is(-2L);
    }

    @Test
    void refusesToWriteNumbersThatDoNotFit() {
        BareWriter writer = BareWriter.create(0);

        assertThatThrownBy(() -> writer.u8(256)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> writer.u8(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> writer.u16(65_536)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> writer.u32(1L << 32)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> writer.u32(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> writer.union(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @MethodSource("ockam.wire.Samples#textsWithHalfAPair")
    void refusesHalfOfASurrogatePairAndWritesNothingOfIt(String text) {
        BareWriter writer = BareWriter.create(4).u8(1);

        assertThatThrownBy(() -> writer.string(text))
                .isInstanceOfSatisfying(
                        WireException.class, e -> assertThat(e.reason()).isEqualTo(WireException.Reason.INVALID_TEXT));
        assertThat(Hex.of(writer.toByteString())).isEqualTo("01");
    }

    @Test
    void writesBooleansAndOptionalValues() {
        assertThat(written(w -> w.bool(true).bool(false))).isEqualTo("0100");
        assertThat(written(w -> w.optional("a", BareWriter::string))).isEqualTo("010161");
        assertThat(written(w -> w.<String>optional(null, BareWriter::string))).isEqualTo("00");
    }

    @Test
    void readsEveryByteButZeroAsTrue() {
        assertThatDecoded(decode("00", BareReader::bool)).is(false);
        assertThatDecoded(decode("01", BareReader::bool)).is(true);
        assertThatDecoded(decode("02", BareReader::bool)).is(true);
        assertThatDecoded(decode("ff", BareReader::bool)).is(true);
    }

    @Test
    void readsOptionalValues() {
        Function<BareReader, Optional<String>> text =
                reader -> Optional.ofNullable(reader.optional(BareReader::string));

        assertThatDecoded(decode("00", text)).is(Optional.empty());
        assertThatDecoded(decode("010161", text)).is(Optional.of("a"));
        assertThatDecoded(decode("020161", text)).is(Optional.of("a"));
        assertThatDecoded(decode("01", text)).failsWith(Reason.TRUNCATED);
    }

    @Test
    void writesAndReadsLists() {
        assertThat(written(w -> w.list(List.of("a", "bc"), BareWriter::string))).isEqualTo("020161026263");
        assertThatDecoded(decode("020161026263", reader -> reader.list(BareReader::string)))
                .is(List.of("a", "bc"));
        assertThatDecoded(decode("00", reader -> reader.list(BareReader::string)))
                .is(List.of());
    }

    @Test
    void writesAndReadsTaggedUnions() {
        Function<BareReader, String> union = reader -> reader.union((tag, value) -> switch (tag) {
            case 0 -> "closed";
            case 1 -> "payload " + value.string();
            default -> value.fail(Reason.INVALID_VALUE);
        });

        assertThat(written(w -> w.union(1).string("a"))).isEqualTo("010161");
        assertThatDecoded(decode("00", union)).is("closed");
        assertThatDecoded(decode("010161", union)).is("payload a");
        assertThatDecoded(decode("02", union)).failsWith(Reason.INVALID_VALUE);
        assertThatDecoded(decode("ffffffff07", reader -> reader.union((tag, value) -> tag)))
                .is(Integer.MAX_VALUE);
        assertThatDecoded(decode("8080808008", union)).failsWith(Reason.INVALID_VALUE);
        assertThatDecoded(decode("ffffffffffffffffff01", union)).failsWith(Reason.INVALID_VALUE);
    }

    @Test
    void writesAndReadsAddressesAndRoutes() {
        Address address = Address.parse("1#a:1");
        Route route = Route.of(Address.of("echoer"), address);

        assertThat(written(w -> w.address(address))).isEqualTo("0103613a31");
        assertThat(written(w -> w.route(route))).isEqualTo("0200066563686f65720103613a31");
        assertThatDecoded(decode("0103613a31", BareReader::address)).is(address);
        assertThatDecoded(decode("0200066563686f65720103613a31", BareReader::route))
                .is(route);
        assertThatDecoded(decode("00", BareReader::route)).is(Route.empty());
        assertThatDecoded(decode("ff00", BareReader::address)).is(Address.of(255, ""));
    }

    /** A message of the first protocol version, which current peers do not use, but whose parts are the same. */
    @Test
    void writesAMessageOfManyParts() {
        assertThat(written(w -> w.u8(1)
                        .route(Route.of("echoer"))
                        .route(Route.of("app"))
                        .bytes(Codec.string().encode("Hello Ockam!"))))
                .isEqualTo("01 01 00 06 6563686f6572 01 00 03 617070 0d 0c48656c6c6f204f636b616d21".replace(" ", ""));
    }

    @Test
    void writesBytesThatAreAlreadyEncoded() {
        assertThat(written(w -> w.u8(0).raw(Hex.string("0161")))).isEqualTo("000161");
    }

    // Varints

    @ParameterizedTest
    @CsvSource({
        "00, 0",
        "01, 1",
        "7f, 127",
        "8001, 128",
        "c801, 200",
        "ff7f, 16383",
        "808001, 16384",
        "808003, 49152",
        "ffffffffffffffff7f, 9223372036854775807",
        "80808080808080808001, 9223372036854775808",
        "ffffffffffffffffff01, 18446744073709551615"
    })
    void writesAndReadsVarints(String hex, String number) {
        long value = Long.parseUnsignedLong(number);

        assertThat(written(w -> w.varint(value))).isEqualTo(hex);
        assertThatDecoded(decode(hex, BareReader::varint)).is(value);
    }

    @ParameterizedTest
    @CsvSource({
        "8000, 0",
        "808000, 0",
        "80808080808080808000, 0",
        "8100, 1",
        "ffffffffffffffffff00, 9223372036854775807"
    })
    void readsVarintsThatAreNotInTheShortestForm(String hex, long value) {
        assertThatDecoded(decode(hex, BareReader::varint)).is(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"02", "03", "7f", "80", "81", "ff", "8000", "8100"})
    void refusesATenthByteOfAVarintOtherThanZeroOrOne(String tenth) {
        assertThatDecoded(decode("ff".repeat(9) + tenth, BareReader::varint))
                .failsWith(Reason.INVALID_VALUE)
                .at(0);
    }

    @Test
    void refusesATruncatedVarint() {
        for (int length = 0; length < 10; length++) {
            assertThatDecoded(decode("ff".repeat(length), BareReader::varint)).failsWith(Reason.TRUNCATED);
        }
    }

    // Hostile input

    @ParameterizedTest
    @ValueSource(
            strings = {"8180808008", "ffffffff0f", "80808080808080808040", "ffffffffffffffffff01", "808080808080808040"
            })
    void refusesHostileLengthsAndCounts(String varint) {
        Reason length = varint.equals("80808080808080808040") ? Reason.INVALID_VALUE : Reason.TOO_LONG;
        Reason count = varint.equals("80808080808080808040") ? Reason.INVALID_VALUE : Reason.TOO_MANY;

        assertThatDecoded(decode(varint + "0000", BareReader::string)).failsWith(length);
        assertThatDecoded(decode(varint + "0000", BareReader::bytes)).failsWith(length);
        assertThatDecoded(decode(varint + "0000", reader -> reader.list(BareReader::u8)))
                .failsWith(count);
        assertThatDecoded(decode(varint + "0000", BareReader::route)).failsWith(count);
        assertThatDecoded(decode("00" + varint + "00", BareReader::address)).failsWith(length);
    }

    @Test
    void refusesLengthsAndCountsLargerThanTheRemainingInput() {
        assertThatDecoded(decode("03 6161", BareReader::string)).failsWith(Reason.TRUNCATED);
        assertThatDecoded(decode("03 6161", BareReader::bytes)).failsWith(Reason.TRUNCATED);
        assertThatDecoded(decode("03 0101", reader -> reader.list(BareReader::u8)))
                .failsWith(Reason.TRUNCATED);
        assertThatDecoded(decode("808004 0101", reader -> reader.list(BareReader::u8)))
                .failsWith(Reason.TRUNCATED)
                .at(0);
    }

    @Test
    void refusesInputAboveTheLimits() {
        assertThatDecoded(Bare.decode(Hex.bytes("0461616161"), SMALL, BareReader::string))
                .is("aaaa");
        assertThatDecoded(Bare.decode(Hex.bytes("056161616161"), SMALL, BareReader::string))
                .failsWith(Reason.TOO_LONG);
        assertThatDecoded(Bare.decode(Hex.bytes("03010101"), SMALL, r -> r.list(BareReader::u8)))
                .is(List.of(1, 1, 1));
        assertThatDecoded(Bare.decode(Hex.bytes("0401010101"), SMALL, r -> r.list(BareReader::u8)))
                .failsWith(Reason.TOO_MANY);
        assertThatDecoded(Bare.decode(Hex.bytes("020101"), SMALL, r -> r.list(1, BareReader::u8)))
                .failsWith(Reason.TOO_MANY);
    }

    private static int nestedLists(BareReader reader) {
        return reader.list(BareTest::nestedLists).size();
    }

    private static int nestedUnions(BareReader reader) {
        return reader.union((tag, value) -> nestedUnions(value));
    }

    @Test
    void refusesToNestTooDeeply() {
        assertThatDecoded(decode("01".repeat(15) + "00", BareTest::nestedLists)).is(1);
        assertThatDecoded(decode("01".repeat(16) + "00", BareTest::nestedLists)).failsWith(Reason.TOO_DEEP);
        assertThatDecoded(decode("01".repeat(1_000_000), BareTest::nestedLists)).failsWith(Reason.TOO_DEEP);
        assertThatDecoded(decode("01".repeat(1_000_000), BareTest::nestedUnions))
                .failsWith(Reason.TOO_DEEP);
    }

    @Test
    void countsDepthAndNotSiblings() {
        String empties = "00".repeat(20);

        assertThatDecoded(Bare.decode(Hex.bytes(empties), SMALL, reader -> {
                    for (int i = 0; i < 10; i++) {
                        assertThat(nestedLists(reader)).isZero();
                        assertThat((int) reader.union((tag, value) -> tag)).isZero();
                    }
                    return "all";
                }))
                .is("all");
    }

    @Test
    void refusesTextThatIsNotUtf8() {
        assertThatDecoded(decode("02c328", BareReader::string)).failsWith(Reason.INVALID_UTF8);
    }

    @Test
    void ignoresWhatFollowsTheValue() {
        assertThatDecoded(decode("0161ffff", BareReader::string)).is("a");
    }

    @Test
    void readsBytesAsViewsOfTheInput() {
        byte[] input = Hex.bytes("03010203");
        ByteString view =
                Bare.decode(input, CborLimits.defaults(), BareReader::bytes).orElseThrow();
        input[1] = 9; // not allowed, and seen only because nothing was copied

        assertThat(view).isEqualTo(ByteString.fromInts(9, 2, 3));
    }

    @Test
    void cannotBeUsedAfterDecoding() {
        List<BareReader> escaped = new ArrayList<>();
        assertThatDecoded(decode("01", reader -> {
                    escaped.add(reader);
                    return reader.u8();
                }))
                .is(1);

        assertThatThrownBy(() -> escaped.get(0).u8()).isInstanceOf(IllegalStateException.class);
    }
}
