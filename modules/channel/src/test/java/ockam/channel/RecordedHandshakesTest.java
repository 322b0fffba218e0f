// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import static ockam.fixtures.Stages.done;
import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import ockam.fixtures.Hex;
import ockam.identity.ChangeHistory;
import ockam.identity.CredentialAndPurposeKey;
import ockam.identity.HistoryLimits;
import ockam.identity.Identities;
import ockam.identity.IdentityAndCredentials;
import ockam.identity.InMemoryIdentityRepository;
import ockam.identity.PeerTerms;
import ockam.identity.PurposeKeyAttestation;
import ockam.vault.AeadKey;
import ockam.vault.KeyCounts;
import ockam.vault.SoftwareVault;
import ockam.vault.X25519PublicKey;
import ockam.wire.Address;
import ockam.wire.Decoded;
import ockam.wire.Identifier;
import ockam.wire.Route;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What was recorded with a live Rust peer comes out again, byte for byte, with the recorded keys put in. */
class RecordedHandshakesTest {
    private static final int FRAMES = 141;
    private static final List<String> MESSAGES = List.of("m1", "m2", "m3");

    static Stream<Named<JsonNode>> recordings() throws IOException {
        return Stream.of(
                Named.of("initiator", read("/vectors/live-handshake-initiator.json")),
                Named.of("responder", read("/vectors/live-handshake-responder.json")));
    }

    private static JsonNode read(String name) throws IOException {
        try (InputStream file = Objects.requireNonNull(RecordedHandshakesTest.class.getResourceAsStream(name), name)) {
            return new ObjectMapper().readTree(file);
        }
    }

    private static String text(JsonNode entry, String field) {
        return entry.required(field).textValue();
    }

    private static byte[] bytes(JsonNode entry, String field) {
        return Hex.bytes(text(entry, field));
    }

    private static ByteString byteString(JsonNode entry, String field) {
        return ByteString.fromArray(bytes(entry, field));
    }

    private static Route route(JsonNode entry, String field) {
        List<Address> addresses = new ArrayList<>();
        entry.required(field).forEach(address -> addresses.add(Address.parse(address.textValue())));
        return Route.of(addresses);
    }

    private static boolean isSent(JsonNode entry) {
        return switch (text(entry, "direction")) {
            case "sent" -> true;
            case "received" -> false;
            default -> throw new AssertionError(entry);
        };
    }

    private static NoiseSide ours(JsonNode recording) {
        JsonNode ours = recording.required("ours");
        NoiseSide side = NoiseSide.of(
                Role.valueOf(text(recording, "role").toUpperCase(Locale.ROOT)),
                bytes(ours, "static_private"),
                bytes(ours, "ephemeral_private"));
        assertThat(side.staticKey.publicKey()).isEqualTo(X25519PublicKey.of(bytes(ours, "static_public")));
        return side;
    }

    /** Our side of the handshake, up to its end. */
    private static NoiseSide replayed(JsonNode recording) {
        NoiseSide ours = ours(recording);
        for (String name : MESSAGES) {
            JsonNode message = recording.required(name);
            if (isSent(message)) {
                ours.write(bytes(message, "noise_payload"));
            } else {
                ours.read(bytes(message, "bytes"));
            }
        }
        return ours;
    }

    /** Looks at a key through what it opens, which leaves its nonces alone. */
    static void assertKey(AeadKey key, byte[] expected) {
        byte[] plaintext = {1, 2, 3};
        byte[] frame = PlainFrames.frame(expected, 7, plaintext);
        byte[] opened = new byte[plaintext.length];
        assertThat(key.open(7, Frames.NO_AAD, frame, 8, frame.length - 8, opened, 0))
                .as("the key is another one")
                .isTrue();
        assertThat(opened).isEqualTo(plaintext);
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void ownMessagesComeOutByteForByteAndThoseOfRustAreRead(JsonNode recording) {
        NoiseSide ours = ours(recording);
        JsonNode hashes = recording.required("handshake_hash");
        assertThat(text(recording, "protocol_name")).isEqualTo(NoiseHandshake.PROTOCOL_NAME);
        assertThat(ours.hash()).isEqualTo(text(hashes, "init"));

        for (String name : MESSAGES) {
            JsonNode message = recording.required(name);
            byte[] payload = bytes(message, "noise_payload");
            byte[] onTheWire = bytes(message, "bytes");
            if (isSent(message)) {
                assertThat(ours.write(payload)).as(name).isEqualTo(onTheWire);
            } else {
                assertThat(ours.read(onTheWire)).as(name).isEqualTo(payload);
            }
            assertThat(ours.hash()).as(name).isEqualTo(text(hashes, "after_" + name));
        }
        assertThat(ours.noise.remoteStatic())
                .isEqualTo(X25519PublicKey.of(bytes(recording.required("peer"), "static_public")));
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void splitKeysAreTheRecordedOnes(JsonNode recording) {
        SessionKeys keys = replayed(recording).noise.split();
        boolean initiator = text(recording, "role").equals("initiator");

        assertKey(keys.sealing(), bytes(recording, initiator ? "k2" : "k1"));
        assertKey(keys.opening(), bytes(recording, initiator ? "k1" : "k2"));
        assertRekeyed(keys.sealing(), recording.required("encrypt_keys"));
        assertRekeyed(keys.opening(), recording.required("decrypt_keys"));
    }

    private static void assertRekeyed(AeadKey first, JsonNode expected) {
        assertThat(expected).hasSize(3);
        AeadKey key = first;
        for (JsonNode each : expected) {
            assertKey(key, Hex.bytes(each.textValue()));
            key = key.rekey();
        }
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void framesComeOutByteForByteAndThoseOfRustAreOpened(JsonNode recording) {
        NoiseSide ours = replayed(recording);
        SessionKeys keys = ours.noise.split();
        FrameSealer sealer = new FrameSealer(keys.sealing());
        FrameOpener opener = new FrameOpener(keys.opening(), ChannelTests.noCatchUp());

        List<byte[]> received = new ArrayList<>();
        for (JsonNode entry : recording.required("frames")) {
            byte[] plaintext = bytes(entry, "plaintext");
            byte[] frame = bytes(entry, "frame");
            if (isSent(entry)) {
                assertThat(sealed(sealer, plaintext)).isEqualTo(frame);
            } else {
                assertThat(Frames.nonceOf(frame))
                        .isEqualTo(entry.required("nonce").longValue());
                assertThat(opener.open(frame)).isEqualTo(plaintext);
                received.add(frame);
            }
        }

        assertThat(recording.required("frames")).hasSize(FRAMES);
        assertThat(received)
                .hasSizeBetween(70, 71)
                .allSatisfy(frame -> assertThat(opener.open(frame)).isNull());
        assertThat(ours.vault.keys.keyCounts()).isEqualTo(new KeyCounts(1, 0, 0, 3)); // one more: the previous key
        sealer.erase();
        opener.erase();
        ours.vault.assertOnlyStaticKey();
    }

    private static byte[] sealed(FrameSealer sealer, byte[] plaintext) {
        byte[] frame = new byte[plaintext.length + Frames.OVERHEAD];
        System.arraycopy(plaintext, 0, frame, Frames.NONCE_LENGTH, plaintext.length);
        sealer.seal(frame);
        return frame;
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void plaintextsSayWhatWasRecordedAndAreEncodedTheSameAgain(JsonNode recording) {
        int unpadded = 0;
        int padded = 0;
        int closes = 0;
        for (JsonNode entry : recording.required("frames")) {
            byte[] plaintext = bytes(entry, "plaintext");
            ChannelMessage message = decoded(plaintext);
            switch (text(entry, "kind")) {
                case "payload" ->
                    assertThat(message)
                            .isEqualTo(new ChannelMessage.Payload(
                                    route(entry, "inner_onward_route"),
                                    route(entry, "inner_return_route"),
                                    byteString(entry, "inner_payload")));
                case "close" -> {
                    assertThat(message).isEqualTo(ChannelMessage.Close.INSTANCE);
                    closes++;
                }
                default -> throw new AssertionError(entry);
            }
            byte[] again = new byte[message.encodedSize()];
            message.writeTo(again, 0);
            if (again.length == plaintext.length) {
                assertThat(again).isEqualTo(plaintext);
                unpadded++;
            } else { // all but the padding at the end
                int length = again.length - 1;
                assertThat(Arrays.copyOf(again, length)).isEqualTo(Arrays.copyOf(plaintext, length));
                assertThat(isSent(entry)).as("only this side pads").isTrue();
                padded++;
            }
        }
        assertThat(unpadded + padded).isEqualTo(FRAMES);
        assertThat(padded).isBetween(13, 60);
        assertThat(closes).isEqualTo(1);
    }

    private static ChannelMessage decoded(byte[] plaintext) {
        Decoded<ChannelMessage> decoded = ChannelMessage.decode(plaintext);
        assertThat(decoded.isValue()).as(decoded.toString()).isTrue();
        return decoded.orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void payloadsOfTheHandshakeAreTheEncodingOfTheRecordedParts(JsonNode recording) {
        boolean initiator = text(recording, "role").equals("initiator");
        assertThat(shown(recording.required("ours")).encode())
                .isEqualTo(byteString(recording.required(initiator ? "m3" : "m2"), "noise_payload"));
        assertThat(shown(recording.required("peer")).encode())
                .isEqualTo(byteString(recording.required(initiator ? "m2" : "m3"), "noise_payload"));
    }

    private static IdentityAndCredentials shown(JsonNode party) {
        List<CredentialAndPurposeKey> credentials = new ArrayList<>();
        party.required("credentials")
                .forEach(credential -> credentials.add(
                        CredentialAndPurposeKey.decode(ByteString.fromArray(Hex.bytes(credential.textValue())))
                                .orElseThrow()));
        return new IdentityAndCredentials(
                ChangeHistory.decode(byteString(party, "change_history")).orElseThrow(),
                PurposeKeyAttestation.decode(byteString(party, "attestation")).orElseThrow(),
                credentials);
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void peerIsWhoItWasWhenItWasRecorded(JsonNode recording) {
        NoiseSide ours = replayed(recording);
        boolean initiator = text(recording, "role").equals("initiator");
        JsonNode message = recording.required(initiator ? "m2" : "m3");
        Clock clock =
                Clock.fixed(Instant.ofEpochSecond(recording.required("now").longValue()), ZoneOffset.UTC);
        Identities identities =
                Identities.create(SoftwareVault.create(Runnable::run), InMemoryIdentityRepository.create(), clock);

        IdentityAndCredentials received = IdentityAndCredentials.decode(byteString(message, "noise_payload"))
                .orElseThrow();

        assertThat(received.credentials())
                .hasSize(recording.required("peer").required("credentials").size());
        PeerTerms terms = new PeerTerms(
                false, new HistoryLimits(64, 4096), identities.vault().verifying());
        assertThat(done(identities.verifyPeer(received, ours.noise.remoteStatic(), terms))
                        .identifier())
                .isEqualTo(Identifier.parse(text(recording.required("peer"), "identifier")));
    }
}
