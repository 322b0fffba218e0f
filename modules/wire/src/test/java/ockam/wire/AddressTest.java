// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

import static ockam.wire.DecodedAssert.assertThatDecoded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.util.ByteString;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import ockam.fixtures.Hex;
import ockam.wire.DecodeFailure.Reason;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {

    private static Decoded<Address> decode(String hex) {
        return Cbor.decode(Hex.bytes(hex), CborLimits.defaults(), Address::readFrom);
    }

    private static String encode(Address address) {
        CborWriter writer = CborWriter.create(8);
        address.writeTo(writer);
        return Hex.of(writer.toByteString());
    }

    @ParameterizedTest
    @CsvSource({
        "alice,            0, alice",
        "1#127.0.0.1:4000, 1, 127.0.0.1:4000",
        "0#h1,             0, h1",
        "255#x,            255, x",
        "99#x,             99, x",
        "007#x,            7, x",
        "5#,               5, ''",
        "'',               0, ''",
        "' h1 ',           0, ' h1 '"
    })
    void parsesTextForm(String text, int transport, String value) {
        Address address = Address.parse(text);
        assertThat(address).isEqualTo(Address.of(transport, value));
        assertThat(address.transport()).isEqualTo(transport);
        assertThat(address.value().utf8String()).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "#x", "a#x", "300#x", "256#x", "-1#x", "+1#x", " 1#x", "1 #x", "0001#x", "1#a#", "a#b#c", "##", "٣#x"
            })
    void refusesTextThatIsNotAnAddress(String text) {
        assertThatThrownBy(() -> Address.parse(text))
                .isInstanceOfSatisfying(
                        WireException.class,
                        e -> assertThat(e.reason()).isEqualTo(WireException.Reason.INVALID_ADDRESS));
    }

    /** Otherwise every half would be the same question mark, and two names one. */
    @ParameterizedTest
    @MethodSource("ockam.wire.Samples#textsWithHalfAPair")
    void refusesHalfOfASurrogatePair(String text) {
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> Address.of(text),
                () -> Address.of(Address.TCP, text),
                () -> Address.parse(text),
                () -> Address.parse("1#" + text))) {
            assertThatThrownBy(call)
                    .isInstanceOfSatisfying(
                            WireException.class,
                            e -> assertThat(e.reason()).isEqualTo(WireException.Reason.INVALID_ADDRESS));
        }
    }

    @Test
    void alwaysPrintsTheTransport() {
        assertThat(Address.of("alice")).hasToString("0#alice");
        assertThat(Address.parse("1#127.0.0.1:4000")).hasToString("1#127.0.0.1:4000");
        assertThat(Address.of("")).hasToString("0#");
    }

    @Test
    void printsAFixedTextForAValueThatIsNotUtf8() {
        assertThat(Address.of(0, ByteString.fromInts(0xff, 0xfe))).hasToString("0#Invalid UTF-8");
        assertThat(Address.of(7, ByteString.fromInts('a', 0xc3))).hasToString("7#Invalid UTF-8");
    }

    @Test
    void takesALocalNameLiterally() {
        Address address = Address.of("1#a#b");

        assertThat(address.transport()).isEqualTo(Address.LOCAL);
        assertThat(address.value()).isEqualTo(ByteString.fromString("1#a#b"));
    }

    @Test
    void knowsWhetherItIsLocal() {
        assertThat(Address.of("a").isLocal()).isTrue();
        assertThat(Address.of(Address.TCP, "a").isLocal()).isFalse();
    }

    @Test
    void numbersTheTransportsAsTheProtocolDoes() {
        assertThat(List.of(
                        Address.LOCAL, Address.TCP, Address.UDP, Address.WEB_SOCKET, Address.BLE, Address.UNIX_SOCKET))
                .containsExactly(0, 1, 2, 3, 4, 5);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 256, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void refusesATransportThatIsNotAByte(int transport) {
        assertThatThrownBy(() -> Address.of(transport, "a")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Address.of(transport, ByteString.emptyByteString()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void makesRandomAddressesOf32HexCharacters() {
        Set<Address> seen = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            Address address = Address.random();
            assertThat(address.isLocal()).isTrue();
            assertThat(address.value().utf8String()).matches("[0-9a-f]{32}");
            assertThat(seen.add(address)).isTrue();
        }
    }

    @Test
    void isEqualByTransportAndBytes() {
        Address address = Address.of("a");

        assertThat(address)
                .isEqualTo(Address.of(0, ByteString.fromString("a")))
                .hasSameHashCodeAs(Address.parse("0#a"))
                .isNotEqualTo(Address.of(1, "a"))
                .isNotEqualTo(Address.of("b"))
                .isNotEqualTo("0#a")
                .isNotEqualTo(null);
    }

    @Test
    void distinguishesNamesWithTheSameHash() {
        Address one = Address.of("Aa");
        Address other = Address.of("BB");

        assertThat(one).hasSameHashCodeAs(other).isNotEqualTo(other);
    }

    @Test
    void isOrderedByTransportAndThenByUnsignedBytes() {
        Address low = Address.of("b");
        Address middle = Address.of(0, ByteString.fromInts(0x80));
        Address longer = Address.of(0, ByteString.fromInts(0x80, 0));
        Address high = Address.of(1, "a");

        assertThat(new TreeSet<>(Set.of(high, longer, middle, low))).containsExactly(low, middle, longer, high);
        assertThat(low).isEqualByComparingTo(Address.of("b"));
    }

    @Test
    void doesNotChangeWithTheBytesItWasMadeFrom() {
        byte[] bytes = {1, 2, 3};
        Address address = Address.of(0, ByteString.fromArrayUnsafe(bytes));
        bytes[0] = 9;

        assertThat(address.value()).isEqualTo(ByteString.fromInts(1, 2, 3));
    }

    @Test
    void copiesItsValueOutOfItsFrame() {
        byte[] frame = Hex.bytes("8200466563686f6572");
        Address address =
                Cbor.decode(frame, CborLimits.defaults(), Address::readFrom).orElseThrow();
        frame[3] = 'X';

        assertThat(address).isEqualTo(Address.of("echoer"));
    }

    @ParameterizedTest
    @CsvSource({
        "0#echoer,         8200466563686f6572",
        "1#127.0.0.1:4000, 82014e3132372e302e302e313a34303030",
        "0#,               820040",
        "24#a,             8218184161",
        "255#a,            8218ff4161"
    })
    void hasTheEncodingOfTheSpecification(String text, String hex) {
        Address address = Address.parse(text);

        assertThat(encode(address)).isEqualTo(hex);
        assertThat(address.encodedSize()).isEqualTo(hex.length() / 2);
        assertThatDecoded(decode(hex)).is(address);
    }

    @Test
    void readsFormsThatAreNotTheShortest() {
        assertThatDecoded(decode("9800000002 1800 590001 61")).failsWith(Reason.WRONG_LENGTH);
        assertThatDecoded(decode("9a00000002 1b0000000000000001 5b0000000000000001 61"))
                .is(Address.of(1, "a"));
        assertThatDecoded(decode("9f 00 41 61 ff")).is(Address.of("a"));
        assertThatDecoded(decode("84 00 41 61 f6 80")).is(Address.of("a"));
    }

    @Test
    void refusesInputThatIsNotAnAddress() {
        assertThatDecoded(decode("82 1901 00 41 61"))
                .failsWith(Reason.INVALID_VALUE)
                .at(1);
        assertThatDecoded(decode("82 1bffffffffffffffff 41 61")).failsWith(Reason.INVALID_VALUE);
        assertThatDecoded(decode("82 00 61 61"))
                .failsWith(Reason.UNEXPECTED_TYPE)
                .at(2);
        assertThatDecoded(decode("82 00 f6")).failsWith(Reason.UNEXPECTED_TYPE);
        assertThatDecoded(decode("82 20 41 61")).failsWith(Reason.UNEXPECTED_TYPE);
        assertThatDecoded(decode("81 00")).failsWith(Reason.WRONG_LENGTH);
        assertThatDecoded(decode("82 00 5f 41 61 ff")).failsWith(Reason.INDEFINITE_LENGTH);
        assertThatDecoded(decode("a1 00 41 61")).failsWith(Reason.UNEXPECTED_TYPE);
    }

    @Test
    void hasAtMostFiveHundredAndTwelveBytes() {
        String longest = "x".repeat(Address.MAX_LENGTH);
        assertThat(Address.of(longest).value().size()).isEqualTo(512);
        for (Callable<Address> tooLong : List.<Callable<Address>>of(
                () -> Address.of(longest + "x"),
                () -> Address.of(1, "\u00e9".repeat(257)),
                () -> Address.of(0, ByteString.fromArray(new byte[513])),
                () -> Address.parse("1#" + longest + "x"))) {
            assertThatThrownBy(tooLong::call)
                    .isInstanceOfSatisfying(
                            WireException.class,
                            e -> assertThat(e.reason()).isEqualTo(WireException.Reason.ADDRESS_TOO_LONG));
        }
    }

    @Test
    void isNotDecodedWhenItIsLonger() {
        byte[] value = new byte[Address.MAX_LENGTH + 1];
        ByteString cbor = CborWriter.create(1024)
                .array(2)
                .unsigned(0)
                .bytes(value, 0, value.length)
                .toByteString();
        assertThat(Cbor.decode(cbor, CborLimits.defaults(), Address::readFrom))
                .isInstanceOfSatisfying(
                        Decoded.Failure.class,
                        failure -> assertThat(failure.failure().reason()).isEqualTo(DecodeFailure.Reason.TOO_LONG));

        Address longest = Address.of("x".repeat(Address.MAX_LENGTH));
        assertThatDecoded(decode(encode(longest))).is(longest);
        assertThatDecoded(Bare.decode(
                        BareWriter.create(0).address(longest).toByteString(), CborLimits.defaults(), Address::readFrom))
                .is(longest);
    }
}
