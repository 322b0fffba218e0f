// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import static ockam.fixtures.ExampleIdentities.filled;
import static ockam.fixtures.Stages.done;
import static ockam.fixtures.Stages.failureOf;
import static ockam.identity.IdentityException.Reason.KEY_NOT_VALID_NOW;
import static ockam.identity.IdentityException.Reason.ROTATED_ELSEWHERE;
import static ockam.identity.IdentityException.Reason.UNKNOWN_IDENTITY;
import static ockam.identity.IdentityException.Reason.VALIDITY_TOO_LONG;
import static ockam.identity.IdentityTests.NOW;
import static ockam.identity.IdentityTests.assertRefused;
import static ockam.identity.IdentityTests.identitiesAt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;
import static org.quicktheories.generators.SourceDSL.longs;

import akka.util.ByteString;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import ockam.identity.IdentityRepository.Retention;
import ockam.vault.SignatureAlgorithm;
import ockam.vault.SigningKey;
import ockam.vault.VaultException;
import ockam.wire.Attributes;
import ockam.wire.Identifier;
import org.junit.jupiter.api.Test;

class CredentialIssuingTest {
    private static final long DAY = 86_400;
    private static final Duration MONTH = Duration.ofDays(30);
    private static final Attributes MEMBER = Attributes.ofTexts(Map.of("role", "member"));
    private static final Identifier SUBJECT = Identifier.parse("I" + "0a".repeat(32));

    private final ScriptedVault vault = new ScriptedVault();
    private final InMemoryIdentityRepository repository = InMemoryIdentityRepository.create();
    private final Identities identities = at(NOW);

    private Identities at(long seconds) {
        return identitiesAt(seconds, vault, repository);
    }

    private static CredentialOptions forAMonth() {
        return CredentialOptions.of(SUBJECT, MEMBER, MONTH);
    }

    private static CredentialData content(CredentialAndPurposeKey issued) {
        return issued.credential().content();
    }

    /** Issued and verified at the same moment. */
    private AttestedAttributes issuedAt(long seconds, Identity authority, CredentialOptions options) {
        Identities then = at(seconds);
        CredentialAndPurposeKey issued = done(then.issueCredential(authority, options));
        return done(then.verifyCredential(issued, options.subject(), Set.of(authority.identifier())));
    }

    @Test
    void saysWhatItIsToldFromNowOn() {
        Identity authority = done(identities.create());

        AttestedAttributes said = issuedAt(NOW, authority, forAMonth().withSchema(-1));

        assertThat(said)
                .isEqualTo(new AttestedAttributes(
                        SUBJECT,
                        authority.identifier(),
                        authority.changeHistory().latest().hash(),
                        -1,
                        MEMBER,
                        new Timestamp(NOW),
                        new Timestamp(NOW + MONTH.toSeconds())));
        assertThat(forAMonth().schema()).isEqualTo(1);
    }

    @Test
    void namesTheLatestChangeOfASubjectThatIsKnown() {
        Identity authority = done(identities.create());
        Identity subject = done(identities.rotate(done(identities.create())));

        CredentialData aboutKnown = content(
                done(identities.issueCredential(authority, CredentialOptions.of(subject.identifier(), MEMBER, MONTH))));
        CredentialData aboutUnknown = content(done(identities.issueCredential(authority, forAMonth())));

        assertThat(aboutKnown.subjectLatestChange())
                .contains(subject.changeHistory().latest().hash());
        assertThat(aboutUnknown.subjectLatestChange()).isEmpty();
    }

    @Test
    void isTheSameWithinASecond() { // authority, section 4
        Identity authority = done(identities.create());

        assertThat(done(identities.issueCredential(authority, forAMonth())))
                .isEqualTo(done(identities.issueCredential(authority, forAMonth())));
    }

    @Test
    void takesANewKeyBeforeTheCredentialWouldOutliveIt() { // authority, section 10, item 24
        Identity authority =
                done(identities.create(IdentityOptions.defaults().withAttestationLifetime(MONTH.multipliedBy(2))));
        SigningKey first = done(identities.credentialKey(authority)).key();
        long whenItJustFits = NOW + MONTH.toSeconds();

        issuedAt(whenItJustFits, authority, forAMonth());
        assertThat(done(identities.credentialKey(authority)).key()).isEqualTo(first);

        AttestedAttributes later = issuedAt(whenItJustFits + 1, authority, forAMonth());
        SigningKey second =
                done(at(whenItJustFits + 1).credentialKey(authority)).key();
        assertThat(second).isNotEqualTo(first);
        assertThat(later.expiresAt()).isEqualTo(new Timestamp(whenItJustFits + 1 + MONTH.toSeconds()));

        issuedAt(whenItJustFits + 1 + DAY, authority, forAMonth());
        assertThat(done(at(whenItJustFits + 1 + DAY).credentialKey(authority)).key())
                .isEqualTo(second);
    }

    @Test
    void credentialsOfThePreviousKeyStayValid() {
        Identity authority = done(identities.create(IdentityOptions.defaults()
                .withAttestationLifetime(MONTH.dividedBy(9).multipliedBy(10))));
        CredentialAndPurposeKey early = done(identities.issueCredential(authority, forAMonth()));
        long later = NOW + MONTH.toSeconds();
        done(at(later + 1).issueCredential(authority, forAMonth()));

        done(at(later).verifyCredential(early, SUBJECT, Set.of(authority.identifier())));
    }

    @Test
    void endsWithTheIdentitysOwnKeyWithoutANewKeyEachTime() {
        Identity authority = done(identities.create(IdentityOptions.defaults().withKeyLifetime(MONTH)));
        SigningKey key = done(identities.credentialKey(authority)).key();

        AttestedAttributes said = issuedAt(NOW + DAY, authority, forAMonth());

        assertThat(said.expiresAt()).isEqualTo(new Timestamp(NOW + MONTH.toSeconds()));
        assertThat(done(identities.credentialKey(authority)).key()).isEqualTo(key);
    }

    @Test
    void refusesAValidityThatWouldTakeNewKeysAllTheTime() {
        Identity authority = done(identities.create(IdentityOptions.defaults()
                .withAttestationLifetime(MONTH.dividedBy(9).multipliedBy(10))));

        issuedAt(NOW, authority, forAMonth());
        SigningKey key = done(identities.credentialKey(authority)).key();
        for (int day = 1; day <= 3; day++) {
            issuedAt(NOW + day * DAY, authority, forAMonth());
            assertThat(done(identities.credentialKey(authority)).key()).isEqualTo(key);
        }
        assertRefused(
                VALIDITY_TOO_LONG,
                identities.issueCredential(authority, CredentialOptions.of(SUBJECT, MEMBER, MONTH.plusSeconds(1))));
    }

    @Test
    void refusesAValidityBelowOneSecond() {
        assertThatThrownBy(() -> CredentialOptions.of(SUBJECT, MEMBER, Duration.ofMillis(999)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(CredentialOptions.of(SUBJECT, MEMBER, Duration.ofSeconds(1)).validity())
                .isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void doesNotBeginBeforeItsKeyWhenTheClockWasSetBack() {
        Identity authority = done(identities.create());
        done(at(NOW + 30).credentialKey(authority));

        AttestedAttributes said = issuedAt(NOW, authority, forAMonth());

        assertThat(said.createdAt()).isEqualTo(new Timestamp(NOW + 30));
    }

    @Test
    void refusesAnAuthorityWhoseKeyHasEnded() {
        Identity authority = done(identities.create(IdentityOptions.defaults().withKeyLifetime(MONTH)));

        assertRefused(KEY_NOT_VALID_NOW, at(NOW + MONTH.toSeconds() + 1).issueCredential(authority, forAMonth()));
    }

    @Test
    void refusesAnIdentityThatIsNotOfThisNode() {
        Identity elsewhere = done(identitiesAt(NOW, new ScriptedVault(), InMemoryIdentityRepository.create())
                .create());

        assertRefused(UNKNOWN_IDENTITY, identities.issueCredential(elsewhere, forAMonth()));
    }

    @Test
    void refusesAnIdentityThatWasRotatedElsewhere() {
        Forge forge = new Forge();
        SigningKey key = forge.ed25519(1);
        ChangeHistory first = forge.history(key);
        done(repository.storeOwn(OwnIdentity.create(
                first,
                vault.keys.importSigningKey(SignatureAlgorithm.ED25519, filled(1)),
                IdentityOptions.defaults())));
        Identity authority = done(identities.identity(first.identifier()));
        done(repository.update(forge.history(key, forge.ed25519(2)), Retention.KEPT));

        assertRefused(ROTATED_ELSEWHERE, identities.issueCredential(authority, forAMonth()));
    }

    @Test
    void passesOnThatTheVaultHasLostTheKey() {
        Identity authority = done(identities.create());
        done(vault.keys.deleteSigningKey(
                done(identities.credentialKey(authority)).key()));

        assertThat(failureOf(identities.issueCredential(authority, forAMonth())))
                .isInstanceOfSatisfying(
                        VaultException.class, e -> assertThat(e.reason()).isEqualTo(VaultException.Reason.UNKNOWN_KEY));
    }

    @Test
    void everyCredentialSurvivesEncoding() {
        Identity authority = done(identities.create());
        Identity p256 = done(identities.create(IdentityOptions.defaults()
                .withSignatureAlgorithm(SignatureAlgorithm.P256)
                .withCredentialKeyAlgorithm(SignatureAlgorithm.P256)));
        qt().withExamples(100)
                .forAll(
                        lists().of(lists().of(integers().between(0, 255)).ofSizeBetween(0, 20))
                                .ofSizeBetween(0, 10),
                        longs().all(),
                        integers().between(1, 1_000_000))
                .check((values, schema, seconds) -> {
                    Identity by = seconds % 2 == 0 ? authority : p256;
                    CredentialOptions options = CredentialOptions.of(
                                    SUBJECT, attributes(values), Duration.ofSeconds(seconds))
                            .withSchema(schema);
                    CredentialAndPurposeKey issued = done(identities.issueCredential(by, options));
                    CredentialAndPurposeKey decoded =
                            CredentialAndPurposeKey.decode(issued.encode()).orElseThrow();
                    AttestedAttributes said =
                            done(identities.verifyCredential(decoded, SUBJECT, Set.of(by.identifier())));
                    return decoded.equals(issued)
                            && content(decoded).equals(content(issued))
                            && content(decoded)
                                    .encodeSigned()
                                    .equals(decoded.credential().data())
                            && said.attributes().equals(options.attributes())
                            && said.schema() == schema;
                });
    }

    private static Attributes attributes(List<List<Integer>> values) {
        Map<ByteString, ByteString> entries = new HashMap<>();
        values.forEach(value -> entries.put(bytes(value.subList(0, value.size() / 2)), bytes(value)));
        return Attributes.of(entries);
    }

    private static ByteString bytes(List<Integer> numbers) {
        byte[] bytes = new byte[numbers.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = numbers.get(i).byteValue();
        }
        return ByteString.fromArray(bytes);
    }
}
