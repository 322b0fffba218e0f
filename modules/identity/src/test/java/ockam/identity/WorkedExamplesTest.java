// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import static ockam.fixtures.ExampleIdentities.ALICE_ATTESTATION;
import static ockam.fixtures.ExampleIdentities.ALICE_CREDENTIAL;
import static ockam.fixtures.ExampleIdentities.ALICE_HISTORY;
import static ockam.fixtures.ExampleIdentities.ALICE_ROTATED_HISTORY;
import static ockam.fixtures.ExampleIdentities.BOB_ATTESTATION;
import static ockam.fixtures.ExampleIdentities.BOB_HISTORY;
import static ockam.fixtures.ExampleIdentities.counting;
import static ockam.fixtures.Stages.done;
import static ockam.identity.IdentityTests.NOW;
import static ockam.identity.IdentityTests.identitiesAt;
import static ockam.vault.SignatureAlgorithm.ED25519;
import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import ockam.fixtures.Hex;
import ockam.vault.SigningKey;
import ockam.wire.Attributes;
import ockam.wire.Identifier;
import org.junit.jupiter.api.Test;

/** The worked examples of secure channel, sections 8.2 to 8.5, byte for byte: Ed25519 is deterministic. */
class WorkedExamplesTest {
    private static final ByteString RUST_HISTORY = Hex.string("""
            81825837830101583285f682008158
            20f405e06d988fa8039cce1cd0ae607e46847c1b64bc459ca9d89dd9b21ae30681f41a654cebe91a7818eee98200815840
            494c9b70e8a9ad5593fceb478f722a513b4bd39fa70f4265d584253bc24617d0eb498ce532273f6d0d5326921e013696
            fce57c20cc6c4008f74b816810f0b009""");

    private static final ByteString AUTHORITY = Hex.string("""
            81825837830101583285f68200815820acdcc8494d458f44a7aaac1d6a84ec624daee88436db2ae26e67ba645a106228
            f41a6553f1001a781ff40082008158406d5e8cb2d967905a42250141116461f923fbedf2e168b0c77c741eb5020c4030
            a5fb9a4355d48d252094fbf204aa04dfeb4a5ac4b37f5f3777c3bdeaffe7640b""");

    private final InMemoryIdentityRepository repository = InMemoryIdentityRepository.create();
    private final ScriptedVault vault = new ScriptedVault();
    private final Identities identities = identitiesAt(NOW, vault, repository);

    private Identity create(int seed) {
        vault.signingKeys(ED25519, seed);
        return done(identities.create());
    }

    @Test
    void identifierIsTheHashOfTheFirstChange() { // secure channel, section 9, item 17; secure channel, section 8.2
        Identifier identifier = done(identities.importHistory(RUST_HISTORY));

        assertThat(identifier).hasToString("I923829d0397a06fa862be5a87b7966959b8ef99ab6455b843ca9131a747b4819");
        ChangeHistory history = done(identities.history(identifier)).orElseThrow();
        assertThat(history.export()).isEqualTo(RUST_HISTORY);
        assertThat(history.latest().data()).isEqualTo(RUST_HISTORY.slice(4, 4 + 55));
    }

    @Test
    void createsTheHistoriesOfTheExamples() {
        Identity alice = create(0xa1);
        Identity bob = create(0xb1);
        Identity authority = create(0xc1);

        assertThat(alice).hasToString("If7b6916768cf4de3262b5b2fb47f0c383aa6dcb267fd0fa7b5822456537caa75");
        assertThat(Hex.of(alice.export())).isEqualTo(Hex.of(ALICE_HISTORY));
        assertThat(bob).hasToString("If6369c4a2c264b3fae0b3dbd6d71e22a63a6c285f6504fc56f28c9c73d3e778b");
        assertThat(Hex.of(bob.export())).isEqualTo(Hex.of(BOB_HISTORY));
        assertThat(authority).hasToString("Icb5459b24c96645b649c556549fbe780c3516ea83455b7c242919867e96b4b0c");
        assertThat(Hex.of(authority.export())).isEqualTo(Hex.of(AUTHORITY));
    }

    @Test
    void rotatesAliceAsInTheExample() {
        Identity alice = create(0xa1);
        vault.signingKeys(ED25519, 0xa2);

        Identity rotated = done(identitiesAt(NOW + 10, vault, repository).rotate(alice));

        assertThat(Hex.of(rotated.export())).isEqualTo(Hex.of(ALICE_ROTATED_HISTORY));
        assertThat(rotated.identifier()).isEqualTo(alice.identifier());
        assertThat(rotated.changeHistory().latest().hash())
                .hasToString("4b1f6ceb21988959a53aa5b8ccfe1bc68ba9b1402790d99cc4220a2cdbb015d5");
    }

    @Test
    void verifiesTheRotatedHistoryOfTheExample() { // secure channel, section 9, item 20
        assertThat(done(identities.importHistory(ALICE_ROTATED_HISTORY)))
                .hasToString("If7b6916768cf4de3262b5b2fb47f0c383aa6dcb267fd0fa7b5822456537caa75");
    }

    @Test
    void createsTheAttestationsOfTheExamples() {
        Identity alice = create(0xa1);
        Identity bob = create(0xb1);
        vault.agreementKey(counting(0)).agreementKey(counting(1));

        SecureChannelKey alicesKey = done(identities.secureChannelKey(alice));
        SecureChannelKey bobsKey = done(identities.secureChannelKey(bob));

        assertThat(Hex.of(alicesKey.attestation().encode())).isEqualTo(Hex.of(ALICE_ATTESTATION));
        assertThat(Hex.of(bobsKey.attestation().encode())).isEqualTo(Hex.of(BOB_ATTESTATION));
        assertThat(PurposeKeyAttestation.decode(ALICE_ATTESTATION).orElseThrow())
                .isEqualTo(alicesKey.attestation());
        PurposeKeyAttestationData said = done(identities.verifyAttestation(alicesKey.attestation()));
        assertThat(said.publicKey())
                .isEqualTo(
                        new PurposePublicKey.SecureChannelStatic(alicesKey.key().publicKey()));
        assertThat(said.subject()).isEqualTo(alice.identifier());
    }

    @Test
    void attestsTheCredentialKeyOfTheExample() {
        Identity authority = create(0xc1);
        vault.signingKeys(ED25519, 0xc2);

        AttestedKey<SigningKey> credentialKey = done(identities.credentialKey(authority));

        CredentialAndPurposeKey example =
                CredentialAndPurposeKey.decode(ALICE_CREDENTIAL).orElseThrow();
        assertThat(example.purposeKey()).isEqualTo(credentialKey.attestation());
        assertThat(done(identities.verifyAttestation(example.purposeKey())).publicKey())
                .isEqualTo(new PurposePublicKey.CredentialSigning(
                        credentialKey.key().publicKey()));
        assertThat(Hex.of(example.encode())).isEqualTo(Hex.of(ALICE_CREDENTIAL));
    }

    @Test
    void issuesTheCredentialOfTheExample() {
        Identity alice = create(0xa1);
        Identity authority = create(0xc1);
        vault.signingKeys(ED25519, 0xc2);
        Attributes attributes = Attributes.ofTexts(Map.of("role", "member", "trust", "x"));

        CredentialAndPurposeKey issued = done(identities.issueCredential(
                authority,
                CredentialOptions.of(alice.identifier(), attributes, Duration.ofSeconds(1_826_144_000L - NOW))));

        assertThat(Hex.of(issued.encode())).isEqualTo(Hex.of(ALICE_CREDENTIAL));
        assertThat(done(identities.verifyCredential(issued, alice.identifier(), Set.of(authority.identifier())))
                        .attributes())
                .isEqualTo(attributes);
    }

    @Test
    void issuesTheCredentialOfAnAuthority() { // authority, section 9
        Identity alice = create(0xa1);
        Identity authority = create(0xc1);
        vault.signingKeys(ED25519, 0xc2);

        CredentialAndPurposeKey issued = done(identities.issueCredential(
                authority,
                CredentialOptions.of(
                        alice.identifier(),
                        Attributes.ofTexts(Map.of("role", "member", "trust_context_id", "proj1")),
                        Duration.ofDays(30))));

        assertThat(Hex.of(issued.encode())).isEqualTo(Hex.of(Hex.string("""
            8282587a8301035875855820f7b6916768cf4de3262b5b2fb47f0c383aa6dcb267fd0fa7b5822456537caa755820f7b6
            916768cf4de3262b5b2fb47f0c383aa6dcb267fd0fa7b5822456537caa758201a244726f6c65466d656d626572507472
            7573745f636f6e746578745f69644570726f6a311a6553f1001a657b7e008200815840f5e50d53350d658377a4c2b893
            7f8c75a0a0b54c10d1d12e2cb0e0c5ad0767000896d5edbb9faf7d5eda3b9c359ce76a5cdd8c6e20b44f54c037e20621
            e71e0482587c8301025877855820cb5459b24c96645b649c556549fbe780c3516ea83455b7c242919867e96b4b0c5820
            cb5459b24c96645b649c556549fbe780c3516ea83455b7c242919867e96b4b0c8201818200815820b7282fe472f97641
            c17097821a537874aaaa532645ad34dbd5987331a4e73f8d1a6553f1001a6eb9f2808200815840665ffedb20abb161a6
            027d2ddd1a68ee4c14e34722b4711eb534e4c48c86cc7aba9dab91c1c1731340edd2be74505dee7a634d1d7e9848a934
            2f14ad47fe210c""")));
    }
}
