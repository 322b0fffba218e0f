// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

import static ockam.wire.DecodedAssert.assertThatDecoded;

import akka.util.ByteString;
import java.util.Random;
import ockam.fixtures.Hex;
import ockam.wire.DecodeFailure.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Unknown items are skipped in every form that CBOR has, and nothing else is. */
class CborSkipTest {

    private static final long SENTINEL = 0x5afe;

    private static Decoded<Long> skipThenRead(ByteString bytes) {
        return Cbor.decode(bytes, CborLimits.defaults(), reader -> {
            reader.skip();
            return reader.unsigned();
        });
    }

    private static Decoded<Long> skip(String hex) {
        return skipThenRead(Hex.string(hex + "195afe"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // numbers, including negative, large and floating-point ones
                "00",
                "1bffffffffffffffff",
                "20",
                "3903e7",
                "3bffffffffffffffff",
                "f90000",
                "f97e00",
                "fa47c35000",
                "fb7e37e43c8800759c",
                // simple values
                "f4",
                "f5",
                "f6",
                "f7",
                "f0",
                "f820",
                "f8ff",
                // tags
                "c074323031332d30332d32315432303a30343a30305a",
                "c11a514b67b0",
                "c249010000000000000000",
                "d74401020304",
                "c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c100",
                "d9d9f7a0",
                // strings
                "40",
                "4401020304",
                "60",
                "6161",
                "5f42010243030405ff",
                "5fff",
                "7f657374726561646d696e67ff",
                "61ff",
                // arrays and maps
                "80",
                "83010203",
                "8301820203820405",
                "9fff",
                "9f018202039f0405ffff",
                "a0",
                "a201020304",
                "826161a161626163",
                "bfff",
                "bf61610161629f0203ffff",
                "826161bf61626163ff",
                "a1a10102a10304",
                "8c010203040506070809000102"
            })
    void skipsOneItem(String hex) {
        assertThatDecoded(skip(hex)).is(SENTINEL);
    }

    @ParameterizedTest
    @CsvSource({
        "'',           TRUNCATED",
        "19,           TRUNCATED",
        "42 01,        TRUNCATED",
        "82 01,        TRUNCATED",
        "9f 01,        TRUNCATED",
        "a1 01,        TRUNCATED",
        "bf 01 02,     TRUNCATED",
        "c1,           TRUNCATED",
        "f8,           TRUNCATED",
        "5f 41 01,     TRUNCATED",
        "ff,           UNEXPECTED_TYPE",
        "81 ff,        UNEXPECTED_TYPE",
        "c1 ff,        UNEXPECTED_TYPE",
        "a1 01 ff,     UNEXPECTED_TYPE",
        "bf 01 ff,     WRONG_LENGTH",
        "5f 61 61 ff,  UNEXPECTED_TYPE",
        "5f 00 ff,     UNEXPECTED_TYPE",
        "7f 41 61 ff,  UNEXPECTED_TYPE",
        "5f 5f ff ff,  INDEFINITE_LENGTH",
        "1c,           INVALID_VALUE",
        "1f,           INVALID_VALUE",
        "3f,           INVALID_VALUE",
        "5c,           INVALID_VALUE",
        "9e,           INVALID_VALUE",
        "df 00,        INVALID_VALUE",
        "f8 00,        INVALID_VALUE",
        "f8 14,        INVALID_VALUE",
        "f8 1f,        INVALID_VALUE",
        "fc,           INVALID_VALUE"
    })
    void refusesWhatIsNotWellFormed(String hex, Reason reason) {
        assertThatDecoded(skipThenRead(Hex.string(hex))).failsWith(reason);
    }

    @ParameterizedTest
    @CsvSource({
        "5b4000000000000000, TOO_LONG",
        "7bffffffffffffffff, TOO_LONG",
        "9b4000000000000000, TOO_MANY",
        "bb4000000000000000, TOO_MANY",
        "9bffffffffffffffff, TOO_MANY",
        "5f 5b4000000000000000 ff, TOO_LONG"
    })
    void refusesHostileSizes(String hex, Reason reason) {
        assertThatDecoded(skipThenRead(Hex.string(hex))).failsWith(reason);
    }

    @Test
    void refusesToNestTooDeeply() {
        assertThatDecoded(skip("81".repeat(16) + "00")).is(SENTINEL);
        assertThatDecoded(skip("81".repeat(17) + "00"))
                .failsWith(Reason.TOO_DEEP)
                .at(16);
        assertThatDecoded(skip("9f".repeat(1_000_000))).failsWith(Reason.TOO_DEEP);
        assertThatDecoded(skip("a1".repeat(1_000_000))).failsWith(Reason.TOO_DEEP);
        assertThatDecoded(skip("bf00".repeat(1_000_000))).failsWith(Reason.TOO_DEEP);
    }

    @Test
    void skipsAnyNumberOfTags() {
        assertThatDecoded(skip("c1".repeat(1_000_000) + "00")).is(SENTINEL);
        assertThatDecoded(skipThenRead(Hex.string("c1".repeat(1_000_000)))).failsWith(Reason.TRUNCATED);
    }

    @Test
    void skipsExactlyOneItemOfAnyKind() {
        Random random = Samples.random();
        for (int i = 0; i < 5_000; i++) {
            StringBuilder item = new StringBuilder();
            appendItem(random, item, 6);
            assertThatDecoded(skip(item.toString())).is(SENTINEL);
        }
    }

    @Test
    void refusesEveryPrefixOfAnItem() {
        Random random = Samples.random();
        for (int i = 0; i < 300; i++) {
            StringBuilder item = new StringBuilder();
            appendItem(random, item, 4);
            ByteString bytes = Hex.string(item.toString());
            for (int length = 0; length < bytes.length(); length++) {
                assertThatDecoded(skipThenRead(bytes.take(length))).failsWith(Reason.TRUNCATED);
            }
        }
    }

    private static void appendItem(Random random, StringBuilder out, int levels) {
        int size = random.nextInt(4);
        switch (random.nextInt(levels > 0 ? 12 : 7)) {
            case 0 -> out.append(random.nextBoolean() ? "17" : "1b7fffffffffffffff");
            case 1 -> out.append(random.nextBoolean() ? "20" : "3903e7");
            case 2 -> out.append(random.nextBoolean() ? "f6" : "f97e00");
            case 3 -> out.append("4").append(size).append("c1".repeat(size));
            case 4 -> out.append("780").append(size).append("ff".repeat(size));
            case 5 -> out.append("5f").append("4101".repeat(size)).append("ff");
            case 6 -> out.append("7f").append("6161".repeat(size)).append("ff");
            case 7 -> appendItem(random, out.append("c1"), levels - 1);
            case 8 -> appendItems(random, out.append("8").append(size), size, levels);
            case 9 -> appendItems(random, out.append("a").append(size), 2 * size, levels);
            case 10 -> appendItems(random, out.append("9f"), size, levels).append("ff");
            default -> appendItems(random, out.append("bf"), 2 * size, levels).append("ff");
        }
    }

    private static StringBuilder appendItems(Random random, StringBuilder out, int items, int levels) {
        for (int i = 0; i < items; i++) {
            appendItem(random, out, levels - 1);
        }
        return out;
    }
}
