// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;

import akka.util.ByteString;
import akka.util.ByteStringBuilder;
import java.time.Duration;
import java.util.stream.IntStream;
import ockam.wire.Address;
import ockam.wire.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.MDC;

class NodeLogTest {
    @AfterEach
    void clear() {
        MDC.clear();
    }

    @Test
    void writesOrdinaryAddressesAsTheyAre() {
        assertThat(NodeLog.text(Address.of("h1"))).isEqualTo("0#h1");
        assertThat(NodeLog.text(Address.of(1, "127.0.0.1:4000"))).isEqualTo("1#127.0.0.1:4000");
        assertThat(NodeLog.text(Address.of("a#b => c"))).isEqualTo("0#a#b => c");
        assertThat(NodeLog.text(Address.of("\u6f22\u5b57 \ud83d\ude00"))).isEqualTo("0#\u6f22\u5b57 \ud83d\ude00");
        assertThat(NodeLog.text(Address.of(""))).isEqualTo("0#");
    }

    @Test
    void showsTheBeginningOfARoute() {
        assertThat(NodeLog.text(Route.empty())).isEqualTo("an empty route");
        assertThat(NodeLog.text(Route.of("h1", "a\npi"))).isEqualTo("0#h1 => 0#a?pi");
        Address[] eight =
                IntStream.range(0, 8).mapToObj(i -> Address.of("h" + i)).toArray(Address[]::new);
        assertThat(NodeLog.text(Route.of(eight)))
                .isEqualTo("0#h0 => 0#h1 => 0#h2 => 0#h3 => 0#h4 => 0#h5 => 0#h6 => 0#h7");
        assertThat(NodeLog.text(Route.of(eight).append(Address.of("api")).append(Address.of("x"))))
                .endsWith("0#h7 => ... (10 addresses)");
    }

    @Test
    void showsTimesAsPeopleWriteThem() {
        assertThat(NodeLog.text(Duration.ofSeconds(30))).isEqualTo("30s");
        assertThat(NodeLog.text(Duration.ofMillis(90_500))).isEqualTo("1m30.5s");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0000",
                "\n",
                "\r",
                "\t",
                "\u001b",
                "\u007f",
                "\u0085",
                "\u009b", // control
                "\u2028",
                "\u2029", // line and paragraph separator
                "\u200e",
                "\u200f",
                "\u061c",
                "\u202a",
                "\u202b",
                "\u202c",
                "\u202d",
                "\u202e", // bidi
                "\u2066",
                "\u2067",
                "\u2068",
                "\u2069", // bidi isolates
                "\u200b",
                "\u200d",
                "\ufeff",
                "\u00ad", // invisible
                "\udb40\udc41" // a tag, beyond the first plane
            })
    void replacesWhatCouldForgeOrHideText(String harmful) {
        assertThat(NodeLog.text(Address.of("a" + harmful + "b"))).isEqualTo("0#a?b");
    }

    @Test
    void writesNoBytesThatAreNotText() {
        assertThat(NodeLog.text(Address.of(0, ByteString.fromInts(0xff, 0x0a, 0xfe))))
                .isEqualTo("0#Invalid UTF-8");
    }

    @Test
    void cutsLongAddresses() {
        assertThat(NodeLog.text(Address.of("x".repeat(78)))).isEqualTo("0#" + "x".repeat(78));
        assertThat(NodeLog.text(Address.of("x".repeat(79)))).isEqualTo("0#" + "x".repeat(78) + "...");
        assertThat(NodeLog.text(Address.of("\ud83d\ude00".repeat(78)))).isEqualTo("0#" + "\ud83d\ude00".repeat(78));
        assertThat(NodeLog.text(Address.of("\ud83d\ude00".repeat(79))))
                .isEqualTo("0#" + "\ud83d\ude00".repeat(78) + "...");
        assertThat(NodeLog.text(Address.of("x".repeat(512)))).isEqualTo("0#(512 bytes)");
        assertThat(NodeLog.text(Address.of(200, "\n".repeat(321)))).isEqualTo("200#(321 bytes)");
    }

    @Test
    void writesAnyBytesOnOneShortLine() {
        qt().withExamples(500)
                .forAll(lists().of(integers().between(0, 255)).ofSizeBetween(0, 500))
                .checkAssert(bytes -> {
                    ByteStringBuilder value = ByteString.createBuilder();
                    bytes.forEach(b -> value.putByte(b.byteValue()));
                    assertIsOneShortLine(NodeLog.text(Address.of(0, value.result())));
                });
    }

    @Test
    void writesAnyTextOnOneShortLine() {
        qt().withExamples(500)
                .forAll(lists().of(integers()
                                .between(0, Character.MAX_CODE_POINT)
                                .assuming(c -> Character.getType(c) != Character.SURROGATE)) // no text of an address
                        .ofSizeBetween(0, 100))
                .checkAssert(codePoints -> {
                    StringBuilder value = new StringBuilder();
                    codePoints.forEach(value::appendCodePoint);
                    assertIsOneShortLine(NodeLog.text(Address.of(value.toString())));
                });
    }

    private static void assertIsOneShortLine(String text) {
        assertThat(text.codePoints().count()).isLessThanOrEqualTo(83);
        assertThat(text.codePoints()
                        .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT))
                .isTrue();
    }

    @Test
    void namesTheNodeWhileItLogsAndNoLonger() {
        NodeLog.in("alice", () -> assertThat(MDC.get("ockamNode")).isEqualTo("alice"));
        assertThat(MDC.get("ockamNode")).isNull();

        MDC.put("ockamNode", "bob");
        assertThatThrownBy(() -> NodeLog.in("alice", () -> {
                    throw new IllegalStateException("on purpose");
                }))
                .hasMessage("on purpose");
        assertThat(MDC.get("ockamNode")).isEqualTo("bob");
    }
}
