// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

import static ockam.vault.VaultTests.NO_AAD;
import static ockam.vault.VaultTests.assertRefused;
import static ockam.vault.VaultTests.bytesOf;
import static ockam.vault.VaultTests.counting;
import static ockam.vault.VaultTests.done;
import static ockam.vault.VaultTests.hex;
import static ockam.vault.VaultTests.synchronousVault;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import ockam.vault.VaultException.Reason;
import org.junit.jupiter.api.Test;

class SecretTest {
    private static final byte[] PROTOCOL_NAME = "OCKAM_XX_25519_AES256_GCM_SHA256".getBytes(StandardCharsets.US_ASCII);

    private final SoftwareVault vault = synchronousVault();

    private Secret secret(String hex) {
        return vault.secretOf(hex(hex));
    }

    private Secret agree(int ownFirstByte, int peerFirstByte) {
        AgreementKey own = vault.importAgreementKey(counting(ownFirstByte, 32));
        AgreementKey peer = vault.importAgreementKey(counting(peerFirstByte, 32));
        return done(vault.agree(own, peer.publicKey()));
    }

    private static void assertDerived(DerivedSecrets derived, String first, String second) {
        assertThat(bytesOf(derived.first())).isEqualTo(hex(first));
        assertThat(bytesOf(derived.second())).isEqualTo(hex(second));
    }

    @Test
    void derivesTheKeysOfTheHandshakeAsSpecified() {
        Secret ephemeral = agree(0x20, 0x41);
        assertThat(bytesOf(ephemeral))
                .isEqualTo(hex("37e0e7daacbd6bfbf669a846196fd44d1c8745d33f2be42e31d4674199ad005e"));
        DerivedSecrets afterEphemeral = vault.derive(vault.secretOf(PROTOCOL_NAME), ephemeral);
        assertDerived(
                afterEphemeral,
                "f28dedbe03a5c1a41f38280dc9685594420a384c40bad0affc3be548f25d81c2",
                "1bb1d3f73dd123b5dbba1eef2415ab8fb9678395b9269b7c5ee4e479ddfa24dc");

        DerivedSecrets afterResponder = vault.derive(afterEphemeral.first(), agree(0x20, 0x01));
        assertDerived(
                afterResponder,
                "f2f7116a02aa5349f5167e7783eac9dbad188948e94af4b771cf6e87e3fbe999",
                "50ed86bc29d3aa21305b5bee747addcbbbcf8cfb890acb21ab3ebe2243684ea5");

        DerivedSecrets afterInitiator = vault.derive(afterResponder.first(), agree(0x41, 0x00));
        assertDerived(
                afterInitiator,
                "dca3567820570d3bf0572470c156b447e768f9bdfbe2e147efd310c48ebfc572",
                "416045bc6ed5eb0b2a8aa089432bd9fee7b0db71b588ca1c986e6da5f0e53fb9");

        assertDerived(
                vault.derive(afterInitiator.first()),
                "4349aa5f460aca550b37ce55d3f7ad8f2d4747084b6c62e15c523568ebafe860",
                "831124fa3e1606b97f5cda4d81c3aa04c7c0151666f05f49a09cd0faf63a05d8");
    }

    @Test
    void derivationIsHkdfOfRfc5869() {
        byte[] salt = counting(1, 32);
        byte[] input = counting(50, 32);
        DerivedSecrets derived = vault.derive(vault.secretOf(salt), vault.secretOf(input));
        byte[] output = Hkdf.expand(Hkdf.extract(salt, input), ByteArrays.EMPTY, 64);
        assertThat(bytesOf(derived.first())).isEqualTo(Arrays.copyOf(output, 32));
        assertThat(bytesOf(derived.second())).isEqualTo(Arrays.copyOfRange(output, 32, 64));

        byte[] split = Hkdf.expand(Hkdf.extract(salt, ByteArrays.EMPTY), ByteArrays.EMPTY, 64);
        DerivedSecrets halves = vault.derive(vault.secretOf(salt));
        assertThat(bytesOf(halves.first())).isEqualTo(Arrays.copyOf(split, 32));
        assertThat(bytesOf(halves.second())).isEqualTo(Arrays.copyOfRange(split, 32, 64));
    }

    @Test
    void derivationLeavesItsArgumentsUsable() {
        Secret chainingKey = vault.secretOf(counting(1, 32));
        Secret input = vault.secretOf(counting(50, 32));
        DerivedSecrets first = vault.derive(chainingKey, input);
        DerivedSecrets second = vault.derive(chainingKey, input);
        assertThat(bytesOf(first.first())).isEqualTo(bytesOf(second.first()));
        assertThat(bytesOf(chainingKey)).isEqualTo(counting(1, 32));
        assertThat(bytesOf(input)).isEqualTo(counting(50, 32));
    }

    @Test
    void secretMayBeBothArgumentsOfADerivation() {
        Secret secret = vault.secretOf(counting(1, 32));
        byte[] output = Hkdf.derive(counting(1, 32), counting(1, 32), 64);
        assertThat(bytesOf(vault.derive(secret, secret).first())).isEqualTo(Arrays.copyOf(output, 32));
    }

    @Test
    void secretIsACopyOfTheGivenBytes() {
        byte[] bytes = counting(1, 32);
        Secret secret = vault.secretOf(bytes);
        Arrays.fill(bytes, (byte) 0);
        assertThat(bytesOf(secret)).isEqualTo(counting(1, 32));

        byte[] kept = counting(2, 32);
        vault.secretOf(kept).erase();
        assertThat(kept).isEqualTo(counting(2, 32));
    }

    @Test
    void secretHas32Bytes() {
        for (int length : new int[] {0, 31, 33, 64}) {
            assertRefused(Reason.INVALID_LENGTH, () -> vault.secretOf(new byte[length]));
        }
        assertThat(vault.keyCounts().secrets()).isZero();
    }

    @Test
    void erasedSecretCannotBeUsed() {
        Secret erased = vault.secretOf(counting(1, 32));
        Secret live = vault.secretOf(counting(2, 32));
        assertThat(erased.isErased()).isFalse();
        erased.erase();
        erased.erase();
        assertThat(erased.isErased()).isTrue();

        assertRefused(Reason.ERASED, () -> vault.derive(erased));
        assertRefused(Reason.ERASED, () -> vault.derive(erased, live));
        assertRefused(Reason.ERASED, () -> vault.derive(live, erased));
        assertRefused(Reason.ERASED, () -> vault.aeadKey(erased));
        assertThat(vault.keyCounts()).isEqualTo(new KeyCounts(0, 0, 1, 0));
    }

    @Test
    void erasingOverwritesTheBytes() {
        byte[] owned = counting(1, 32);
        var bytes = new SecretBytes(owned);
        assertThat(bytes.erase()).isTrue();
        assertThat(bytes.erase()).isFalse();
        assertThat(owned).isEqualTo(new byte[32]);
        assertThat(bytes.copy()).isEmpty();

        byte[] taken = counting(1, 32);
        assertThat(new SecretBytes(taken).take()).hasValue(counting(1, 32));
        assertThat(taken).isEqualTo(new byte[32]);
    }

    @Test
    void cipherKeyTakesTheSecretOver() {
        Secret secret = vault.secretOf(counting(1, 32));
        AeadKey key = vault.aeadKey(secret);
        assertThat(secret.isErased()).isTrue();
        assertRefused(Reason.ERASED, () -> vault.aeadKey(secret));
        assertThat(vault.keyCounts()).isEqualTo(new KeyCounts(0, 0, 0, 1));

        secret.erase();
        byte[] buffer = new byte[AeadKey.TAG_LENGTH];
        key.seal(0, NO_AAD, buffer, 0, 0);
        byte[] expected = new byte[AeadKey.TAG_LENGTH];
        new AesGcm(counting(1, 32)).seal(new byte[AesGcm.NONCE_LENGTH], NO_AAD, expected, 0, 0);
        assertThat(buffer).isEqualTo(expected);
        assertThat(vault.keyCounts()).isEqualTo(new KeyCounts(0, 0, 0, 1));
    }

    @Test
    void everySecretIsCountedUntilItIsErased() {
        Secret chainingKey = vault.secretOf(counting(1, 32));
        DerivedSecrets derived = vault.derive(chainingKey);
        assertThat(vault.keyCounts()).isEqualTo(new KeyCounts(0, 0, 3, 0));
        derived.erase();
        derived.first().erase();
        assertThat(derived.first().isErased()).isTrue();
        assertThat(derived.second().isErased()).isTrue();
        assertThat(vault.keyCounts()).isEqualTo(new KeyCounts(0, 0, 1, 0));
        chainingKey.erase();
        assertThat(vault.keyCounts()).isEqualTo(new KeyCounts(0, 0, 0, 0));
    }

    @Test
    void secretsOfAnotherVaultAreUnknown() {
        Secret own = secret("01".repeat(32));
        Secret foreign = synchronousVault().secretOf(counting(1, 32));
        assertRefused(Reason.UNKNOWN_KEY, () -> vault.derive(foreign));
        assertRefused(Reason.UNKNOWN_KEY, () -> vault.derive(own, foreign));
        assertRefused(Reason.UNKNOWN_KEY, () -> vault.derive(foreign, own));
        assertRefused(Reason.UNKNOWN_KEY, () -> vault.aeadKey(foreign));
        assertThat(foreign.isErased()).isFalse();
    }

    @Test
    void secretsOfAnotherKindOfVaultAreUnknown() {
        Secret foreign = new Secret() {
            @Override
            public KeyId id() {
                return new KeyId("foreign");
            }

            @Override
            public void erase() {}

            @Override
            public boolean isErased() {
                return false;
            }
        };
        assertRefused(Reason.UNKNOWN_KEY, () -> vault.derive(foreign));
        assertRefused(Reason.UNKNOWN_KEY, () -> vault.aeadKey(foreign));
    }

    @Test
    void idsDiffer() {
        Secret first = vault.secretOf(counting(1, 32));
        Secret second = vault.secretOf(counting(1, 32));
        AeadKey key = vault.aeadKey(vault.secretOf(counting(1, 32)));
        assertThat(first.id()).isNotEqualTo(second.id()).isNotEqualTo(key.id());
        assertThat(second.id()).isNotEqualTo(key.id());
        assertThat(first).isNotEqualTo(second);
    }
}
