// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import static ockam.fixtures.ExampleIdentities.filled;
import static ockam.identity.IdentityTests.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.util.ByteString;
import java.util.Collections;
import java.util.List;
import ockam.fixtures.Hex;
import ockam.vault.SigningKey;
import ockam.vault.X25519PublicKey;
import ockam.wire.CborWriter;
import ockam.wire.DecodeFailure;
import ockam.wire.Decoded;
import org.junit.jupiter.api.Test;

/** The handshake payload (secure channel, sections 2.6 and 4.10). */
class IdentityAndCredentialsTest {
    private final Forge forge = new Forge();
    private final SigningKey key = forge.p256(1);
    private final ChangeHistory history = forge.history(forge.ed25519(2), key);
    private final PurposeKeyAttestation attestation = forge.attestation(
            history, key, new PurposePublicKey.SecureChannelStatic(X25519PublicKey.of(filled(5))), NOW, NOW + 1);
    private final CredentialAndPurposeKey credential =
            new CredentialAndPurposeKey(new Credential(Hex.string("00ff"), attestation.signature()), attestation);

    private ByteString encoded(int elements, CborWriter third) {
        CborWriter writer = CborWriter.create(1024).array(elements);
        history.writeTo(writer);
        attestation.writeTo(writer);
        return writer.raw(third.toByteString()).toByteString();
    }

    private static void assertUndecodable(DecodeFailure.Reason reason, ByteString payload) {
        assertThat(IdentityAndCredentials.decode(payload))
                .isInstanceOfSatisfying(
                        Decoded.Failure.class,
                        refused -> assertThat(refused.failure().reason()).isEqualTo(reason));
    }

    @Test
    void survivesEncoding() {
        for (int count : new int[] {0, 1, IdentityAndCredentials.MAX_CREDENTIALS}) {
            var shown = new IdentityAndCredentials(history, attestation, Collections.nCopies(count, credential));

            ByteString payload = shown.encode();

            assertThat(IdentityAndCredentials.decode(payload).orElseThrow()).isEqualTo(shown);
            assertThat(IdentityAndCredentials.decode(payload).orElseThrow().encode())
                    .isEqualTo(payload);
        }
    }

    @Test
    void endsInEmptyListWithoutCredentials() {
        ByteString payload = new IdentityAndCredentials(history, attestation, List.of()).encode();

        assertThat(payload).isEqualTo(encoded(3, CborWriter.create(1).array(0)));
    }

    @Test
    void refusesAbsentListOfCredentials() {
        assertUndecodable(DecodeFailure.Reason.WRONG_LENGTH, encoded(2, CborWriter.create(0)));
        assertUndecodable(
                DecodeFailure.Reason.UNEXPECTED_TYPE,
                encoded(3, CborWriter.create(1).nul()));
    }

    @Test
    void refusesMoreCredentialsThanAllowed() {
        var seventeen = Collections.nCopies(IdentityAndCredentials.MAX_CREDENTIALS + 1, credential);
        CborWriter list = CborWriter.create(1024).list(seventeen, CredentialAndPurposeKey::writeTo);

        assertUndecodable(DecodeFailure.Reason.TOO_MANY, encoded(3, list));
        assertThatThrownBy(() -> new IdentityAndCredentials(history, attestation, seventeen))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesHistoryWithoutChanges() { // secure channel, section 9, item 22
        CborWriter writer = CborWriter.create(512).array(3).array(0);
        attestation.writeTo(writer);

        assertUndecodable(DecodeFailure.Reason.INVALID_VALUE, writer.array(0).toByteString());
        assertThat(ChangeHistory.decode(CborWriter.create(1).array(0).toByteString())
                        .isValue())
                .isFalse();
    }

    @Test
    void refusesPayloadThatDoesNotFitIntoANoiseMessage() {
        ByteString valid = encoded(3, CborWriter.create(1).array(0));
        ByteString padded =
                valid.concat(ByteString.fromArray(new byte[IdentityAndCredentials.MAX_LENGTH - valid.length()]));

        assertThat(IdentityAndCredentials.decode(padded).isValue()).isTrue();
        assertUndecodable(DecodeFailure.Reason.TOO_LONG, padded.concat(Hex.string("00")));
    }

    @Test
    void encodesNoPayloadThatDoesNotFitIntoANoiseMessage() {
        var big = new CredentialAndPurposeKey(
                new Credential(
                        ByteString.fromArray(new byte[IdentityAndCredentials.MAX_LENGTH]), attestation.signature()),
                attestation);

        assertThatThrownBy(() -> new IdentityAndCredentials(history, attestation, List.of(big)).encode())
                .isInstanceOfSatisfying(
                        IdentityException.class,
                        e -> assertThat(e.reason()).isEqualTo(IdentityException.Reason.PAYLOAD_TOO_LONG));
    }

    @Test
    void doesNotKeepTheWholeMessageForStoredHistory() {
        ByteString message = new IdentityAndCredentials(history, attestation, List.of()).encode();
        ChangeHistory received =
                IdentityAndCredentials.decode(message).orElseThrow().changeHistory();

        ChangeHistory detached = received.detached();

        assertThat(detached).isEqualTo(received);
        assertThat(received.changes()).noneMatch(change -> change.data().isCompact());
        assertThat(detached.changes()).allMatch(change -> change.data().isCompact());
    }

    @Test
    void printsNoBytesOfPeers() {
        var shown = new IdentityAndCredentials(history, attestation, List.of(credential));

        assertThat(shown.toString())
                .contains(history.identifier().toString(), "2 changes", "Credential(2 bytes)")
                .doesNotContain(Hex.of(history.latest().data()));
    }
}
