// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import static ockam.fixtures.ExampleIdentities.filled;
import static ockam.fixtures.Stages.done;
import static ockam.identity.IdentityTests.NOW;
import static ockam.identity.IdentityTests.flipped;
import static ockam.identity.IdentityTests.identitiesAt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;

import akka.util.ByteString;
import java.util.List;
import java.util.function.Function;
import ockam.fixtures.Hex;
import ockam.vault.SigningKey;
import ockam.vault.X25519PublicKey;
import ockam.wire.Cbor;
import ockam.wire.Decoded;
import org.junit.jupiter.api.Test;

/** Regardless of the input, decoders return a result and never throw, and nothing altered is ever accepted as genuine. */
class DecodersProperties {
    private final Forge forge = new Forge();
    private final SigningKey key = forge.ed25519(1);
    private final SigningKey p256 = forge.p256(2);
    private final ChangeHistory history = forge.history(p256, key);
    private final X25519PublicKey proved = X25519PublicKey.of(filled(5));
    private final PurposeKeyAttestation attestation =
            forge.attestation(history, key, new PurposePublicKey.SecureChannelStatic(proved), NOW, NOW + 100);
    private final CredentialAndPurposeKey credential =
            new CredentialAndPurposeKey(new Credential(Hex.string("00ff"), attestation.signature()), attestation);
    private final ByteString payload = new IdentityAndCredentials(history, attestation, List.of(credential)).encode();

    private static final List<Function<ByteString, Decoded<?>>> DECODERS = List.of(
            ChangeHistory::decode,
            PurposeKeyAttestation::decode,
            CredentialAndPurposeKey::decode,
            IdentityAndCredentials::decode,
            VersionedData::decode,
            DecodersProperties::credentialContent);

    /** Reads the content of a credential as its verifier does. */
    private static Decoded<?> credentialContent(ByteString bytes) {
        return Cbor.decode(bytes, IdentityCbor.LIMITS, CredentialData::readFrom);
    }

    private static void feedAll(ByteString bytes) {
        for (Function<ByteString, Decoded<?>> decoder : DECODERS) {
            assertThat(decoder.apply(bytes)).isNotNull();
        }
    }

    /** Returns whether a peer that shows these bytes is accepted; nothing is thrown in either case. */
    private boolean accepts(ByteString received) {
        feedAll(received);
        if (!(IdentityAndCredentials.decode(received) instanceof Decoded.Value<IdentityAndCredentials> decoded)) {
            return false;
        }
        Identities identities = identitiesAt(NOW, forge.vault, InMemoryIdentityRepository.create());
        return done(identities
                .verifyPeer(decoded.value(), proved, IdentityTests.terms(forge.vault))
                .handle((peer, failure) -> {
                    if (failure != null) {
                        assertThat(failure).isInstanceOf(IdentityException.class);
                        return false;
                    }
                    assertThat(peer.identifier()).isEqualTo(history.identifier());
                    return true;
                }));
    }

    /** If the bytes are accepted, everything signed must be unchanged. */
    private void assertOnlyGenuineIsAccepted(ByteString received) {
        if (accepts(received)) {
            IdentityAndCredentials shown =
                    IdentityAndCredentials.decode(received).orElseThrow();
            assertThat(shown.changeHistory().changes().stream().map(Change::data))
                    .isEqualTo(history.changes().stream().map(Change::data).toList());
            assertThat(shown.attestation().data()).isEqualTo(attestation.data());
        }
    }

    @Test
    void truncatedInputIsRefused() {
        for (ByteString whole : List.of(
                history.export(),
                attestation.encode(),
                credential.encode(),
                payload,
                history.latest().data())) {
            for (int length = 0; length < whole.length(); length++) {
                feedAll(whole.take(length));
            }
        }
        for (int length = 0; length < payload.length(); length++) {
            assertThat(IdentityAndCredentials.decode(payload.take(length)).isValue())
                    .isFalse();
        }
        for (int length = 0; length < history.export().length(); length++) {
            assertThat(ChangeHistory.decode(history.export().take(length)).isValue())
                    .isFalse();
        }
    }

    @Test
    void randomBytesNeverThrow() {
        qt().withExamples(2_000)
                .forAll(lists().of(integers().between(0, 255)).ofSizeBetween(0, 300))
                .check(numbers -> {
                    byte[] bytes = new byte[numbers.size()];
                    for (int i = 0; i < bytes.length; i++) {
                        bytes[i] = numbers.get(i).byteValue();
                    }
                    feedAll(ByteString.fromArray(bytes));
                    return true;
                });
    }

    @Test
    void genuineInputIsAccepted() {
        assertThat(accepts(payload)).isTrue();
    }

    @Test
    void nothingSignedCanBeAltered() {
        for (int index = 0; index < payload.length(); index++) {
            assertOnlyGenuineIsAccepted(flipped(payload, index));
        }
    }

    @Test
    void nothingSignedCanBeAlteredInSeveralPlaces() {
        qt().withExamples(1_000)
                .forAll(
                        lists().of(integers().between(0, payload.length() - 1)).ofSizeBetween(1, 4),
                        integers().allPositive())
                .check((places, number) -> {
                    byte[] bytes = payload.toArray();
                    for (int place : places) {
                        bytes[place] = (byte) (number >>> (place % 24));
                    }
                    assertOnlyGenuineIsAccepted(ByteString.fromArray(bytes));
                    return true;
                });
    }

    @Test
    void everyHistorySurvivesEncoding() {
        qt().withExamples(50)
                .forAll(lists().of(integers().between(1, 200)).ofSizeBetween(1, 8))
                .check(seeds -> {
                    SigningKey[] keys = seeds.stream()
                            .map(seed -> seed % 2 == 0 ? forge.ed25519(seed) : forge.p256(seed))
                            .toArray(SigningKey[]::new);
                    ChangeHistory made = forge.history(keys);
                    ChangeHistory decoded = ChangeHistory.decode(made.export()).orElseThrow();
                    return decoded.equals(made)
                            && decoded.export().equals(made.export())
                            && decoded.identifier().equals(made.identifier())
                            && decoded.compareWith(made) == Comparison.EQUAL;
                });
    }
}
