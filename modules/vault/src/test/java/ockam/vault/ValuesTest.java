// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

import static ockam.vault.VaultTests.assertRefused;
import static ockam.vault.VaultTests.counting;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Function;
import ockam.vault.VaultException.Reason;
import org.junit.jupiter.api.Test;

class ValuesTest {
    @Test
    void x25519PublicKeyIsAValue() {
        assertIsValue(X25519PublicKey::of, X25519PublicKey::toBytes, counting(0, 32), "X25519PublicKey");
    }

    @Test
    void ed25519PublicKeyIsAValue() {
        assertIsValue(Ed25519PublicKey::of, Ed25519PublicKey::toBytes, counting(0, 32), "Ed25519PublicKey");
        assertThat(Ed25519PublicKey.of(counting(0, 32)).algorithm()).isEqualTo(SignatureAlgorithm.ED25519);
    }

    @Test
    void p256PublicKeyIsAValue() {
        assertIsValue(P256PublicKey::of, P256PublicKey::toBytes, counting(4, 65), "P256PublicKey");
        assertThat(P256PublicKey.of(counting(4, 65)).algorithm()).isEqualTo(SignatureAlgorithm.P256);
    }

    @Test
    void p256PublicKeyIsAnUncompressedPoint() {
        for (int first : new int[] {0, 2, 3, 5, 6, 7, 0x84}) {
            assertRefused(Reason.INVALID_KEY, () -> P256PublicKey.of(counting(first, 65)));
        }
        assertRefused(Reason.INVALID_LENGTH, () -> P256PublicKey.of(counting(2, 33)));
    }

    @Test
    void signaturesAreValues() {
        assertIsValue(Ed25519Signature::of, Ed25519Signature::toBytes, counting(0, 64), "Ed25519Signature");
        assertIsValue(P256Signature::of, P256Signature::toBytes, counting(0, 64), "P256Signature");
        assertThat(Ed25519Signature.of(counting(0, 64))).isNotEqualTo(P256Signature.of(counting(0, 64)));
        assertThat(Ed25519Signature.of(counting(0, 64)).algorithm()).isEqualTo(SignatureAlgorithm.ED25519);
        assertThat(P256Signature.of(counting(0, 64)).algorithm()).isEqualTo(SignatureAlgorithm.P256);
    }

    @Test
    void keysOfDifferentKindsWithTheSameBytesAreNotEqual() {
        byte[] bytes = counting(0, 32);
        assertThat(X25519PublicKey.of(bytes)).isNotEqualTo(Ed25519PublicKey.of(bytes));
        assertThat(Ed25519PublicKey.of(bytes)).isNotEqualTo(X25519PublicKey.of(bytes));
    }

    /** Equal by content, copied on the way in and out, of one length only, printed in hex. */
    private static <T> void assertIsValue(
            Function<byte[], T> of, Function<T, byte[]> toBytes, byte[] bytes, String name) {
        byte[] given = bytes.clone();
        T value = of.apply(given);
        given[given.length - 1] ^= 1;
        assertThat(value).isEqualTo(of.apply(bytes)).hasSameHashCodeAs(of.apply(bytes));
        assertThat(value).isNotEqualTo(of.apply(given)).isNotEqualTo(bytes);
        assertThat(value).doesNotHaveSameHashCodeAs(of.apply(given));
        toBytes.apply(value)[1] ^= 1;
        assertThat(toBytes.apply(value)).isEqualTo(bytes);
        assertThat(value).hasToString(name + "(" + ByteArrays.hex(bytes) + ")");
        for (int length : new int[] {0, bytes.length - 1, bytes.length + 1}) {
            assertRefused(Reason.INVALID_LENGTH, () -> of.apply(counting(bytes[0], length)));
        }
    }

    @Test
    void keyIdIsNotEmptyAndPrintsBare() {
        assertThat(new KeyId("abc")).hasToString("abc");
        assertRefused(Reason.INVALID_KEY, () -> new KeyId(""));
    }

    @Test
    void composedVaultReturnsItsParts() {
        SoftwareVault channels = VaultTests.synchronousVault();
        SoftwareVault signing = VaultTests.synchronousVault();
        SoftwareVault verifying = VaultTests.synchronousVault();
        Vault vault = Vault.of(channels, signing, verifying);
        assertThat(vault.secureChannels()).isSameAs(channels);
        assertThat(vault.signing()).isSameAs(signing);
        assertThat(vault.verifying()).isSameAs(verifying);
        assertThat(channels.secureChannels()).isSameAs(channels);
        assertThat(channels.signing()).isSameAs(channels);
        assertThat(channels.verifying()).isSameAs(channels);
    }
}
