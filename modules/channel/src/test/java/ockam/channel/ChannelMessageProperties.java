// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import static ockam.channel.ChannelMessageTest.encoded;
import static ockam.channel.ChannelTests.flipped;
import static ockam.channel.ChannelTests.properties;
import static ockam.channel.ChannelTests.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;
import static org.quicktheories.generators.SourceDSL.longs;

import akka.util.ByteString;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import ockam.channel.ChannelMessage.Payload;
import ockam.fixtures.Hex;
import ockam.wire.Address;
import ockam.wire.CborWriter;
import ockam.wire.Decoded;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.quicktheories.core.Gen;

/** Every message comes back from its bytes, and no bytes make the decoder throw. */
class ChannelMessageProperties {
    private static Gen<ByteString> bytes(int longest) {
        return integers()
                .between(0, longest)
                .zip(longs().all(), (length, seed) -> ByteString.fromArray(random(new Random(seed), length)));
    }

    private static Gen<Route> routes() {
        return lists().of(integers().between(0, 255).zip(bytes(40), Address::of))
                .ofSizeBetween(0, 30)
                .map(addresses -> Route.of(addresses));
    }

    private static Gen<Payload> payloads() {
        return routes().zip(routes(), bytes(70_000), Payload::new);
    }

    @Test
    void payloadComesBackFromItsBytes() {
        properties(300).forAll(payloads(), integers().between(0, 20)).checkAssert((payload, offset) -> {
            int size = payload.encodedSize();
            byte[] target = new byte[offset + size];
            payload.writeTo(target, offset);
            byte[] plaintext = Arrays.copyOfRange(target, offset, offset + size);
            assertThat(ChannelMessage.decode(plaintext)).isEqualTo(new Decoded.Value<>(payload));
        });
    }

    @Test
    void paddingAndWhatFollowsMakeNoDifference() {
        properties(300).forAll(payloads(), bytes(300), bytes(20)).checkAssert((payload, padding, behind) -> {
            byte[] plain = encoded(payload);
            byte[] padded = CborWriter.create(plain.length + 400)
                    .raw(ByteString.fromArray(plain, 0, plain.length - 1))
                    .bytes(padding)
                    .raw(behind)
                    .toByteString()
                    .toArray();
            assertThat(ChannelMessage.decode(padded)).isEqualTo(new Decoded.Value<>(payload));
        });
    }

    @Test
    void truncatedMessageIsRefused() {
        for (byte[] whole : samples()) {
            for (int length = 0; length < whole.length; length++) {
                assertThat(ChannelMessage.decode(Arrays.copyOf(whole, length)).isValue())
                        .as("%s of %s bytes", length, whole.length)
                        .isFalse();
            }
        }
    }

    @Test
    void messageWithAnyBitChangedIsAnswered() {
        for (byte[] whole : samples()) {
            for (int index = 0; index < whole.length; index++) {
                for (int bit = 0; bit < 8; bit++) {
                    byte[] changed = whole.clone();
                    changed[index] ^= (byte) (1 << bit);
                    answers(changed);
                }
            }
        }
    }

    @Test
    void messageWithSeveralBytesChangedIsAnswered() {
        List<byte[]> samples = samples();
        properties(2_000)
                .forAll(
                        integers().between(0, samples.size() - 1),
                        lists().of(integers().between(0, 1_000_000)).ofSizeBetween(1, 5))
                .checkAssert((which, changes) -> {
                    byte[] bytes = samples.get(which).clone();
                    for (int change : changes) {
                        bytes[change % bytes.length] = (byte) (change >>> 8);
                    }
                    answers(bytes);
                });
    }

    @Test
    void randomBytesAreAnswered() {
        properties(5_000).forAll(bytes(200)).checkAssert(bytes -> answers(bytes.toArray()));
    }

    /** Random bytes that begin like a message get further. */
    @Test
    void randomFieldsAreAnswered() {
        properties(5_000)
                .forAll(integers().between(0, 3), bytes(200))
                .checkAssert((kind, bytes) -> answers(
                        ChannelTests.join(new byte[] {(byte) 0x82, (byte) 0x82, kind.byteValue()}, bytes.toArray())));
    }

    private static List<byte[]> samples() {
        byte[] refresh = ChannelTests.join(
                Hex.bytes("82 820181 82"),
                WorkedExample.ALICE_ROTATED_HISTORY,
                Hex.bytes("81"),
                WorkedExample.ALICE_CREDENTIAL,
                Hex.bytes("43 010203"));
        Payload payload =
                new Payload(Route.of("h1", "h2", "echoer"), Route.of("app"), ByteString.fromString("x".repeat(300)));
        assertThat(answers(refresh)).isTrue();
        assertThat(answers(flipped(refresh, refresh.length - 1))).isTrue();
        return List.of(encoded(payload), encoded(ChannelMessage.Close.INSTANCE), refresh);
    }

    /** The decoder returns, and its result can be written again. */
    private static boolean answers(byte[] bytes) {
        Decoded<ChannelMessage> decoded = ChannelMessage.decode(bytes);
        if (decoded.isValue()) {
            ChannelMessage message = decoded.orElseThrow();
            assertThat(ChannelMessage.decode(encoded(message))).isEqualTo(decoded);
        }
        return decoded.isValue();
    }
}
