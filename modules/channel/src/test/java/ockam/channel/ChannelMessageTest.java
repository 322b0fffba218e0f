// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import static ockam.channel.ChannelTests.join;
import static ockam.channel.ChannelTests.random;
import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import java.util.Arrays;
import java.util.List;
import ockam.channel.ChannelMessage.Close;
import ockam.channel.ChannelMessage.Payload;
import ockam.channel.ChannelMessage.RefreshCredentials;
import ockam.fixtures.Hex;
import ockam.identity.ChangeHistory;
import ockam.identity.CredentialAndPurposeKey;
import ockam.wire.Address;
import ockam.wire.CborWriter;
import ockam.wire.DecodeFailure.Reason;
import ockam.wire.Decoded;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The plaintext of frames (secure channel, section 5.2; secure channel, section 9, items 39 and 43). */
class ChannelMessageTest {
    private static final Payload HELLO =
            new Payload(Route.of("echoer"), Route.of("app"), ByteString.fromArray(Hex.bytes("0548656c6c6f")));

    private static final String HELLO_FIELDS = "820081 83 818200466563686f6572 81820043617070 460548656c6c6f";

    private static final RefreshCredentials REFRESH = new RefreshCredentials(
            ChangeHistory.decode(ByteString.fromArray(WorkedExample.ALICE_HISTORY))
                    .orElseThrow(),
            List.of(CredentialAndPurposeKey.decode(ByteString.fromArray(WorkedExample.ALICE_CREDENTIAL))
                    .orElseThrow()));

    private static byte[] refreshFields() {
        return join(
                Hex.bytes("820181 82"), WorkedExample.ALICE_HISTORY, Hex.bytes("81"), WorkedExample.ALICE_CREDENTIAL);
    }

    static byte[] encoded(ChannelMessage message) {
        byte[] bytes = new byte[message.encodedSize()];
        message.writeTo(bytes, 0);
        return bytes;
    }

    private static void assertIs(ChannelMessage message, byte[] plaintext) {
        assertThat(ChannelMessage.decode(plaintext)).isEqualTo(new Decoded.Value<>(message));
    }

    private static void assertRefused(Reason reason, byte[] plaintext) {
        Decoded<ChannelMessage> decoded = ChannelMessage.decode(plaintext);
        assertThat(decoded).isInstanceOf(Decoded.Failure.class);
        if (decoded instanceof Decoded.Failure<ChannelMessage> refused) {
            assertThat(refused.failure().reason()).isEqualTo(reason);
        }
    }

    // ---- the three kinds ----

    @Test
    void payloadOfTheWorkedExample() { // secure channel, section 8.7
        byte[] plaintext = Hex.bytes("8282008183818200466563686f657281820043617070460548656c6c6f40");

        assertThat(encoded(HELLO)).isEqualTo(plaintext);
        assertIs(HELLO, plaintext);
    }

    @Test
    void payloadMayHaveEmptyRoutesAndNoBytes() {
        Payload empty = new Payload(Route.empty(), Route.empty(), ByteString.emptyByteString());

        assertThat(encoded(empty)).isEqualTo(Hex.bytes("82 820081 83 80 80 40 40"));
        assertIs(empty, encoded(empty));
    }

    @Test
    void closeIsFiveBytes() { // secure channel, section 9, item 43
        assertThat(encoded(Close.INSTANCE)).isEqualTo(Hex.bytes("8282028040"));
        assertIs(Close.INSTANCE, Hex.bytes("8282028040"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "82 820280 43 010203", // with padding
                "82 820281 f6 40", // with an element inside
                "82 820283 01 4102 8103 40",
                "82 820282 8101 a10102 4a 00000000000000000000", // both
                "82 82029f ff 40", // of indefinite length
                "9f 820280 40 ff",
                "83 820280 40 05" // with an element after the padding
            })
    void closeMayHavePaddingAndElementsInside(String plaintext) { // secure channel, section 5.2
        assertIs(Close.INSTANCE, Hex.bytes(plaintext));
    }

    @Test
    void refreshOfAliceWithOneCredential() { // secure channel, section 9, item 43; secure channel, section 8.8
        byte[] plaintext = join(Hex.bytes("82"), refreshFields(), Hex.bytes("40"));

        assertThat(plaintext).startsWith(Hex.bytes("8282018182 81 82 5837 830101"));
        assertIs(REFRESH, plaintext);
        assertThat(encoded(REFRESH)).isEqualTo(plaintext);
        assertThat(REFRESH.changeHistory().identifier())
                .hasToString("If7b6916768cf4de3262b5b2fb47f0c383aa6dcb267fd0fa7b5822456537caa75");
    }

    @Test
    void refreshMayHaveARotatedHistoryAndNoCredential() {
        RefreshCredentials rotated = new RefreshCredentials(
                ChangeHistory.decode(ByteString.fromArray(WorkedExample.ALICE_ROTATED_HISTORY))
                        .orElseThrow(),
                List.of());
        byte[] plaintext = join(Hex.bytes("82 820181 82"), WorkedExample.ALICE_ROTATED_HISTORY, Hex.bytes("80 40"));

        assertIs(rotated, plaintext);
        assertThat(encoded(rotated)).isEqualTo(plaintext);
    }

    @Test
    void refreshHasNoMoreThanSixteenCredentials() {
        byte[] sixteen = join(Hex.bytes("82 820181 82"), WorkedExample.ALICE_HISTORY, Hex.bytes("90"));
        byte[] seventeen = join(Hex.bytes("82 820181 82"), WorkedExample.ALICE_HISTORY, Hex.bytes("91"));
        for (int i = 0; i < 16; i++) {
            sixteen = join(sixteen, WorkedExample.ALICE_CREDENTIAL);
            seventeen = join(seventeen, WorkedExample.ALICE_CREDENTIAL);
        }

        assertThat(ChannelMessage.decode(join(sixteen, Hex.bytes("40"))).isValue())
                .isTrue();
        assertRefused(Reason.TOO_MANY, join(seventeen, WorkedExample.ALICE_CREDENTIAL, Hex.bytes("40")));
    }

    @Test
    void refreshNeedsAHistory() {
        assertRefused(Reason.INVALID_VALUE, Hex.bytes("82 820181 82 80 80 40"));
        assertRefused(Reason.UNEXPECTED_TYPE, Hex.bytes("82 820181 82 f6 80 40"));
        assertRefused(
                Reason.WRONG_LENGTH, join(Hex.bytes("82 820181 81"), WorkedExample.ALICE_HISTORY, Hex.bytes("40")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"82 820380 40", "82 82182a80 40", "82 821a7fffffff80 40", "82 821bffffffffffffffff80 40"})
    void unknownKindIsRefused(String plaintext) {
        assertRefused(Reason.INVALID_VALUE, Hex.bytes(plaintext));
    }

    // ---- padding ----

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 23, 24, 255, 256, 65_535, 65_536, 1_000_000})
    void paddingMayHaveAnyLengthAndContent(int length) { // secure channel, section 9, item 39
        byte[] padding = random(random(), length);
        byte[] head =
                CborWriter.create(8 + length).bytes(padding).toByteString().toArray();

        assertIs(HELLO, join(Hex.bytes("82"), Hex.bytes(HELLO_FIELDS), head));
        assertIs(Close.INSTANCE, join(Hex.bytes("82 820280"), head));
        assertIs(REFRESH, join(Hex.bytes("82"), refreshFields(), head));
    }

    @ParameterizedTest
    @CsvSource({
        "81, '', WRONG_LENGTH", // missing
        "82, f6, UNEXPECTED_TYPE", // null
        "82, 60, UNEXPECTED_TYPE", // a text
        "82, 80, UNEXPECTED_TYPE", // a list
        "82, 00, UNEXPECTED_TYPE",
        "82, 5f40ff, INDEFINITE_LENGTH",
        "82, 43 0102, TRUNCATED",
        "82, '', TRUNCATED",
        "82, 5b7fffffffffffffff, TOO_LONG"
    })
    void paddingMustBeAByteString(String head, String padding, Reason reason) { // secure channel, section 5.2
        for (byte[] fields : List.of(Hex.bytes(HELLO_FIELDS), Hex.bytes("820280"), refreshFields())) {
            assertRefused(reason, join(Hex.bytes(head), fields, Hex.bytes(padding)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"00", "ff", "0000000000000000000000", "8282028040"})
    void whatFollowsTheMessageIsIgnored(String behind) { // secure channel, section 5.2
        assertIs(HELLO, join(encoded(HELLO), Hex.bytes(behind)));
        assertIs(Close.INSTANCE, join(encoded(Close.INSTANCE), Hex.bytes(behind)));
        assertIs(REFRESH, join(encoded(REFRESH), Hex.bytes(behind)));
    }

    // ---- tolerance and limits ----

    @Test
    void readsLongerFormsAndFurtherElementsAsRustDoes() { // secure channel, section 4.1
        assertIs(
                HELLO, Hex.bytes("9f 820081 9f 818200466563686f6572 9f82180043617070ff 580605 48656c6c6f 01 ff 40 ff"));
        assertIs(HELLO, Hex.bytes("82 820082 84 818300466563686f6572f6 81820043617070 460548656c6c6f f6 4101 40"));
    }

    @Test
    void pairAroundTheKindIsDefiniteAndOfTwo() {
        assertRefused(Reason.INDEFINITE_LENGTH, Hex.bytes("82 9f0280ff 40"));
        assertRefused(Reason.WRONG_LENGTH, Hex.bytes("82 8102 40"));
        assertRefused(Reason.WRONG_LENGTH, Hex.bytes("82 83028000 40"));
    }

    @Test
    void routeHasNoMoreThan1024Addresses() {
        Address[] addresses = new Address[Route.MAX_LENGTH];
        Arrays.fill(addresses, Address.of("a"));
        Payload longest = new Payload(Route.of(addresses), Route.of(addresses), ByteString.fromString("x"));
        Payload tooLong = new Payload(Route.of(addresses).prepend(Address.of("b")), Route.empty(), longest.payload());

        assertIs(longest, encoded(longest));
        assertRefused(Reason.TOO_MANY, encoded(tooLong));
    }

    @Test
    void payloadHasUpTo16Mebibytes() {
        Payload longest =
                new Payload(Route.of("a"), Route.empty(), ByteString.fromArrayUnsafe(new byte[16 * 1024 * 1024]));
        Payload tooLong =
                new Payload(Route.of("a"), Route.empty(), ByteString.fromArrayUnsafe(new byte[16 * 1024 * 1024 + 1]));

        assertIs(longest, encoded(longest));
        assertRefused(Reason.TOO_LONG, encoded(tooLong));
    }

    @Test
    void writesAtAnOffsetAndNothingElse() {
        byte[] expected = encoded(HELLO);
        byte[] target = new byte[expected.length + 15];
        Arrays.fill(target, (byte) 0x77);

        HELLO.writeTo(target, 8);

        assertThat(Arrays.copyOfRange(target, 8, 8 + expected.length)).isEqualTo(expected);
        for (int i = 0; i < target.length; i++) {
            if (i < 8 || i >= 8 + expected.length) {
                assertThat(target[i]).isEqualTo((byte) 0x77);
            }
        }
    }
}
