// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

import static ockam.wire.DecodedAssert.assertThatDecoded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.util.ByteString;
import java.util.HashMap;
import java.util.Map;
import ockam.fixtures.Hex;
import ockam.wire.DecodeFailure.Reason;
import org.junit.jupiter.api.Test;

class AttributesTest {
    private static final Attributes MEMBER = Attributes.ofTexts(Map.of("role", "member", "trust", "x"));
    private static final String MEMBER_ENCODED = "a244726f6c65466d656d626572457472757374 4178";

    private static Decoded<Attributes> decode(String hex) {
        return Cbor.decode(Hex.bytes(hex), CborLimits.defaults(), Attributes::readFrom);
    }

    private static ByteString encoded(Attributes attributes) {
        CborWriter writer = CborWriter.create(64);
        attributes.writeTo(writer);
        return writer.toByteString();
    }

    private static ByteString bytes(String hex) {
        return Hex.string(hex);
    }

    private static ByteString text(String text) {
        return ByteString.fromString(text);
    }

    private static Map<ByteString, ByteString> numbered(int count) {
        Map<ByteString, ByteString> entries = new HashMap<>();
        for (int i = 0; i < count; i++) {
            entries.put(text(String.valueOf(i)), ByteString.emptyByteString());
        }
        return entries;
    }

    private static void assertTooMany(Map<ByteString, ByteString> entries) {
        assertThatThrownBy(() -> Attributes.of(entries))
                .isInstanceOfSatisfying(
                        WireException.class,
                        e -> assertThat(e.reason()).isEqualTo(WireException.Reason.TOO_MANY_ATTRIBUTES));
    }

    @Test
    void returnsTextsAndBytes() {
        assertThat(MEMBER.text("role")).contains("member");
        assertThat(MEMBER.value(text("role"))).contains(text("member"));
        assertThat(MEMBER.text("Role")).isEmpty();
        assertThat(MEMBER.length()).isEqualTo(16);
        assertThat(Attributes.none().isEmpty()).isTrue();
        assertThat(MEMBER.isEmpty()).isFalse();
    }

    @Test
    void showsTextsOnlyOfWhatIsUtf8() { // authority, section 10, item 39
        Attributes mixed = Attributes.of(Map.of(
                text("good"),
                text("Zo\u00eb"),
                text("value"),
                bytes("ff"),
                bytes("6162ff"),
                text("name"),
                text(""),
                text("")));

        assertThat(mixed.texts()).containsOnly(Map.entry("good", "Zo\u00eb"), Map.entry("", ""));
        assertThat(mixed.text("value")).isEmpty();
        assertThat(mixed.value(text("value"))).contains(bytes("ff"));
        assertThat(mixed.entries()).hasSize(4);
    }

    @Test
    void encodesInTheOrderOfTheBytesOfTheNames() {
        assertThat(encoded(MEMBER)).isEqualTo(Hex.string(MEMBER_ENCODED));
        Attributes unsigned =
                Attributes.of(Map.of(bytes("ff"), text(""), bytes("7f"), text(""), bytes("7f00"), text("")));

        assertThat(Hex.of(encoded(unsigned))).isEqualTo("a3417f40427f004041ff40");
        assertThat(unsigned.entries().keySet()).containsExactly(bytes("7f"), bytes("7f00"), bytes("ff"));
    }

    @Test
    void decodesInAnyOrderAndKeepsTheLastOfEqualNames() {
        assertThatDecoded(decode(MEMBER_ENCODED)).is(MEMBER);
        assertThatDecoded(decode("a2457472757374417844726f6c65466d656d626572")).is(MEMBER);
        assertThatDecoded(decode("bf44726f6c65466d656d6265724574727573744178ff"))
                .is(MEMBER);
        assertThatDecoded(decode("a2416101416102")).failsWith(Reason.UNEXPECTED_TYPE);
        assertThatDecoded(decode("a241614101416141 02")).is(Attributes.of(Map.of(text("a"), bytes("02"))));
        assertThatDecoded(decode("a1646e616d654178")).failsWith(Reason.UNEXPECTED_TYPE); // a text, no bytes
    }

    @Test
    void isBoundedInNames() {
        assertThat(Attributes.of(numbered(Attributes.MAX_ENTRIES)).entries()).hasSize(Attributes.MAX_ENTRIES);
        assertTooMany(numbered(Attributes.MAX_ENTRIES + 1));

        CborWriter writer = CborWriter.create(2048);
        writer.sortedMap(numbered(Attributes.MAX_ENTRIES + 1));
        assertThatDecoded(decode(Hex.of(writer.toByteString()))).failsWith(Reason.TOO_MANY);
    }

    @Test
    void isBoundedInBytes() {
        ByteString largest = ByteString.fromArray(new byte[Attributes.MAX_BYTES - 1]);
        ByteString tooLarge = ByteString.fromArray(new byte[Attributes.MAX_BYTES]);

        assertThat(Attributes.of(Map.of(text("a"), largest)).length()).isEqualTo(Attributes.MAX_BYTES);
        assertTooMany(Map.of(text("a"), tooLarge));
        CborWriter writer = CborWriter.create(2048);
        writer.sortedMap(Map.of(text("a"), tooLarge));
        assertThatDecoded(decode(Hex.of(writer.toByteString()))).failsWith(Reason.TOO_MANY);
    }

    @Test
    void refusesHalfOfASurrogatePair() {
        assertThatThrownBy(() -> Attributes.ofTexts(Map.of("name", "\ud800")))
                .isInstanceOfSatisfying(
                        WireException.class, e -> assertThat(e.reason()).isEqualTo(WireException.Reason.INVALID_TEXT));
    }

    @Test
    void doesNotChangeWithWhatItWasMadeFrom() {
        Map<ByteString, ByteString> entries = new HashMap<>(Map.of(text("a"), text("b")));
        byte[] value = {1};
        entries.put(text("v"), ByteString.fromArray(new byte[] {0, 1, 2}, 1, 1));
        Attributes attributes = Attributes.of(entries);
        entries.clear();

        assertThat(attributes.entries()).hasSize(2).containsEntry(text("v"), ByteString.fromArray(value));
        assertThatThrownBy(() -> attributes.entries().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> attributes.texts().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void isEqualByItsEntriesAndPrintsOnlyHowManyThereAre() {
        Attributes same = Attributes.of(Map.of(text("trust"), text("x"), text("role"), text("member")));

        assertThat(same).isEqualTo(MEMBER).hasSameHashCodeAs(MEMBER).isNotEqualTo(Attributes.none());
        assertThat(MEMBER).hasToString("Attributes(2)");
    }
}
