// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static ockam.channel.ChannelTests.NOTHING;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import ockam.fixtures.Hex;
import ockam.vault.AeadKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The Noise engine against published handshakes and the worked examples (secure channel, section 9, items 1 to 3). */
class NoiseVectorsTest {
    /** Noise pads a name to the length of a hash with zero bytes. */
    private static final byte[] NOISE_NAME = Arrays.copyOf("Noise_XX_25519_AESGCM_SHA256".getBytes(US_ASCII), 32);

    /** Those that can be expressed here: the prologue of Ockam is empty, and no other one can be given. */
    static Stream<Map<String, String>> published() throws IOException {
        return all().stream().filter(vector -> !vector.containsKey("prologue"));
    }

    private static List<Map<String, String>> all() throws IOException {
        String file = "/vectors/xx-25519-aesgcm-sha256.txt";
        try (InputStream in = Objects.requireNonNull(NoiseVectorsTest.class.getResourceAsStream(file), file)) {
            String text = new String(in.readAllBytes(), US_ASCII);
            return Arrays.stream(text.split("\n\\s*\n"))
                    .map(NoiseVectorsTest::vector)
                    .toList();
        }
    }

    private static Map<String, String> vector(String block) {
        Map<String, String> vector = new HashMap<>();
        block.strip().lines().forEach(line -> {
            String[] parts = line.split("=", 2);
            vector.put(parts[0], parts[1]);
        });
        return vector;
    }

    private static byte[] bytes(Map<String, String> vector, String name) {
        return Hex.bytes(Objects.requireNonNull(vector.get(name), name));
    }

    private static NoiseSide side(Role role, Map<String, String> vector) {
        String name = role == Role.INITIATOR ? "init" : "resp";
        return NoiseSide.of(
                role, bytes(vector, name + "_static"), bytes(vector, "gen_" + name + "_ephemeral"), NOISE_NAME);
    }

    @Test
    void everyVectorIsRunOrHasAPrologue() throws IOException {
        assertThat(all())
                .hasSize(4)
                .allSatisfy(vector -> assertThat(vector).containsEntry("handshake", "Noise_XX_25519_AESGCM_SHA256"));
        assertThat(published()).hasSize(2);
        assertThat(all()).filteredOn(vector -> vector.containsKey("prologue")).hasSize(2);
    }

    @ParameterizedTest
    @MethodSource("published")
    void bothRolesMakeAndReadTheMessagesOfThePublishedVectors(Map<String, String> vector) {
        NoiseSide initiator = side(Role.INITIATOR, vector);
        NoiseSide responder = side(Role.RESPONDER, vector);

        for (int i = 0; i < 3; i++) {
            byte[] payload = bytes(vector, "msg_" + i + "_payload");
            byte[] message = bytes(vector, "msg_" + i + "_ciphertext");
            NoiseSide sender = i % 2 == 0 ? initiator : responder;
            NoiseSide receiver = i % 2 == 0 ? responder : initiator;
            assertThat(sender.write(payload)).isEqualTo(message);
            assertThat(receiver.read(message)).isEqualTo(payload);
            assertThat(receiver.hash()).isEqualTo(sender.hash());
        }
        assertThat(initiator.noise.remoteStatic()).isEqualTo(responder.staticKey.publicKey());
        assertThat(responder.noise.remoteStatic()).isEqualTo(initiator.staticKey.publicKey());
    }

    /** In Noise the initiator seals with k1, as the first of the two messages is, and the responder with k2. */
    @ParameterizedTest
    @MethodSource("published")
    void splitKeysSealThePublishedTransportMessagesInTheOppositeDirection(Map<String, String> vector) {
        NoiseSide initiator = side(Role.INITIATOR, vector);
        NoiseSide responder = side(Role.RESPONDER, vector);
        NoiseSide.handshake(initiator, responder); // payloads do not enter the keys
        SessionKeys initiators = initiator.noise.split();
        SessionKeys responders = responder.noise.split();

        assertSealsAndOpens(responders.sealing(), initiators.opening(), vector, "msg_3"); // k1
        assertSealsAndOpens(initiators.sealing(), responders.opening(), vector, "msg_4"); // k2
    }

    private static void assertSealsAndOpens(
            AeadKey sealing, AeadKey opening, Map<String, String> vector, String message) {
        byte[] plaintext = bytes(vector, message + "_payload");
        byte[] ciphertext = bytes(vector, message + "_ciphertext");

        byte[] sealed = Arrays.copyOf(plaintext, ciphertext.length);
        sealing.seal(0, NOTHING, sealed, 0, plaintext.length);
        assertThat(sealed).isEqualTo(ciphertext);

        byte[] opened = new byte[plaintext.length];
        assertThat(opening.open(0, NOTHING, ciphertext, 0, ciphertext.length, opened, 0))
                .isTrue();
        assertThat(opened).isEqualTo(plaintext);
    }

    @Test
    void beginsWithNameAsChainingKeyAndWithHashOfNameAndEmptyPrologue() { // secure channel, section 9, item 1
        NoiseSide side = NoiseSide.of(Role.INITIATOR, WorkedExample.INITIATOR_STATIC, NOTHING, NOISE_NAME);

        assertThat(side.hash()).isEqualTo("5df72b67b965add1168f0a6c756df21c204f7e64fc682be6a3ab4b682c8db64b");
        assertThat(side.vault.imported()).containsExactly(NOISE_NAME);
    }

    @Test
    void ockamsOwnNameNeedsNoPadding() { // secure channel, section 9, item 1
        NoiseSide side = NoiseSide.initiator();

        assertThat(side.hash()).isEqualTo(WorkedExample.HASH_AFTER_INIT);
        assertThat(side.vault.imported()).containsExactly("OCKAM_XX_25519_AES256_GCM_SHA256".getBytes(US_ASCII));
    }

    @Test
    void workedExampleWithPayloads() { // secure channel, section 9, item 2; secure channel, section 8.1
        assertWorkedExample(
                "test_msg_0",
                "358072d6365880d1aeea329adf9121383851ed21a28e3b75e965d0d2cd166254746573745f6d73675f30",
                "test_msg_1",
                """
                64b101b1d0be5a8704bd078f9895001fc03e8e9f9522f188dd128d9846d48466
                5393019dbd6f438795da206db0886610b26108e424142c2e9b5fd1f7ea70cde8
                c9f29dcec8d3ab554f4a5330657867fe4917917195c8cf360e08d6dc5f71baf8
                75ec6e3bfc7afda4c9c2
                """,
                "test_msg_2",
                """
                e610eadc4b00c17708bf223f29a66f02342fbedf6c0044736544b9271821ae40
                232c55cd96d1350af861f6a04978f7d5e070c07602c6b84d25a331242a71c50a
                e31dd4c164267fd48bd2
                """);
    }

    @Test
    void workedExampleWithoutPayloads() { // secure channel, section 9, item 2; secure channel, section 8.1
        assertWorkedExample("", "358072d6365880d1aeea329adf9121383851ed21a28e3b75e965d0d2cd166254", "", """
                64b101b1d0be5a8704bd078f9895001fc03e8e9f9522f188dd128d9846d48466
                5393019dbd6f438795da206db0886610b26108e424142c2e9b5fd1f7ea70cde8
                767ce62d7e3c0e9bcefe4ab872c0505b9e824df091b74ffe10a2b32809cab21f
                """, "", """
                e610eadc4b00c17708bf223f29a66f02342fbedf6c0044736544b9271821ae40
                e70144cecd9d265dffdc5bb8e051c3f83db32a425e04d8f510c58a43325fbc56
                """);
    }

    private static void assertWorkedExample(
            String payload1, String m1, String payload2, String m2, String payload3, String m3) {
        NoiseSide initiator = NoiseSide.of(
                Role.INITIATOR, WorkedExample.INITIATOR_STATIC, WorkedExample.INITIATOR_EPHEMERAL, NOISE_NAME);
        NoiseSide responder = NoiseSide.of(
                Role.RESPONDER, WorkedExample.RESPONDER_STATIC, WorkedExample.RESPONDER_EPHEMERAL, NOISE_NAME);

        assertThat(initiator.write(payload1.getBytes(US_ASCII))).isEqualTo(Hex.bytes(m1));
        assertThat(responder.read(Hex.bytes(m1))).isEqualTo(payload1.getBytes(US_ASCII));
        assertThat(responder.write(payload2.getBytes(US_ASCII))).isEqualTo(Hex.bytes(m2));
        assertThat(initiator.read(Hex.bytes(m2))).isEqualTo(payload2.getBytes(US_ASCII));
        assertThat(initiator.write(payload3.getBytes(US_ASCII))).isEqualTo(Hex.bytes(m3));
        assertThat(responder.read(Hex.bytes(m3))).isEqualTo(payload3.getBytes(US_ASCII));

        byte[] k1 = Hex.bytes("b1c674b6535fb1d208772a972cac2cbf04d6aa087cbbd3eb8558a1a3abcaa7fb");
        byte[] k2 = Hex.bytes("109c4b99ea3a4784ff55af5eed86c99e853f5a76d83ce437a9e3e27ede242a6a");
        assertKeys(initiator.noise.split(), k2, k1);
        assertKeys(responder.noise.split(), k1, k2);
    }

    @Test
    void fullHandshakeOfAliceAndBob() { // secure channel, section 9, item 3; secure channel, section 8.6
        NoiseSide alice = NoiseSide.initiator();
        NoiseSide bob = NoiseSide.responder();
        assertThat(bob.hash()).isEqualTo(WorkedExample.HASH_AFTER_INIT);

        assertThat(alice.write(NOTHING)).isEqualTo(WorkedExample.M1);
        assertThat(alice.hash()).isEqualTo(WorkedExample.HASH_AFTER_M1);
        assertThat(bob.read(WorkedExample.M1)).isEmpty();
        assertThat(bob.hash()).isEqualTo(WorkedExample.HASH_AFTER_M1);

        assertThat(bob.write(WorkedExample.PAYLOAD_2)).isEqualTo(WorkedExample.M2);
        assertThat(bob.hash()).isEqualTo(WorkedExample.HASH_AFTER_M2);
        assertThat(alice.read(WorkedExample.M2)).isEqualTo(WorkedExample.PAYLOAD_2);
        assertThat(alice.hash()).isEqualTo(WorkedExample.HASH_AFTER_M2);
        assertThat(alice.noise.remoteStatic()).isEqualTo(bob.staticKey.publicKey());

        assertThat(alice.write(WorkedExample.PAYLOAD_3)).isEqualTo(WorkedExample.M3);
        assertThat(alice.hash()).isEqualTo(WorkedExample.HASH_AFTER_M3);
        assertThat(bob.read(WorkedExample.M3)).isEqualTo(WorkedExample.PAYLOAD_3);
        assertThat(bob.hash()).isEqualTo(WorkedExample.HASH_AFTER_M3);
        assertThat(bob.noise.remoteStatic()).isEqualTo(alice.staticKey.publicKey());

        assertKeys(alice.noise.split(), WorkedExample.K2, WorkedExample.K1);
        assertKeys(bob.noise.split(), WorkedExample.K1, WorkedExample.K2);
    }

    private static void assertKeys(SessionKeys keys, byte[] sealing, byte[] opening) {
        RecordedHandshakesTest.assertKey(keys.sealing(), sealing);
        RecordedHandshakesTest.assertKey(keys.opening(), opening);
    }
}
