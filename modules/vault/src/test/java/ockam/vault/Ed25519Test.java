// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

import static ockam.vault.VaultTests.assertRefused;
import static ockam.vault.VaultTests.counting;
import static ockam.vault.VaultTests.done;
import static ockam.vault.VaultTests.hex;
import static ockam.vault.VaultTests.synchronousVault;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import ockam.vault.VaultException.Reason;
import ockam.vault.Wycheproof.Vector;
import org.junit.jupiter.api.Test;

class Ed25519Test {
    private static final int VALID_VECTORS = 88;

    /** The eight points of small order, and other encodings of some of them. */
    private static final List<byte[]> SMALL_ORDER = List.of(
            hex("0100000000000000000000000000000000000000000000000000000000000000"),
            hex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
            hex("0000000000000000000000000000000000000000000000000000000000000000"),
            hex("0000000000000000000000000000000000000000000000000000000000000080"),
            hex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
            hex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85"),
            hex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
            hex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"),
            hex("0100000000000000000000000000000000000000000000000000000000000080"),
            hex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"),
            hex("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
            hex("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"),
            hex("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
            hex("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"));

    @Test
    void agreesWithWycheproof() {
        SoftwareVault vault = synchronousVault();
        var valid = new AtomicInteger();
        Wycheproof.forEach("ed25519.json", vector -> {
            byte[] signature = vector.bytes("sig");
            if (signature.length != Ed25519Signature.LENGTH) {
                assertThat(vector.isInvalid()).as(vector.name()).isTrue();
                assertRefused(Reason.INVALID_LENGTH, () -> Ed25519Signature.of(signature));
                return;
            }
            assertThat(vector.isAcceptable()).as(vector.name()).isFalse();
            boolean verified = done(vault.verify(keyOf(vector), vector.bytes("msg"), Ed25519Signature.of(signature)));
            assertThat(verified).as(vector.name()).isEqualTo(vector.isValid());
            if (verified) {
                valid.incrementAndGet();
            }
        });
        assertThat(valid).hasValue(VALID_VECTORS);
    }

    private static Ed25519PublicKey keyOf(Vector vector) {
        return Ed25519PublicKey.of(
                hex(vector.group().required("publicKey").required("pk").textValue()));
    }

    @Test
    void signsAsInRfc8032() {
        assertSigns(
                "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
                "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
                "",
                "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b");
        assertSigns(
                "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
                "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
                "72",
                "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
    }

    private static void assertSigns(String seed, String publicKey, String message, String signature) {
        SoftwareVault vault = synchronousVault();
        SigningKey key = vault.importSigningKey(SignatureAlgorithm.ED25519, hex(seed));
        assertThat(key.publicKey()).isEqualTo(Ed25519PublicKey.of(hex(publicKey)));
        assertThat(done(vault.sign(key, hex(message)))).isEqualTo(Ed25519Signature.of(hex(signature)));
    }

    @Test
    void verifiesNothingWithKeysOfSmallOrder() {
        for (byte[] key : SMALL_ORDER) {
            for (byte[] point : SMALL_ORDER) {
                byte[] signature = new byte[Ed25519Signature.LENGTH];
                System.arraycopy(point, 0, signature, 0, point.length);
                for (int message = 0; message < 16; message++) {
                    assertThat(Ed25519.verify(
                                    Ed25519PublicKey.of(key), counting(message, 32), Ed25519Signature.of(signature)))
                            .as("key %s, R %s", ByteArrays.hex(key), ByteArrays.hex(point))
                            .isFalse();
                }
            }
        }
    }

    @Test
    void refusesPublicKeysThatAreNotPoints() {
        var noPoint = Ed25519PublicKey.of(hex("02" + "00".repeat(31)));
        var signature = Ed25519Signature.of(new byte[Ed25519Signature.LENGTH]);
        assertThat(done(synchronousVault().verify(noPoint, ByteArrays.EMPTY, signature)))
                .isFalse();
    }

    @Test
    void refusesSignaturesWithAnyBitChanged() {
        byte[] seed = counting(7, Ed25519.SEED_LENGTH);
        byte[] message = "a message".getBytes(StandardCharsets.UTF_8);
        Ed25519PublicKey key = Ed25519.publicKey(seed);
        byte[] signature = Ed25519.sign(seed, message).toBytes();
        assertThat(Ed25519.verify(key, message, Ed25519Signature.of(signature))).isTrue();
        for (int bit = 0; bit < signature.length * Byte.SIZE; bit++) {
            byte[] changed = signature.clone();
            changed[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            assertThat(Ed25519.verify(key, message, Ed25519Signature.of(changed)))
                    .as("bit %d", bit)
                    .isFalse();
        }
        assertThat(Ed25519.verify(key, ByteArrays.EMPTY, Ed25519Signature.of(signature)))
                .isFalse();
    }

    @Test
    void acceptsOnlySeedsOf32Bytes() {
        for (int length : new int[] {0, 31, 33}) {
            assertRefused(Reason.INVALID_LENGTH, () -> Ed25519.publicKey(new byte[length]));
            assertRefused(Reason.INVALID_LENGTH, () -> Ed25519.sign(new byte[length], ByteArrays.EMPTY));
        }
    }
}
