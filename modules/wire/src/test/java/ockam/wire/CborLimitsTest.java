// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

import static ockam.wire.DecodedAssert.assertThatDecoded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import ockam.fixtures.Hex;
import ockam.wire.DecodeFailure.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A peer may claim any size without causing an allocation. */
class CborLimitsTest {

    private static final CborLimits SMALL = new CborLimits(2, 3, 4);

    private static <T> Decoded<T> decode(String hex, CborLimits limits, Function<CborReader, T> decoder) {
        return Cbor.decode(Hex.bytes(hex), limits, decoder);
    }

    private static List<Long> numbers(CborReader reader) {
        return reader.list(CborReader::unsigned);
    }

    private static int nested(CborReader reader) {
        return reader.list(CborLimitsTest::nested).size();
    }

    private static Object nestedVariant(CborReader reader) {
        return reader.variant((index, fields) -> nestedVariant(fields));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1a00010001",
                "1a7fffffff",
                "1a80000000",
                "1affffffff",
                "1b4000000000000000",
                "1b7fffffffffffffff",
                "1b8000000000000000",
                "1bffffffffffffffff"
            })
    void refusesHostileCountsWithoutAllocating(String head) {
        String array = raised(head, 0x80);
        String map = raised(head, 0xa0);
        assertRefusedCheaply(Reason.TOO_MANY, array, CborLimitsTest::numbers);
        assertRefusedCheaply(Reason.TOO_MANY, array, reader -> reader.struct(CborReader::unsigned));
        assertRefusedCheaply(Reason.TOO_MANY, array, reader -> reader.variant((i, f) -> i));
        assertRefusedCheaply(Reason.TOO_MANY, map, reader -> reader.map(CborReader::unsigned, CborReader::unsigned));
        assertRefusedCheaply(Reason.TOO_MANY, array, Route::readFrom);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1a01000001",
                "1a7fffffff",
                "1a80000000",
                "1affffffff",
                "1b4000000000000000",
                "1b7fffffffffffffff",
                "1b8000000000000000",
                "1bffffffffffffffff"
            })
    void refusesHostileLengthsWithoutAllocating(String head) {
        assertRefusedCheaply(Reason.TOO_LONG, raised(head, 0x40), CborReader::bytes);
        assertRefusedCheaply(Reason.TOO_LONG, raised(head, 0x60), CborReader::text);
        assertRefusedCheaply(Reason.WRONG_LENGTH, raised(head, 0x40), reader -> reader.bytes(32));
        assertRefusedCheaply(Reason.TOO_LONG, "8200" + raised(head, 0x40), Address::readFrom);
    }

    @Test
    void refusesClaimsWithinTheLimitsThatTheInputDoesNotBackWithoutAllocating() {
        assertRefusedCheaply(Reason.TRUNCATED, "5a01000000 0102", CborReader::bytes);
        assertRefusedCheaply(Reason.TRUNCATED, "7a01000000 6161", CborReader::text);
        assertRefusedCheaply(Reason.TRUNCATED, "9a00010000 0102", CborLimitsTest::numbers);
        assertRefusedCheaply(Reason.TRUNCATED, "990400 8000", Route::readFrom);
        assertRefusedCheaply(
                Reason.TRUNCATED, "ba00010000 0102", reader -> reader.map(CborReader::unsigned, CborReader::unsigned));
    }

    @Test
    void countsTheRemainingBytesAgainstBothHalvesOfAnEntry() {
        CborLimits limits = CborLimits.defaults();

        assertThatDecoded(decode("a2 01 02 03", limits, r -> r.map(CborReader::unsigned, CborReader::unsigned)))
                .failsWith(Reason.TRUNCATED)
                .at(0);
    }

    private static String raised(String head, int major) {
        byte[] bytes = Hex.bytes(head);
        bytes[0] = (byte) (bytes[0] | major);
        return Hex.of(bytes);
    }

    private static void assertRefusedCheaply(Reason reason, String hex, Function<CborReader, ?> decoder) {
        byte[] input = Hex.bytes(hex);
        Supplier<Decoded<?>> decoding = () -> Cbor.decode(input, CborLimits.defaults(), decoder);
        assertThatDecoded(decoding.get()).failsWith(reason); // also loads the classes
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        Decoded<?> second = decoding.get();
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertThatDecoded(second).failsWith(reason);
        assertThat(allocated).isLessThan(4096);
    }

    @Test
    void allowsItemsUpToTheLimit() {
        assertThatDecoded(decode("83 01 02 03", SMALL, CborLimitsTest::numbers)).is(List.of(1L, 2L, 3L));
        assertThatDecoded(decode("84 01 02 03 04", SMALL, CborLimitsTest::numbers))
                .failsWith(Reason.TOO_MANY)
                .at(0);
        assertThatDecoded(decode("9f 01 02 03 ff", SMALL, CborLimitsTest::numbers))
                .is(List.of(1L, 2L, 3L));
        assertThatDecoded(decode("9f 01 02 03 04 ff", SMALL, CborLimitsTest::numbers))
                .failsWith(Reason.TOO_MANY);
        assertThatDecoded(decode("9f 01 02 03", SMALL, CborLimitsTest::numbers)).failsWith(Reason.TRUNCATED);
    }

    @Test
    void allowsEntriesUpToTheLimit() {
        Function<CborReader, Integer> size =
                reader -> reader.map(CborReader::unsigned, CborReader::unsigned).size();

        assertThatDecoded(decode("a3 010203040506", SMALL, size)).is(3);
        assertThatDecoded(decode("a4 0102030405060708", SMALL, size)).failsWith(Reason.TOO_MANY);
        assertThatDecoded(decode("bf 010203040506 ff", SMALL, size)).is(3);
        assertThatDecoded(decode("bf 0102030405060708 ff", SMALL, size)).failsWith(Reason.TOO_MANY);
    }

    @Test
    void countsTheSkippedFieldsOfAStruct() {
        assertThatDecoded(decode("9f 01 02 03 ff", SMALL, r -> r.struct(CborReader::unsigned)))
                .is(1L);
        assertThatDecoded(decode("9f 01 02 03 04 ff", SMALL, r -> r.struct(CborReader::unsigned)))
                .failsWith(Reason.TOO_MANY);
        assertThatDecoded(decode(
                        "9f 01 02 03 04 ff",
                        SMALL,
                        r -> r.struct(f -> List.of(f.unsigned(), f.unsigned(), f.unsigned(), f.unsigned()))))
                .failsWith(Reason.TOO_MANY)
                .at(4);
        assertThatDecoded(decode("84 01 02 03 04", SMALL, r -> r.struct(CborReader::unsigned)))
                .failsWith(Reason.TOO_MANY);
    }

    @Test
    void usesTheStricterOfTwoLimitsForAList() {
        assertThatDecoded(decode("82 01 02", SMALL, r -> r.list(1, CborReader::unsigned)))
                .failsWith(Reason.TOO_MANY);
        assertThatDecoded(decode("9f 01 02 ff", SMALL, r -> r.list(1, CborReader::unsigned)))
                .failsWith(Reason.TOO_MANY);
        assertThatDecoded(decode("84 01 02 03 04", SMALL, r -> r.list(9, CborReader::unsigned)))
                .failsWith(Reason.TOO_MANY);
        assertThatDecoded(decode("81 01", SMALL, r -> r.list(1, CborReader::unsigned)))
                .is(List.of(1L));
        assertThatDecoded(decode("80", SMALL, r -> r.list(0, CborReader::unsigned)))
                .is(List.of());
    }

    @Test
    void allowsLengthsUpToTheLimit() {
        assertThatDecoded(decode("4401020304", SMALL, CborReader::bytes)).is(Hex.string("01020304"));
        assertThatDecoded(decode("450102030405", SMALL, CborReader::bytes)).failsWith(Reason.TOO_LONG);
        assertThatDecoded(decode("6461616161", SMALL, CborReader::text)).is("aaaa");
        assertThatDecoded(decode("656161616161", SMALL, CborReader::text)).failsWith(Reason.TOO_LONG);
    }

    @Test
    void allowsDepthUpToTheLimit() {
        assertThatDecoded(decode("8180", SMALL, CborLimitsTest::nested)).is(1);
        assertThatDecoded(decode("818180", SMALL, CborLimitsTest::nested))
                .failsWith(Reason.TOO_DEEP)
                .at(2);
        assertThatDecoded(decode("8182 80 80", SMALL, CborLimitsTest::nested)).failsWith(Reason.TOO_DEEP);
        assertThatDecoded(decode("82 80 80", SMALL, CborLimitsTest::nested)).is(2);
    }

    @Test
    void doesNotFollowNestingThatWouldExhaustTheStack() {
        CborLimits deepest = CborLimits.defaults().withMaxDepth(CborLimits.DEEPEST);
        for (CborLimits limits : List.of(CborLimits.defaults(), deepest)) {
            assertThatDecoded(decode("81".repeat(1_000_000), limits, CborLimitsTest::nested))
                    .failsWith(Reason.TOO_DEEP)
                    .at(limits.maxDepth());
            assertThatDecoded(decode("9f".repeat(1_000_000), limits, CborLimitsTest::nested))
                    .failsWith(Reason.TOO_DEEP);
            assertThatDecoded(decode("820081".repeat(1_000_000), limits, CborLimitsTest::nestedVariant))
                    .failsWith(Reason.TOO_DEEP);
        }
        assertThatDecoded(decode("81".repeat(CborLimits.DEEPEST - 1) + "80", deepest, CborLimitsTest::nested))
                .is(1);
    }

    @Test
    void hasDefaultsThatAllowTheLargestMessage() {
        assertThat(CborLimits.defaults()).isEqualTo(new CborLimits(16, 65_536, 16_777_216));
        assertThat(CborLimits.defaults().withMaxDepth(1).withMaxItems(2).withMaxLength(3))
                .isEqualTo(new CborLimits(1, 2, 3));
    }

    @Test
    void refusesLimitsOutOfRange() {
        assertThatThrownBy(() -> new CborLimits(0, 1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new CborLimits(257, 1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new CborLimits(1, -1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new CborLimits(1, 1, -1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(new CborLimits(256, 0, 0)).hasToString("CborLimits[maxDepth=256, maxItems=0, maxLength=0]");
    }
}
