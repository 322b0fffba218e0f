// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import static ockam.fixtures.ExampleIdentities.filled;
import static ockam.fixtures.Stages.done;
import static ockam.fixtures.Stages.failureOf;
import static ockam.identity.IdentityException.Reason.*;
import static ockam.identity.IdentityTests.NOW;
import static ockam.identity.IdentityTests.assertRefused;
import static ockam.identity.IdentityTests.identitiesAt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.util.ByteString;
import java.time.Duration;
import java.util.List;
import ockam.identity.IdentityRepository.Retention;
import ockam.vault.SignatureAlgorithm;
import ockam.vault.SigningKey;
import ockam.vault.SoftwareVault;
import ockam.vault.VaultException;
import ockam.wire.Identifier;
import ockam.wire.WireException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The identities of a node: created, loaded, rotated. */
class IdentitiesTest {
    private final SoftwareVault vault = SoftwareVault.create(Runnable::run);
    private final InMemoryIdentityRepository repository = InMemoryIdentityRepository.create();
    private final Identities identities = identitiesAt(NOW, vault, repository);
    private final Identities strangers =
            identitiesAt(NOW, SoftwareVault.create(Runnable::run), InMemoryIdentityRepository.create());

    @ParameterizedTest
    @EnumSource
    void createsIdentityThatOthersCanVerify(SignatureAlgorithm algorithm) { // secure channel, section 9, item 24
        Identity identity = done(identities.create(IdentityOptions.defaults().withSignatureAlgorithm(algorithm)));

        assertThat(done(strangers.importHistory(identity.export(), identity.identifier())))
                .isEqualTo(identity.identifier());
        assertThat(identity.changeHistory().latest().content().publicKey().algorithm())
                .isEqualTo(algorithm);
        assertThat(done(identities.rotate(identity))
                        .changeHistory()
                        .latest()
                        .content()
                        .publicKey()
                        .algorithm())
                .isEqualTo(algorithm);
    }

    @Test
    void createsByDefaultAnEd25519KeyForTenYears() {
        ChangeData content = done(identities.create()).changeHistory().latest().content();

        assertThat(content.publicKey().algorithm()).isEqualTo(SignatureAlgorithm.ED25519);
        assertThat(content.validFrom()).isEqualTo(new Timestamp(NOW));
        assertThat(content.validUntil()).isEqualTo(new Timestamp(NOW + 10L * 365 * 86_400));
        assertThat(content.previousChange()).isEmpty();
        assertThat(content.revokesPurposeKeys()).isFalse();
    }

    @Test
    void createsTheRequestedValidity() {
        IdentityOptions options = IdentityOptions.defaults().withKeyLifetime(Duration.ofHours(1));

        Identity identity = done(identities.create(options));
        Identity rotated = done(identitiesAt(NOW + 60, vault, repository).rotate(identity));

        assertThat(identity.changeHistory().latest().content().validUntil()).isEqualTo(new Timestamp(NOW + 3600));
        assertThat(rotated.changeHistory().latest().content().validUntil()).isEqualTo(new Timestamp(NOW + 3660));
    }

    @Test
    void loadsIdentity() {
        Identity identity = done(identities.create());
        Identities afterRestart = identitiesAt(NOW, vault, repository);

        Identity found = done(afterRestart.identity(identity.identifier()));

        assertThat(found.changeHistory()).isEqualTo(identity.changeHistory());
        assertThat(found.identities()).isSameAs(afterRestart);
        assertThat(found).hasToString(identity.identifier().toString());
        assertThat(found.export()).isEqualTo(identity.changeHistory().export());
    }

    @Test
    void refusesIdentityOfOthers() {
        Identity stranger = done(strangers.create());
        done(identities.importHistory(stranger.export()));

        assertRefused(UNKNOWN_IDENTITY, identities.identity(stranger.identifier()));
        assertRefused(UNKNOWN_IDENTITY, identities.rotate(stranger));
        assertRefused(UNKNOWN_IDENTITY, identities.secureChannelKey(stranger));
    }

    @Test
    void refusesOwnRecordWhoseHistoryDoesNotVerify() {
        Forge forge = new Forge();
        SigningKey key = forge.ed25519(1);
        Change change = forge.first(key);
        Change forged = new Change(change.data(), forge.sign(forge.ed25519(2), change.data()), null);
        done(repository.storeOwn(OwnIdentity.create(Forge.of(forged), key, IdentityOptions.defaults())));

        assertRefused(SIGNATURE_INVALID, identities.identity(change.hash().toIdentifier()));
    }

    @Test
    void importsIdentityWhoseKeyIsInTheVault() {
        Forge forge = new Forge();
        SigningKey key = vault.importSigningKey(SignatureAlgorithm.P256, filled(7));
        ChangeHistory history = Forge.of(forge.first(forge.p256(7)));

        done(repository.storeOwn(OwnIdentity.create(history, key, IdentityOptions.defaults())));

        Identity identity = done(identities.identity(history.identifier()));
        assertThat(done(identities.rotate(identity)).changeHistory().changes()).hasSize(2);
        assertThatThrownBy(() -> OwnIdentity.create(history, forge.ed25519(1), IdentityOptions.defaults()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void keepsIdentifierWhenRotated() { // secure channel, section 9, item 25
        Identity identity = done(identities.create());

        Identity rotated = done(identities.rotate(identity));

        assertThat(rotated.identifier()).isEqualTo(identity.identifier());
        assertThat(rotated.changeHistory().changes())
                .startsWith(identity.changeHistory().latest())
                .hasSize(2);
        assertThat(rotated.changeHistory().latest().content().publicKey())
                .isNotEqualTo(identity.changeHistory().latest().content().publicKey());
        assertThat(done(identities.history(identity.identifier()))).contains(rotated.changeHistory());
    }

    @Test
    void deletesOldPrivateKeyWhenRotated() { // secure channel, section 9, item 25
        Identity identity = done(identities.create());
        SigningKey oldKey =
                done(repository.own(identity.identifier())).orElseThrow().key();

        done(identities.rotate(identity));

        assertThat(vault.keyCounts().signingKeys()).isEqualTo(1);
        assertThat(failureOf(vault.sign(oldKey, new byte[32])))
                .isInstanceOfSatisfying(
                        VaultException.class, e -> assertThat(e.reason()).isEqualTo(VaultException.Reason.UNKNOWN_KEY));
    }

    @Test
    void othersFollowSeveralRotations() { // secure channel, section 9, item 20
        Identity identity = done(identities.create());
        done(strangers.importHistory(identity.export()));
        for (int i = 0; i < 5; i++) {
            identity = done(identities.rotate(identity));
            done(strangers.importHistory(identity.export()));
        }

        assertThat(done(strangers.history(identity.identifier())).orElseThrow().changes())
                .hasSize(6);
    }

    @Test
    void rotatesThroughAnOutdatedHandle() {
        Identity first = done(identities.create());
        done(identities.rotate(first));

        Identity third = done(identities.rotate(first));

        assertThat(third.changeHistory().changes()).hasSize(3);
        assertThat(first.changeHistory().changes()).hasSize(1);
    }

    @Test
    void validityNeverGoesBackWhenTheClockDoes() {
        Identity identity = done(identities.create());

        Identity rotated = done(identitiesAt(NOW - 1000, vault, repository).rotate(identity));

        assertThat(rotated.changeHistory().latest().content().validFrom()).isEqualTo(new Timestamp(NOW));
        assertThat(done(strangers.importHistory(rotated.export()))).isEqualTo(identity.identifier());
    }

    @Test
    void noticesThatIdentityWasRotatedElsewhere() {
        Forge elsewhere = new Forge();
        SigningKey key = vault.importSigningKey(SignatureAlgorithm.ED25519, filled(1));
        done(repository.storeOwn(
                OwnIdentity.create(elsewhere.history(elsewhere.ed25519(1)), key, IdentityOptions.defaults())));
        ChangeHistory rotated = elsewhere.history(elsewhere.ed25519(1), elsewhere.ed25519(2));
        Identity identity = done(identities.identity(rotated.identifier()));

        done(repository.update(rotated, Retention.EVICTABLE));

        assertRefused(ROTATED_ELSEWHERE, identities.identity(rotated.identifier()));
        assertRefused(ROTATED_ELSEWHERE, identities.rotate(identity));
        assertRefused(ROTATED_ELSEWHERE, identities.secureChannelKey(identity));
        assertThat(vault.keyCounts().signingKeys()).isEqualTo(1);
    }

    @Test
    void rotatesSixtyThreeTimesAndNoMore() {
        Identity identity =
                done(identities.create(IdentityOptions.defaults().withSignatureAlgorithm(SignatureAlgorithm.P256)));
        for (int i = 0; i < 63; i++) {
            identity = done(identities.rotate(identity));
        }
        assertThat(identity.changeHistory().changes()).hasSize(64);

        assertRefused(HISTORY_TOO_LONG, identities.rotate(identity));

        assertThat(done(identities.history(identity.identifier()))).contains(identity.changeHistory());
        assertThat(vault.keyCounts().signingKeys()).as("none is left behind").isEqualTo(1);
        SecureChannelKey channelKey = done(identities.secureChannelKey(identity));
        assertThat(channelKey.show(List.of()).encode().length()).isLessThan(IdentityAndCredentials.MAX_LENGTH / 2);
        assertThat(done(strangers.importHistory(identity.export()))).isEqualTo(identity.identifier());
    }

    @Test
    void printsAndParsesIdentifiers() { // secure channel, section 9, item 18
        Identifier identifier = done(identities.create()).identifier();
        String text = identifier.toString();

        assertThat(Identifier.parse("  " + text + " ")).isEqualTo(identifier);
        assertThat(text).matches("I[0-9a-f]{64}");
        for (String wrong :
                List.of(text.substring(1), "J" + text.substring(1), text + "00", text.replaceAll(".$", "g"))) {
            assertThatThrownBy(() -> Identifier.parse(wrong)).isInstanceOf(WireException.class);
        }
    }

    @Test
    void refusesInputThatIsNotAHistory() {
        assertRefused(MALFORMED, identities.importHistory(ByteString.emptyByteString()));
        assertRefused(MALFORMED, identities.importHistory(ByteString.fromString("hello")));
    }
}
