// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

import static ockam.wire.DecodedAssert.assertThatDecoded;
import static ockam.wire.Samples.properties;
import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import ockam.fixtures.Hex;
import ockam.wire.DecodeFailure.Reason;
import org.junit.jupiter.api.Test;

class CborProperties {

    private static <T> void assertSurvives(T value, Consumer<CborWriter> writing, Function<CborReader, T> reading) {
        CborWriter writer = CborWriter.create(0);
        writing.accept(writer);
        assertThatDecoded(Cbor.decode(writer.toByteString(), CborLimits.defaults(), reading))
                .is(value);
    }

    @Test
    void numbersSurvive() {
        properties()
                .forAll(Samples.unsigned())
                .checkAssert(value -> assertSurvives(value, w -> w.unsigned(value), CborReader::unsigned));
    }

    @Test
    void numbersHaveThePredictedSize() {
        properties()
                .forAll(Samples.unsigned())
                .checkAssert(
                        value -> assertThat(CborWriter.create(0).unsigned(value).position())
                                .isEqualTo(Cbor.headSize(value)));
    }

    @Test
    void byteStringsSurvive() {
        properties().forAll(Samples.bytes(70_000)).checkAssert(bytes -> {
            assertSurvives(bytes, w -> w.bytes(bytes), CborReader::bytes);
            assertThat(CborWriter.create(0).bytes(bytes).position()).isEqualTo(Cbor.bytesSize(bytes.length()));
        });
    }

    @Test
    void textsSurvive() {
        properties()
                .forAll(Samples.texts())
                .checkAssert(text -> assertSurvives(text, w -> w.text(text), CborReader::text));
    }

    @Test
    void addressesSurviveInThePredictedSize() {
        properties().forAll(Samples.addresses()).checkAssert(address -> {
            assertSurvives(address, address::writeTo, Address::readFrom);
            byte[] target = new byte[address.encodedSize()];
            CborWriter writer = CborWriter.into(target, 0);
            address.writeTo(writer);
            assertThat(writer.position()).isEqualTo(target.length);
        });
    }

    @Test
    void identifiersSurvive() {
        properties().forAll(Samples.identifiers()).checkAssert(id -> {
            assertSurvives(id, id::writeTo, Identifier::readFrom);
            assertThat(Identifier.parse(id.toString())).isEqualTo(id);
        });
    }

    @Test
    void structuresSurvive() {
        properties()
                .forAll(Samples.samples())
                .checkAssert(sample -> assertSurvives(sample, sample::writeTo, Sample::readFrom));
    }

    @Test
    void inputIsWrittenAgainUnchanged() {
        properties().forAll(Samples.samples()).checkAssert(sample -> {
            ByteString bytes = sample.encode();
            Sample read = Sample.decode(bytes.toArray()).orElseThrow();
            assertThat(Hex.of(read.encode())).isEqualTo(Hex.of(bytes));
        });
    }

    @Test
    void bytesAfterTheValueAreIgnored() {
        properties()
                .forAll(Samples.samples(), Samples.bytes(20))
                .checkAssert((sample, rest) -> assertThatDecoded(
                                Sample.decode(sample.encode().concat(rest).toArray()))
                        .is(sample));
    }

    /** Every prefix fails to decode; only the whole decodes. */
    @Test
    void everyPrefixIsTruncated() {
        properties().withExamples(100).forAll(Samples.samples()).checkAssert(sample -> {
            ByteString bytes = sample.encode();
            for (int length = 0; length < bytes.length(); length++) {
                assertThatDecoded(Sample.decode(bytes.take(length).toArray())).failsWith(Reason.TRUNCATED);
            }
            assertThatDecoded(Sample.decode(bytes.toArray())).is(sample);
        });
    }

    @Test
    void flippedBitsNeverThrow() {
        properties().withExamples(50).forAll(Samples.samples()).checkAssert(sample -> {
            byte[] bytes = sample.encode().toArray();
            for (int bit = 0; bit < bytes.length * Byte.SIZE; bit++) {
                byte[] flipped = bytes.clone();
                flipped[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
                assertThat(Sample.decode(flipped)).isNotNull();
            }
        });
    }

    @Test
    void randomBytesNeverThrow() {
        Random random = Samples.random();
        List<Function<CborReader, ?>> decoders = List.of(
                Sample::readFrom,
                Route::readFrom,
                Address::readFrom,
                Identifier::readFrom,
                CborReader::unsigned,
                CborReader::bool,
                CborReader::bytes,
                CborReader::text,
                reader -> reader.map(CborReader::unsigned, CborReader::bytes),
                CborProperties::skipAll);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = Samples.randomBytes(random, random.nextInt(60)).toArray();
            for (Function<CborReader, ?> decoder : decoders) {
                assertThat(Cbor.decode(bytes, CborLimits.defaults(), decoder)).isNotNull();
            }
        }
    }

    /** Random bytes rarely look like a structure; here each item has the right kind and random content. */
    @Test
    void randomItemsNeverThrow() {
        Random random = Samples.random();
        for (int i = 0; i < 20_000; i++) {
            StringBuilder hex = new StringBuilder();
            for (int item = 0; item < 12; item++) {
                hex.append(RANDOM_ITEMS.get(random.nextInt(RANDOM_ITEMS.size())));
            }
            assertThat(Sample.decode(Hex.bytes(hex.toString()))).isNotNull();
        }
    }

    private static final List<String> RANDOM_ITEMS = List.of(
            "00",
            "17",
            "18ff",
            "80",
            "81",
            "82",
            "83",
            "88",
            "9f",
            "ff",
            "a0",
            "a1",
            "bf",
            "f4",
            "f5",
            "f6",
            "40",
            "4161",
            "61ff",
            "6161",
            "5820" + "ab".repeat(32),
            "818200416d",
            "820180",
            "820081",
            "4401020304",
            "c1",
            "5f",
            "f8",
            "1b");

    private static Map<String, Long> skipAll(CborReader reader) {
        for (int i = 0; i < 5; i++) {
            reader.skip();
        }
        return Map.of();
    }
}
