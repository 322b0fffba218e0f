// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

import static ockam.wire.DecodedAssert.assertThatDecoded;
import static ockam.wire.Samples.properties;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.quicktheories.generators.SourceDSL.lists;
import static org.quicktheories.generators.SourceDSL.longs;

import akka.util.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import ockam.wire.DecodeFailure.Reason;
import org.junit.jupiter.api.Test;
import org.quicktheories.core.Gen;

class BareProperties {

    /** One field of each kind. */
    private record Everything(long number, boolean flag, Optional<String> text, List<ByteString> list, Route route) {
        static void write(BareWriter writer, Everything value) {
            writer.varint(value.number())
                    .u32(value.number() & 0xffff_ffffL)
                    .i64(value.number())
                    .bool(value.flag())
                    .optional(value.text().orElse(null), BareWriter::string)
                    .list(value.list(), BareWriter::bytes)
                    .route(value.route());
        }

        static Everything read(BareReader reader) {
            long number = reader.varint();
            if (reader.u32() != (number & 0xffff_ffffL) || reader.i64() != number) {
                return reader.fail(Reason.INVALID_VALUE);
            }
            return new Everything(
                    number,
                    reader.bool(),
                    Optional.ofNullable(reader.optional(BareReader::string)),
                    reader.list(BareReader::bytes),
                    reader.route());
        }
    }

    private static final Codec<Everything> CODEC = Codec.bare("Everything", Everything::write, Everything::read);
    private static final Codec<Everything> TOLERANT =
            Codec.tolerantBare("Everything", Everything::write, Everything::read);

    private static Gen<Everything> values() {
        return Samples.unsigned()
                .zip(
                        Samples.texts(),
                        lists().of(Samples.bytes(20)).ofSizeBetween(0, 5),
                        Samples.routes(),
                        (number, text, list, route) -> new Everything(
                                number, number % 2 == 0, Optional.of(text).filter(t -> !t.isEmpty()), list, route));
    }

    @Test
    void valuesSurvive() {
        properties()
                .forAll(values())
                .checkAssert(value ->
                        assertThatDecoded(CODEC.decode(CODEC.encode(value))).is(value));
    }

    @Test
    void signedNumbersSurvive() {
        properties().forAll(longs().all()).checkAssert(value -> {
            BareWriter writer = BareWriter.create(0)
                    .i8(value.byteValue())
                    .i16(value.shortValue())
                    .i32(value.intValue())
                    .i64(value);
            assertThatDecoded(Bare.decode(
                            writer.toByteString(),
                            CborLimits.defaults(),
                            r -> List.<Object>of(r.i8(), r.i16(), r.i32(), r.i64())))
                    .is(List.<Object>of(value.byteValue(), value.shortValue(), value.intValue(), value));
        });
    }

    @Test
    void textsSurvive() {
        properties()
                .forAll(Samples.texts())
                .checkAssert(text -> assertThatDecoded(
                                Codec.string().decode(Codec.string().encode(text)))
                        .is(text));
    }

    @Test
    void textsSurviveOrAreRefused() {
        properties().forAll(Samples.charSequences()).checkAssert(text -> {
            if (StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
                assertThatDecoded(Codec.string().decode(Codec.string().encode(text)))
                        .is(text);
            } else {
                assertThatThrownBy(() -> Codec.string().encode(text)).isInstanceOf(WireException.class);
            }
        });
    }

    @Test
    void nothingMayFollow() {
        properties()
                .forAll(values(), Samples.bytes(20))
                .assuming((value, rest) -> !rest.isEmpty())
                .checkAssert((value, rest) -> {
                    ByteString bytes = CODEC.encode(value);
                    assertThatDecoded(CODEC.decode(bytes.concat(rest)))
                            .failsWith(Reason.TRAILING_BYTES)
                            .at(bytes.length());
                    assertThatDecoded(TOLERANT.decode(bytes.concat(rest))).is(value);
                });
    }

    @Test
    void taggedValuesSurviveAndNothingElseIsTakenForThem() {
        Codec<Everything> tagged = CODEC.tagged("everything");
        Codec<Everything> another = CODEC.tagged("everything/2");
        properties().withExamples(200).forAll(values()).checkAssert(value -> {
            ByteString bytes = tagged.encode(value);
            assertThatDecoded(tagged.decode(bytes)).is(value);
            assertThatDecoded(another.decode(bytes))
                    .failsWith(Reason.INVALID_VALUE)
                    .at(0);
            assertThat(tagged.decode(CODEC.encode(value)).isValue()).isFalse();
            for (int length = 0; length < bytes.length(); length++) {
                assertThatDecoded(tagged.decode(bytes.take(length))).failsWith(Reason.TRUNCATED);
            }
        });
    }

    /** So no two payloads are the same message. */
    @Test
    void whatIsReadIsWrittenAgainAsItWas() {
        properties().withExamples(50).forAll(values()).checkAssert(value -> {
            byte[] bytes = CODEC.encode(value).toArray();
            for (int bit = 0; bit < bytes.length * Byte.SIZE; bit++) {
                byte[] flipped = bytes.clone();
                flipped[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
                if (CODEC.decode(ByteString.fromArray(flipped)) instanceof Decoded.Value<Everything> read) {
                    assertThat(CODEC.encode(read.value())).isEqualTo(ByteString.fromArray(flipped));
                }
            }
        });
    }

    /** Every prefix fails to decode; only the whole decodes. */
    @Test
    void everyPrefixIsTruncated() {
        properties().withExamples(100).forAll(values()).checkAssert(value -> {
            ByteString bytes = CODEC.encode(value);
            for (int length = 0; length < bytes.length(); length++) {
                assertThatDecoded(CODEC.decode(bytes.take(length))).failsWith(Reason.TRUNCATED);
            }
            assertThatDecoded(CODEC.decode(bytes)).is(value);
        });
    }

    @Test
    void flippedBitsNeverThrow() {
        properties().withExamples(50).forAll(values()).checkAssert(value -> {
            byte[] bytes = CODEC.encode(value).toArray();
            for (int bit = 0; bit < bytes.length * Byte.SIZE; bit++) {
                byte[] flipped = bytes.clone();
                flipped[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
                assertThat(CODEC.decode(ByteString.fromArray(flipped))).isNotNull();
            }
        });
    }

    @Test
    void randomBytesNeverThrow() {
        Random random = Samples.random();
        List<Function<BareReader, ?>> decoders = List.of(
                Everything::read,
                BareReader::varint,
                BareReader::string,
                BareReader::bytes,
                BareReader::address,
                BareReader::route,
                reader -> reader.list(list -> list.union((tag, value) -> value.u16())),
                reader -> Optional.ofNullable(reader.optional(BareReader::u64)));
        List<Codec<?>> codecs = List.of(
                CODEC,
                CODEC.tagged("e"),
                Codec.bytes().map("bits", Samples::refusingMost, bits -> bits),
                Codec.bare("refusing", BareWriter::bytes, reader -> Samples.refusingMost(reader.bytes())));
        for (int i = 0; i < 20_000; i++) {
            ByteString bytes = Samples.randomBytes(random, random.nextInt(60));
            for (Function<BareReader, ?> decoder : decoders) {
                assertThat(Bare.decode(bytes, CborLimits.defaults(), decoder)).isNotNull();
            }
            for (Codec<?> codec : codecs) {
                assertThat(codec.decode(bytes)).isNotNull();
            }
        }
    }
}
