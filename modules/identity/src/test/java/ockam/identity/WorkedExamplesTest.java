// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import static ockam.fixtures.Stages.done;
import static ockam.identity.IdentityTests.NOW;
import static ockam.identity.IdentityTests.hex;
import static ockam.identity.IdentityTests.identitiesAt;
import static ockam.vault.SignatureAlgorithm.ED25519;
import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import ockam.vault.SigningKey;
import ockam.wire.Identifier;
import org.junit.jupiter.api.Test;

/** The worked examples of secure channel, sections 8.2 to 8.5, byte for byte: Ed25519 is deterministic. */
class WorkedExamplesTest {
    private static final ByteString RUST_HISTORY = hex("""
            81825837830101583285f682008158
            20f405e06d988fa8039cce1cd0ae607e46847c1b64bc459ca9d89dd9b21ae30681f41a654cebe91a7818eee98200815840
            494c9b70e8a9ad5593fceb478f722a513b4bd39fa70f4265d584253bc24617d0eb498ce532273f6d0d5326921e013696
            fce57c20cc6c4008f74b816810f0b009""");

    private static final ByteString ALICE = hex("""
            81825837830101583285f68200815820bc7cbcb5636375fa1d82434d466724d92377f53b980695dd49d26d0ce12205a5
            f41a6553f1001a781ff40082008158403b708297d9d15e6c4b3ac553fe8a2ed8680eea65c9b9d7a5fec85a95ed3b5022
            e1136c104e50d6ae22abdfb3b8d0560371d9400506255440a6bd39adced9370e""");

    private static final ByteString BOB = hex("""
            81825837830101583285f682008158204721b5b632272e65a68dda7ac25b4185f8b01916db185c14287db92e2b770fae
            f41a6553f1001a781ff4008200815840c7a6b656fef5a9a7f406dcf10bcf25e0eac0cbf364985883dddbbbee22b85a30
            90fc8bc7e190954582604b25b5c66523e8cdd25f0645770f14db3062174acd02""");

    private static final ByteString AUTHORITY = hex("""
            81825837830101583285f68200815820acdcc8494d458f44a7aaac1d6a84ec624daee88436db2ae26e67ba645a106228
            f41a6553f1001a781ff40082008158406d5e8cb2d967905a42250141116461f923fbedf2e168b0c77c741eb5020c4030
            a5fb9a4355d48d252094fbf204aa04dfeb4a5ac4b37f5f3777c3bdeaffe7640b""");

    private static final ByteString ALICE_ROTATED = hex("""
            82825837830101583285f68200815820bc7cbcb5636375fa1d82434d466724d92377f53b980695dd49d26d0ce12205a5
            f41a6553f1001a781ff40082008158403b708297d9d15e6c4b3ac553fe8a2ed8680eea65c9b9d7a5fec85a95ed3b5022
            e1136c104e50d6ae22abdfb3b8d0560371d9400506255440a6bd39adced9370e8358588301015853855820f7b6916768
            cf4de3262b5b2fb47f0c383aa6dcb267fd0fa7b5822456537caa75820081582065e8f9b0bc6eae124169f0576f97362d
            295a8cf5f770b45e14357ce647d33eecf41a6553f10a1a781ff40a8200815840d7fc8ea202254569b540ca8bc40b3805
            985e8ae3e0c0e7ba33cdcf9ad4b46528505efc85fdd2eecaaf77069ead8412685a6525681589a499ca987e22dbe52005
            8200815840d627373d7b46ef5e6497287a5c57c11650bb4c6e6053045d6758224074669b98ad530ab82926bdf5810cf6
            97a1fdde4004e426691e7f567c630b0d8d131c0809""");

    private static final ByteString ALICE_ATTESTATION = hex("""
            8258798301025874855820f7b6916768cf4de3262b5b2fb47f0c383aa6dcb267fd0fa7b5822456537caa755820f7b691
            6768cf4de3262b5b2fb47f0c383aa6dcb267fd0fa7b5822456537caa7582008158208f40c5adb68f25624ae5b214ea76
            7a6ec94d829d3d7b5e1ad1ba6f3e2138285f1a6553f1001a6eb9f2808200815840afae7f042cb8ef242eb891ac380004
            ff02e5bb158a31c91bc9fd4fd364edf5f976b1c964a4cccca3a837f012ff46c8f3a0e27d626e6fc7b43ffcbea4bc9dde
            0d""");

    private static final ByteString BOB_ATTESTATION = hex("""
            8258798301025874855820f6369c4a2c264b3fae0b3dbd6d71e22a63a6c285f6504fc56f28c9c73d3e778b5820f6369c
            4a2c264b3fae0b3dbd6d71e22a63a6c285f6504fc56f28c9c73d3e778b820081582007a37cbc142093c8b755dc1b10e8
            6cb426374ad16aa853ed0bdfc0b2b86d1c7c1a6553f1001a6eb9f2808200815840779e8634cb2d095a970bb5c582b398
            2a9b7a240d4b124a41237f09ebfe692caea2757acf0e1f2b744e70113e094eb026d4f66d88b336d5cf384acc5b3e1b1f
            0f""");

    private static final ByteString CREDENTIAL = hex("""
            8282586b8301035866855820f7b6916768cf4de3262b5b2fb47f0c383aa6dcb267fd0fa7b5822456537caa755820f7b6
            916768cf4de3262b5b2fb47f0c383aa6dcb267fd0fa7b5822456537caa758201a244726f6c65466d656d626572457472
            75737441781a6553f1001a6cd8bf008200815840080b0b893f860dfe1cc628c934d325b8ecf1c5c85444cf36d7bdf2af
            fb518333688e1589ceb8c1183ed84a71213848fd987295c30f346a16372ecd5abe652e0382587c8301025877855820cb
            5459b24c96645b649c556549fbe780c3516ea83455b7c242919867e96b4b0c5820cb5459b24c96645b649c556549fbe7
            80c3516ea83455b7c242919867e96b4b0c8201818200815820b7282fe472f97641c17097821a537874aaaa532645ad34
            dbd5987331a4e73f8d1a6553f1001a6eb9f2808200815840665ffedb20abb161a6027d2ddd1a68ee4c14e34722b4711e
            b534e4c48c86cc7aba9dab91c1c1731340edd2be74505dee7a634d1d7e9848a9342f14ad47fe210c""");

    private final InMemoryIdentityRepository repository = InMemoryIdentityRepository.create();
    private final ScriptedVault vault = new ScriptedVault();
    private final Identities identities = identitiesAt(NOW, vault, repository);

    private Identity create(int seed) {
        vault.signingKeys(ED25519, seed);
        return done(identities.create());
    }

    private static byte[] counting(int first) {
        byte[] key = new byte[32];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) (first + i);
        }
        return key;
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
    void makesTheHistoriesOfTheExamples() {
        Identity alice = create(0xa1);
        Identity bob = create(0xb1);
        Identity authority = create(0xc1);

        assertThat(alice).hasToString("If7b6916768cf4de3262b5b2fb47f0c383aa6dcb267fd0fa7b5822456537caa75");
        assertThat(hex(alice.export())).isEqualTo(hex(ALICE));
        assertThat(bob).hasToString("If6369c4a2c264b3fae0b3dbd6d71e22a63a6c285f6504fc56f28c9c73d3e778b");
        assertThat(hex(bob.export())).isEqualTo(hex(BOB));
        assertThat(authority).hasToString("Icb5459b24c96645b649c556549fbe780c3516ea83455b7c242919867e96b4b0c");
        assertThat(hex(authority.export())).isEqualTo(hex(AUTHORITY));
    }

    @Test
    void rotatesAliceAsInTheExample() {
        Identity alice = create(0xa1);
        vault.signingKeys(ED25519, 0xa2);

        Identity rotated = done(identitiesAt(NOW + 10, vault, repository).rotate(alice));

        assertThat(hex(rotated.export())).isEqualTo(hex(ALICE_ROTATED));
        assertThat(rotated.identifier()).isEqualTo(alice.identifier());
        assertThat(rotated.changeHistory().latest().hash())
                .hasToString("4b1f6ceb21988959a53aa5b8ccfe1bc68ba9b1402790d99cc4220a2cdbb015d5");
    }

    @Test
    void verifiesTheRotatedHistoryOfTheExample() { // secure channel, section 9, item 20
        assertThat(done(identities.importHistory(ALICE_ROTATED)))
                .hasToString("If7b6916768cf4de3262b5b2fb47f0c383aa6dcb267fd0fa7b5822456537caa75");
    }

    @Test
    void makesTheAttestationsOfTheExamples() {
        Identity alice = create(0xa1);
        Identity bob = create(0xb1);
        vault.agreementKey(counting(0)).agreementKey(counting(1));

        SecureChannelKey alicesKey = done(identities.secureChannelKey(alice));
        SecureChannelKey bobsKey = done(identities.secureChannelKey(bob));

        assertThat(hex(alicesKey.attestation().encode())).isEqualTo(hex(ALICE_ATTESTATION));
        assertThat(hex(bobsKey.attestation().encode())).isEqualTo(hex(BOB_ATTESTATION));
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
                CredentialAndPurposeKey.decode(CREDENTIAL).orElseThrow();
        assertThat(example.purposeKey()).isEqualTo(credentialKey.attestation());
        assertThat(done(identities.verifyAttestation(example.purposeKey())).publicKey())
                .isEqualTo(new PurposePublicKey.CredentialSigning(
                        credentialKey.key().publicKey()));
        assertThat(hex(example.encode())).isEqualTo(hex(CREDENTIAL));
    }
}
