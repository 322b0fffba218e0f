// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

import static org.quicktheories.generators.SourceDSL.arbitrary;
import static org.quicktheories.generators.SourceDSL.booleans;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;
import static org.quicktheories.generators.SourceDSL.longs;
import static org.quicktheories.generators.SourceDSL.strings;

import akka.util.ByteString;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.quicktheories.QuickTheory;
import org.quicktheories.core.Gen;

/** Generators of the values of this module. The seed is fixed, so that a failure is reproduced in the next run. */
final class Samples {

    private static final long SEED = 20_260_920;

    private Samples() {}

    static QuickTheory properties() {
        return QuickTheory.qt().withFixedSeed(SEED).withExamples(500);
    }

    static Random random() {
        return new Random(SEED);
    }

    static ByteString randomBytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return ByteString.fromArray(bytes);
    }

    static Gen<ByteString> bytes(int longest) {
        return integers()
                .between(0, longest)
                .zip(longs().all(), (length, seed) -> randomBytes(new Random(seed), length));
    }

    /** Throws one exception or another for what does not begin with a small byte, as the constructor of a type may. */
    static ByteString refusingMost(ByteString bytes) {
        return switch (bytes.iterator().next() & 0x3) {
            case 0 -> bytes;
            case 1 -> throw new IllegalArgumentException("on purpose");
            case 2 -> throw new NullPointerException("on purpose");
            default -> throw new WireException(WireException.Reason.INVALID_ROUTE, "on purpose");
        };
    }

    /** Every number of bits is equally likely. */
    static Gen<Long> unsigned() {
        return longs().all().zip(integers().between(0, 63), (bits, shift) -> bits >>> shift);
    }

    static Gen<Address> addresses() {
        return integers().between(0, 255).zip(bytes(40), Address::of);
    }

    static Gen<Route> routes() {
        return lists().of(addresses()).ofSizeBetween(0, 30).map(addresses -> Route.of(addresses));
    }

    static Gen<Identifier> identifiers() {
        return longs().all().map(seed -> Identifier.of(randomBytes(new Random(seed), Identifier.LENGTH)));
    }

    static Gen<String> texts() {
        return strings().allPossible().ofLengthBetween(0, 40).map(Samples::unicode);
    }

    /** Texts as Java has them: halves of surrogate pairs stand alone in most of them. */
    static Gen<String> charSequences() {
        return lists().of(arbitrary().pick("", "?", "a", "\u00e9", "\u65e5", "\uD83D", "\uDE00", "\uD83D\uDE00"))
                .ofSizeBetween(0, 8)
                .map(pieces -> String.join("", pieces));
    }

    static Stream<String> textsWithHalfAPair() {
        return Stream.of(
                "\uD83D", "\uDE00", "a\uD83Db", "\uDE00\uD83D", "\uD83D\uD83D\uDE00", "\uD83D\uDE00\uDE00", "\uD83D?");
    }

    /** Half of a surrogate pair has no UTF-8 form, so it is replaced by another character. */
    private static String unicode(String text) {
        return text.codePoints()
                .map(c -> Character.getType(c) == Character.SURROGATE ? '\uFFFD' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    static Gen<Sample> samples() {
        Gen<Head> heads =
                routes().zip(identifiers(), arbitrary().pick(Long.MIN_VALUE, -1L, 0L, 23L, 24L, 65_536L), Head::new);
        Gen<Middle> middles = booleans().all().zip(lists().of(texts()).ofSizeBetween(0, 5), attributes(), Middle::new);
        Gen<Tail> tails = choices().zip(bytes(300), Tail::new);
        return heads.zip(middles, tails, Samples::sample);
    }

    private record Head(Route route, Identifier id, long number) {}

    private record Middle(boolean flag, List<String> texts, Map<ByteString, ByteString> attributes) {}

    private record Tail(Sample.Choice choice, ByteString note) {}

    /** Whether the optional fields are absent is derived from their values. */
    private static Sample sample(Head head, Middle middle, Tail tail) {
        return new Sample(
                head.route(),
                head.id(),
                head.number() == Long.MIN_VALUE ? null : head.number(),
                middle.flag(),
                middle.texts(),
                middle.attributes(),
                tail.choice(),
                tail.note().length() % 3 == 0 ? null : tail.note());
    }

    private static Gen<Map<ByteString, ByteString>> attributes() {
        return lists().of(bytes(20)).ofSizeBetween(0, 5).map(keys -> {
            Map<ByteString, ByteString> attributes = new LinkedHashMap<>();
            keys.forEach(key -> attributes.put(key, key.take(3)));
            return attributes;
        });
    }

    private static Gen<Sample.Choice> choices() {
        return integers().between(0, 2).zip(unsigned(), unsigned(), (index, a, b) -> switch (index) {
            case 0 -> new Sample.Key(ByteString.fromInts(1, 2, 3, (int) (a & 0xff)));
            case 1 -> new Sample.Range(a, b);
            default -> new Sample.Nothing();
        });
    }
}
