// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import static ockam.fixtures.Stages.done;
import static ockam.identity.IdentityTests.NOW;
import static ockam.identity.IdentityTests.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import ockam.identity.IdentityException.Reason;
import ockam.wire.Attributes;
import ockam.wire.Identifier;
import org.junit.jupiter.api.Test;

class InMemoryCredentialStoreTest {
    private final Forge forge = new Forge();
    private final ChangeHistory authority = forge.history(forge.ed25519(1));
    private final InMemoryCredentialStore store = InMemoryCredentialStore.create();

    private static Identifier identifier(int number) {
        return Identifier.parse("I" + "%064x".formatted(number));
    }

    private CredentialAndPurposeKey credential(Identifier subject, long createdAt, long expiresAt) {
        PurposeKeyAttestation attestation = forge.signed(
                new PurposeKeyAttestationData(
                                authority.identifier(),
                                authority.latest().hash(),
                                new PurposePublicKey.CredentialSigning(
                                        forge.ed25519(2).publicKey()),
                                new Timestamp(NOW),
                                new Timestamp(NOW + 1_000))
                        .encodeSigned(),
                forge.ed25519(1));
        CredentialData content = new CredentialData(
                subject, null, 1, Attributes.none(), new Timestamp(createdAt), new Timestamp(expiresAt));
        return new CredentialAndPurposeKey(forge.credential(content, forge.ed25519(2)), attestation);
    }

    private Optional<CredentialAndPurposeKey> found(Identifier subject, long seconds) {
        return done(store.find(subject, authority.identifier(), Instant.ofEpochSecond(seconds)));
    }

    @Test
    void hasTheLastOneToItsLastSecond() { // authority, section 7
        CredentialAndPurposeKey first = credential(identifier(1), NOW + 1, NOW + 20);
        CredentialAndPurposeKey last = credential(identifier(1), NOW, NOW + 10);

        assertThat(done(store.keep(first))).isTrue();
        assertThat(found(identifier(1), NOW)).contains(first);
        assertThat(done(store.keep(last))).isTrue();

        assertThat(found(identifier(1), NOW + 9)).contains(last);
        assertThat(found(identifier(1), NOW + 10)).isEmpty();
        assertThat(found(identifier(2), NOW)).isEmpty();
        assertThat(done(store.find(identifier(1), identifier(9), Instant.ofEpochSecond(NOW))))
                .as("of another authority")
                .isEmpty();
    }

    @Test
    void forgets() {
        done(store.keep(credential(identifier(1), NOW, NOW + 10)));

        assertThat(done(store.forget(identifier(1), authority.identifier()))).isTrue();
        assertThat(done(store.forget(identifier(1), authority.identifier()))).isFalse();
        assertThat(found(identifier(1), NOW)).isEmpty();
    }

    @Test
    void keepsThoseThatEndLast() {
        for (int i = 0; i < CredentialStore.MAX_KEPT; i++) {
            done(store.keep(credential(identifier(i), NOW, NOW + 10 + i)));
        }

        assertThat(done(store.keep(credential(identifier(10_000), NOW, NOW + 9))))
                .isFalse();
        assertThat(found(identifier(0), NOW)).isPresent();
        assertThat(done(store.keep(credential(identifier(10_000), NOW, NOW + 11))))
                .isTrue();
        assertThat(found(identifier(0), NOW)).isEmpty();
        assertThat(found(identifier(1), NOW)).isPresent();
    }

    @Test
    void refusesOneThatIsAboutNobody() {
        CredentialAndPurposeKey good = credential(identifier(1), NOW, NOW + 10);
        CredentialData nobody =
                new CredentialData(null, null, 1, Attributes.none(), new Timestamp(NOW), new Timestamp(NOW + 10));

        assertRefused(
                Reason.CREDENTIAL_WITHOUT_SUBJECT,
                store.keep(new CredentialAndPurposeKey(forge.credential(nobody, forge.ed25519(2)), good.purposeKey())));
        assertRefused(
                Reason.WRONG_DATA_TYPE,
                store.keep(new CredentialAndPurposeKey(
                        new Credential(
                                good.purposeKey().data(), good.credential().signature()),
                        good.purposeKey())));
    }
}
