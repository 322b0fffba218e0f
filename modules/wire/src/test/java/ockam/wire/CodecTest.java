// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

import static ockam.wire.DecodedAssert.assertThatDecoded;
import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import java.util.List;
import ockam.fixtures.Hex;
import ockam.wire.DecodeFailure.Reason;
import org.junit.jupiter.api.Test;

class CodecTest {

    private record Reading(String sensor, long value, List<ByteString> proofs) {
        static void write(BareWriter writer, Reading reading) {
            writer.string(reading.sensor()).u32(reading.value()).list(reading.proofs(), BareWriter::bytes);
        }

        static Reading read(BareReader reader) {
            return new Reading(reader.string(), reader.u32(), reader.list(BareReader::bytes));
        }
    }

    @Test
    void encodesTextsAsBare() {
        ByteString payload = Codec.string().encode("Hello Ockam!");

        assertThat(Hex.of(payload)).isEqualTo("0c48656c6c6f204f636b616d21");
        assertThatDecoded(Codec.string().decode(payload)).is("Hello Ockam!");
        assertThat(Hex.of(Codec.string().encode(""))).isEqualTo("00");
    }

    @Test
    void refusesTextsThatAreNotBare() {
        assertThatDecoded(Codec.string().decode(ByteString.fromString("Hello Ockam!")))
                .failsWith(Reason.TRUNCATED);
        assertThatDecoded(Codec.string().decode(ByteString.emptyByteString())).failsWith(Reason.TRUNCATED);
        assertThatDecoded(Codec.string().decode(Hex.string("01ff"))).failsWith(Reason.INVALID_UTF8);
    }

    @Test
    void leavesBytesUnchanged() {
        ByteString bytes = ByteString.fromString("Hello Ockam!");

        assertThat(Codec.bytes().encode(bytes)).isSameAs(bytes);
        assertThatDecoded(Codec.bytes().decode(bytes)).is(bytes);
        assertThatDecoded(Codec.bytes().decode(ByteString.emptyByteString())).is(ByteString.emptyByteString());
    }

    @Test
    void readsAnyFromEverythingAndWritesNothing() {
        assertThat(Codec.any().encode(Any.INSTANCE)).isEqualTo(ByteString.emptyByteString());
        assertThatDecoded(Codec.any().decode(ByteString.emptyByteString())).is(Any.INSTANCE);
        assertThatDecoded(Codec.any().decode(Hex.string("ffffff"))).is(Any.INSTANCE);
        assertThat(Any.INSTANCE).hasToString("Any Message");
    }

    @Test
    void encodesCustomTypesAsBare() {
        Codec<Reading> codec = Codec.bare(Reading::write, Reading::read);
        Reading reading = new Reading("t", 258, List.of(ByteString.fromInts(1, 2), ByteString.emptyByteString()));

        assertThat(Hex.of(codec.encode(reading))).isEqualTo("0174 02010000 02 02 0102 00".replace(" ", ""));
        assertThatDecoded(codec.decode(codec.encode(reading))).is(reading);
        assertThatDecoded(codec.decode(codec.encode(reading).drop(1))).failsWith(Reason.TRUNCATED);
    }
}
