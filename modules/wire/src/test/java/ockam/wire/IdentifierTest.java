// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

import static ockam.wire.DecodedAssert.assertThatDecoded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.util.ByteString;
import ockam.fixtures.Hex;
import ockam.wire.DecodeFailure.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentifierTest {

    private static final String HEX = "f7b6916768cf4de3262b5b2fb47f0c383aa6dcb267fd0fa7b5822456537caa75";
    private static final Identifier ALICE = Identifier.of(Hex.string(HEX));

    private static Decoded<Identifier> decode(String hex) {
        return Cbor.decode(Hex.bytes(hex), CborLimits.defaults(), Identifier::readFrom);
    }

    @Test
    void printsAndParsesItsTextForm() {
        assertThat(ALICE).hasToString("I" + HEX);
        assertThat(Identifier.parse("I" + HEX)).isEqualTo(ALICE);
        assertThat(Identifier.parse(" \tI" + HEX + "\n")).isEqualTo(ALICE);
        assertThat(Identifier.parse("I" + HEX.replace('f', 'F'))).isEqualTo(ALICE);
        assertThat(ALICE.bytes()).isEqualTo(Hex.string(HEX));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "I", HEX, "i" + HEX, "I" + HEX + "0", "I" + HEX + "00", "J" + HEX, "I " + HEX, "I0x" + HEX})
    void refusesOtherTexts(String text) {
        assertRefused(text);
    }

    @Test
    void refusesATextWithACharacterThatIsNotADigit() {
        assertRefused("I" + HEX.replace('f', 'g'));
        assertRefused("I" + HEX.substring(1) + "\u0663"); // a digit, but not a hexadecimal one of ASCII
    }

    private static void assertRefused(String text) {
        assertThatThrownBy(() -> Identifier.parse(text))
                .isInstanceOfSatisfying(
                        WireException.class,
                        e -> assertThat(e.reason()).isEqualTo(WireException.Reason.INVALID_IDENTIFIER));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 31, 33})
    void refusesOtherLengths(int length) {
        assertThatThrownBy(() -> Identifier.of(ByteString.fromArray(new byte[length])))
                .isInstanceOfSatisfying(
                        WireException.class,
                        e -> assertThat(e.reason()).isEqualTo(WireException.Reason.INVALID_IDENTIFIER));
    }

    @Test
    void isEqualByItsBytes() {
        Identifier same = Identifier.parse("I" + HEX);

        assertThat(ALICE)
                .isEqualTo(same)
                .hasSameHashCodeAs(same)
                .doesNotHaveSameHashCodeAs(Identifier.of(ByteString.fromArray(new byte[32])))
                .isNotEqualTo(Identifier.of(ByteString.fromArray(new byte[32])))
                .isNotEqualTo("I" + HEX)
                .isNotEqualTo(null);
    }

    @Test
    void doesNotChangeWithTheBytesItWasMadeFrom() {
        byte[] bytes = Hex.bytes(HEX);
        Identifier identifier = Identifier.of(ByteString.fromArrayUnsafe(bytes));
        bytes[0] = 0;

        assertThat(identifier).isEqualTo(ALICE);
    }

    @Test
    void isAByteStringOf32Bytes() {
        CborWriter writer = CborWriter.create(ALICE.encodedSize());
        ALICE.writeTo(writer);

        assertThat(Hex.of(writer.toByteString())).isEqualTo("5820" + HEX);
        assertThat(ALICE.encodedSize()).isEqualTo(34);
        assertThatDecoded(decode("5820" + HEX)).is(ALICE);
        assertThatDecoded(decode("581f" + HEX)).failsWith(Reason.WRONG_LENGTH);
        assertThatDecoded(decode("5821" + HEX + "00")).failsWith(Reason.WRONG_LENGTH);
        assertThatDecoded(decode("7820" + HEX)).failsWith(Reason.UNEXPECTED_TYPE);
        assertThatDecoded(decode("f6")).failsWith(Reason.UNEXPECTED_TYPE);
    }
}
