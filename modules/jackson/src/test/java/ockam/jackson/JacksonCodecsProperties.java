// SPDX-License-Identifier: Apache-2.0

package ockam.jackson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.generators.SourceDSL.arbitrary;
import static org.quicktheories.generators.SourceDSL.doubles;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;
import static org.quicktheories.generators.SourceDSL.longs;
import static org.quicktheories.generators.SourceDSL.maps;
import static org.quicktheories.generators.SourceDSL.strings;

import akka.util.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import ockam.jackson.Command.Admin;
import ockam.jackson.Command.Later;
import ockam.jackson.Command.Measure;
import ockam.jackson.Command.Mode;
import ockam.jackson.Command.Reading;
import ockam.jackson.Command.Rename;
import ockam.jackson.Command.Stop;
import ockam.wire.Codec;
import ockam.wire.Decoded;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.quicktheories.QuickTheory;
import org.quicktheories.core.Gen;

/** The seed is fixed, so that a failure is reproduced in the next run. */
class JacksonCodecsProperties {
    private static final long SEED = 20_261_127;

    private static List<Codec<Command>> codecs() {
        return List.of(
                JacksonCodecs.json().codec(Command.class), JacksonCodecs.cbor().codec(Command.class));
    }

    private static QuickTheory properties() {
        return QuickTheory.qt().withFixedSeed(SEED).withExamples(200);
    }

    private static Gen<String> texts() {
        // A half of a surrogate pair has no UTF-8 form, so it becomes another character.
        return strings()
                .allPossible()
                .ofLengthBetween(0, 20)
                .map(text -> text.codePoints()
                        .map(c -> Character.getType(c) == Character.SURROGATE ? '?' : c)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString());
    }

    private static Gen<Reading> readings() {
        return texts().zip(doubles().between(-273, Double.MAX_VALUE), Reading::new);
    }

    private static Gen<Command> commands() {
        Gen<Command> measures = readings()
                .zip(lists().of(readings()).ofSizeBetween(0, 4), (reading, list) -> new Measure(reading, list));
        Gen<Command> renames = texts().zip(
                        maps().of(texts(), integers().all()).ofSizeBetween(0, 3),
                        (name, counts) -> new Rename(name, counts));
        Gen<Command> others =
                arbitrary().pick(new Stop(), Mode.FAST, Mode.SLOW, new Admin.Reset(true), new Admin.Reset(false));
        Gen<Command> any = integers().between(0, 2).zip(measures, renames, others, (which, a, b, c) -> switch (which) {
            case 0 -> a;
            case 1 -> b;
            default -> c;
        });
        return any.zip(longs().all(), (command, number) -> number % 3 == 0 ? new Later(command, number) : command);
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void valuesSurvive(Codec<Command> codec) {
        properties()
                .forAll(commands())
                .checkAssert(command ->
                        assertThat(codec.decode(codec.encode(command))).isEqualTo(new Decoded.Value<>(command)));
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void everyPrefixIsRefused(Codec<Command> codec) {
        properties().forAll(commands()).checkAssert(command -> {
            ByteString payload = codec.encode(command);
            for (int length = 0; length < payload.size(); length++) {
                assertThat(codec.decode(payload.take(length)).isValue()).isFalse();
            }
        });
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void nothingMayFollow(Codec<Command> codec) {
        properties().forAll(commands(), integers().between(0, 255)).checkAssert((command, more) -> {
            boolean blank = codec.name().endsWith("(JSON)") && " \t\r\n".indexOf(more) >= 0;
            ByteString payload = codec.encode(command).concat(ByteString.fromInts(more));
            assertThat(codec.decode(payload).isValue()).isEqualTo(blank);
        });
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void flippedBitsNeverThrow(Codec<Command> codec) {
        properties().withExamples(50).forAll(commands()).checkAssert(command -> {
            byte[] payload = codec.encode(command).toArray();
            for (int bit = 0; bit < payload.length * Byte.SIZE; bit++) {
                byte[] flipped = payload.clone();
                flipped[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
                assertInside(codec, ByteString.fromArray(flipped));
            }
        });
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void randomBytesNeverThrow(Codec<Command> codec) {
        Random random = new Random(SEED);
        for (int i = 0; i < 20_000; i++) {
            byte[] noise = new byte[random.nextInt(60)];
            random.nextBytes(noise);
            assertInside(codec, ByteString.fromArray(noise));
        }
    }

    private static final List<String> PIECES = List.of(
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"@type\"",
            "\"Measure\"",
            "\"Rename\"",
            "\"Later\"",
            "\"Mode\"",
            "\"reset\"",
            "\"command\"",
            "\"reading\"",
            "\"counts\"",
            "\"name\"",
            "\"FAST\"",
            "null",
            "true",
            "1",
            "-1.5e400",
            "\"",
            " ");

    /** Well formed more often than noise, but seldom a command. */
    @ParameterizedTest
    @MethodSource("codecs")
    void piecesOfPayloadsNeverThrow(Codec<Command> codec) {
        Random random = new Random(SEED);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder("{\"@type\":");
            for (int n = random.nextInt(20); n > 0; n--) {
                text.append(PIECES.get(random.nextInt(PIECES.size())));
            }
            assertInside(codec, ByteString.fromString(text.toString(), StandardCharsets.UTF_8));
        }
    }

    /** It returns, and a failure lies inside the payload. */
    private static void assertInside(Codec<Command> codec, ByteString payload) {
        if (codec.decode(payload) instanceof Decoded.Failure<Command> refused) {
            assertThat(refused.failure().offset()).isBetween(0, payload.size());
        }
    }
}
