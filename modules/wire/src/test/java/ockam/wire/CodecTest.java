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
import org.jspecify.annotations.Nullable;
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
        Codec<Reading> codec = Codec.bare("Reading", Reading::write, Reading::read);
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

    private static final Codec<Flagged> STRICT = Codec.bare("Flagged", Flagged::write, Flagged::read);
    private static final Codec<Flagged> TOLERANT = Codec.tolerantBare("Flagged", Flagged::write, Flagged::read);

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
        Codec<Reading> codec = Codec.bare("Reading", Reading::write, Reading::read);
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

    // ---- names ----

    @Test
    void hasANameForLogLines() {
        assertThat(Codec.string().name()).isEqualTo("string");
        assertThat(Codec.bytes().name()).isEqualTo("bytes");
        assertThat(Codec.any().name()).isEqualTo("any");
        assertThat(STRICT.name()).isEqualTo("Flagged");
        assertThat(TOLERANT.name()).isEqualTo("Flagged");
        assertThat(CELSIUS.name()).isEqualTo("Celsius");
        assertThat(STRICT.tagged("flagged/1").name()).isEqualTo("Flagged");
        assertThat(List.of(Codec.string(), Codec.bytes(), Codec.any(), STRICT, CELSIUS, STRICT.tagged("t")))
                .allSatisfy(codec -> assertThat(codec).hasToString(codec.name()));
    }

    /** One of the application's that gives itself no name. */
    private static final class OwnCodec implements Codec<String> {
        @Override
        public ByteString encode(String value) {
            return ByteString.emptyByteString();
        }

        @Override
        public Decoded<String> decode(ByteString payload) {
            return Decoded.refused("nothing to read");
        }
    }

    @Test
    void isCalledByItsClassOtherwise() {
        assertThat(new OwnCodec().name()).isEqualTo("CodecTest$OwnCodec");
    }

    // ---- types made of others ----

    private record Celsius(Integer degrees) {
        Celsius {
            if (degrees != null && degrees < -273) {
                throw new IllegalArgumentException("colder than cold: " + degrees);
            }
        }

        static Celsius parse(String text) {
            return text.isEmpty() ? noValue() : new Celsius(Integer.valueOf(text));
        }

        String text() {
            return degrees.toString();
        }
    }

    private static final Codec<Celsius> CELSIUS = Codec.string().map("Celsius", Celsius::parse, Celsius::text);

    @Test
    void encodesOneTypeAsAnother() {
        assertThat(CELSIUS.encode(new Celsius(20))).isEqualTo(Codec.string().encode("20"));
        assertThatDecoded(CELSIUS.decode(Codec.string().encode("20"))).is(new Celsius(20));
        assertThatDecoded(CELSIUS.decode(Hex.string("0361"))).failsWith(Reason.TRUNCATED);
    }

    @Test
    void refusesWhatTheOtherTypeRefuses() {
        assertThatDecoded(CELSIUS.decode(Codec.string().encode("-300")))
                .failsWith(Reason.INVALID_VALUE)
                .saying("refused with IllegalArgumentException");
        assertThatDecoded(CELSIUS.decode(Codec.string().encode("warm")))
                .failsWith(Reason.INVALID_VALUE)
                .saying("refused with NumberFormatException");
        assertThatDecoded(CELSIUS.decode(Codec.string().encode("")))
                .failsWith(Reason.INVALID_VALUE)
                .saying("it reads as null");
    }

    @Test
    void refusesWhatTheConstructorOfATypeOfTheUserRefuses() {
        Codec<Celsius> codec = Codec.bare(
                "Celsius",
                (writer, value) -> writer.bool(true).i32(value.degrees()),
                reader -> reader.bool() ? new Celsius(reader.i32()) : noValue());

        assertThatDecoded(codec.decode(Hex.string("01d4feffff")))
                .failsWith(Reason.INVALID_VALUE)
                .at(1)
                .saying("refused with IllegalArgumentException");
        assertThatDecoded(codec.decode(Hex.string("00")))
                .failsWith(Reason.INVALID_VALUE)
                .at(0)
                .saying("it reads as null");
    }

    @Test
    void tellsWhatItsOwnExceptionsSay() {
        Codec<Route> codec = Codec.string().map("Route", Route::parse, Route::toString);

        assertThatDecoded(codec.decode(Codec.string().encode("h1 =>")))
                .saying("refused with INVALID_ROUTE, part 2 of a route: there is no address");
    }

    @Test
    void refusesInWords() {
        Codec<String> codec = Codec.bare(
                "Word", BareWriter::string, reader -> reader.string().isBlank() ? reader.fail("blank") : "word");

        assertThatDecoded(codec.decode(Codec.string().encode(" ")))
                .failsWith(Reason.INVALID_VALUE)
                .at(0)
                .saying("blank");
        assertThatDecoded(Cbor.decode(
                        Hex.bytes("8105"),
                        CborLimits.defaults(),
                        cbor -> cbor.<String>struct(fields -> fields.unsigned(9) == 5 ? fields.fail("five") : "")))
                .failsWith(Reason.INVALID_VALUE)
                .at(1)
                .saying("five");
    }

    // ---- nulls ----

    private record Order(Reading reading, @Nullable String note, int count) {
        static void write(BareWriter writer, Order order) {
            Reading.write(writer, order.reading());
            writer.optional(order.note(), BareWriter::string).i32(order.count());
        }

        static Order read(BareReader reader) {
            return new Order(Reading.read(reader), reader.optional(BareReader::string), reader.i32());
        }
    }

    private static final Codec<Order> ORDERS = Codec.bare("Order", Order::write, Order::read);

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // what the tests are about
    private static <T> T noValue() {
        return null;
    }

    private static void assertUnencodable(ThrowingCallable encoding, String message) {
        assertThatThrownBy(encoding)
                .isInstanceOfSatisfying(
                        WireException.class, e -> assertThat(e.reason()).isEqualTo(WireException.Reason.UNENCODABLE))
                .hasMessage(message);
    }

    @Test
    void namesItselfWhenItIsGivenNull() {
        assertUnencodable(() -> Codec.string().encode(noValue()), "the codec string cannot encode null");
        assertUnencodable(() -> Codec.bytes().encode(noValue()), "the codec bytes cannot encode null");
        assertUnencodable(() -> ORDERS.encode(noValue()), "the codec Order cannot encode null");
        assertUnencodable(() -> ORDERS.tagged("order").encode(noValue()), "the codec Order cannot encode null");
        assertUnencodable(() -> CELSIUS.encode(noValue()), "the codec Celsius cannot encode null");
    }

    @Test
    void namesTheFieldThatIsNull() {
        assertUnencodable(
                () -> ORDERS.encode(new Order(noValue(), "note", 1)), "the codec Order cannot encode null in reading");
        assertUnencodable(
                () -> ORDERS.encode(new Order(new Reading(noValue(), 1, List.of()), null, 1)),
                "the codec Order cannot encode null in reading.sensor, note");
        assertUnencodable(
                () -> CELSIUS.encode(new Celsius(noValue())), "the codec Celsius cannot encode null in degrees");
        Codec<Celsius> returning = Codec.string().map("Celsius", Celsius::parse, celsius -> noValue());
        assertUnencodable(
                () -> returning.encode(new Celsius(1)), "the codec Celsius cannot encode a null in the value");
    }

    @Test
    void encodesTheNullThatATypeAllows() {
        Order order = new Order(new Reading("t", 1, List.of()), null, 1);

        assertThatDecoded(ORDERS.decode(ORDERS.encode(order))).is(order);
    }

    // ---- tags ----

    @Test
    void putsATagBeforeThePayload() {
        Codec<Flagged> codec = STRICT.tagged("flag");

        assertThat(Hex.of(codec.encode(new Flagged(true, 200)))).isEqualTo("04" + "666c6167" + "01c801");
        assertThatDecoded(codec.decode(Hex.string("04666c616701c801"))).is(new Flagged(true, 200));
    }

    @Test
    void refusesThePayloadOfAnotherTypeAndNamesBoth() {
        ByteString other = STRICT.tagged("order").encode(new Flagged(true, 200));

        assertThatDecoded(STRICT.tagged("flag").decode(other))
                .failsWith(Reason.INVALID_VALUE)
                .at(0)
                .saying("the tag is order, not flag");
    }

    /** What a stranger sends there may be anything, and is shown only if it looks like a tag. */
    @ParameterizedTest
    @ValueSource(strings = {"", "two words", "line\nbreak", "\u202e"})
    void doesNotRepeatWhatIsNoTag(String text) {
        assertThatDecoded(STRICT.tagged("flag").decode(Codec.string().encode(text)))
                .failsWith(Reason.INVALID_VALUE)
                .at(0)
                .saying("the tag is not flag");
    }

    @Test
    void tellsWhereInATaggedPayloadTheFailureIs() {
        assertThatDecoded(STRICT.tagged("flag").decode(Hex.string("04666c6167 02c801")))
                .failsWith(Reason.INVALID_VALUE)
                .at(5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"01c801", "8400666c616701c801", "04666c61", ""})
    void refusesPayloadsWithoutATagOrWithAnotherFormOfIt(String hex) {
        assertThat(STRICT.tagged("flag").decode(Hex.string(hex)).isValue()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "two words", "a#b", "12345678901234567890123456789012345678901234567890123456789012345"})
    void refusesTagsThatCannotBeShown(String tag) {
        assertThatThrownBy(() -> STRICT.tagged(tag)).isInstanceOf(IllegalArgumentException.class);
    }
}
