// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

import static ockam.vault.VaultTests.assertRefused;
import static ockam.vault.VaultTests.counting;
import static ockam.vault.VaultTests.done;
import static ockam.vault.VaultTests.hex;
import static ockam.vault.VaultTests.synchronousVault;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import ockam.vault.VaultException.Reason;
import ockam.vault.Wycheproof.Vector;
import org.bouncycastle.util.BigIntegers;
import org.junit.jupiter.api.Test;

class EcdsaP256Test {
    private static final int VALID_VECTORS = 173;
    private static final String ORDER = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
    private static final BigInteger N = new BigInteger(ORDER, 16);

    @Test
    void agreesWithWycheproof() {
        SoftwareVault vault = synchronousVault();
        var valid = new AtomicInteger();
        Wycheproof.forEach("ecdsa_p256_sha256_p1363.json", vector -> {
            byte[] signature = vector.bytes("sig");
            if (signature.length != P256Signature.LENGTH) {
                assertThat(vector.isInvalid()).as(vector.name()).isTrue();
                assertRefused(Reason.INVALID_LENGTH, () -> P256Signature.of(signature));
                return;
            }
            assertThat(vector.isAcceptable()).as(vector.name()).isFalse();
            boolean verified = done(vault.verify(keyOf(vector), vector.bytes("msg"), P256Signature.of(signature)));
            assertThat(verified).as(vector.name()).isEqualTo(vector.isValid());
            if (verified) {
                valid.incrementAndGet();
            }
        });
        assertThat(valid).hasValue(VALID_VECTORS);
    }

    private static P256PublicKey keyOf(Vector vector) {
        return P256PublicKey.of(hex(
                vector.group().required("publicKey").required("uncompressed").textValue()));
    }

    @Test
    void signsAsInRfc6979() {
        SoftwareVault vault = synchronousVault();
        SigningKey key = vault.importSigningKey(
                SignatureAlgorithm.P256, hex("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721"));
        assertThat(key.publicKey())
                .isEqualTo(P256PublicKey.of(hex("04"
                        + "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
                        + "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299")));
        assertThat(done(vault.sign(key, "sample".getBytes(StandardCharsets.UTF_8))))
                .isEqualTo(P256Signature.of(hex("efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
                        + "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8")));
        assertThat(done(vault.sign(key, "test".getBytes(StandardCharsets.UTF_8))))
                .isEqualTo(P256Signature.of(hex("f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367"
                        + "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083")));
    }

    @Test
    void signaturesOfTheJdkInDerAreTheSameNumbers() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        P256PublicKey key = P256PublicKey.ofX509(pair.getPublic().getEncoded());
        for (int i = 0; i < 300; i++) { // numbers of fewer than 32 bytes among them
            byte[] message = counting(i, 8);
            var signer = java.security.Signature.getInstance("SHA256withECDSA");
            signer.initSign(pair.getPrivate());
            signer.update(message);
            assertThat(EcdsaP256.verify(key, message, P256Signature.ofDer(signer.sign())))
                    .isTrue();
        }
    }

    @Test
    void shortNumbersInDerAreFilledUp() {
        assertThat(P256Signature.ofDer(hex("3006020101020102")))
                .isEqualTo(P256Signature.of(hex("00".repeat(31) + "01" + "00".repeat(31) + "02")));
    }

    @Test
    void anythingElseThanShortestDerInRangeIsRefused() {
        String one = "020101";
        String order = "022100" + ORDER;
        for (String refused : List.of(
                "",
                "30",
                "3000",
                "3003" + one,
                "3006" + one + "020100", // zero
                "3006" + one + "0201ff", // negative
                "3026" + one + order,
                "3007" + one + "02020001", // longer than necessary
                "308106" + one + one,
                "3006" + one + one + "00",
                "3009" + one + one + one,
                "3080" + one + one + "0000",
                "30" + "00".repeat(71),
                "00".repeat(1000))) {
            assertRefused(Reason.INVALID_SIGNATURE, () -> P256Signature.ofDer(hex(refused)));
        }
    }

    @Test
    void damagedDerIsRefusedAndNothingElseIsThrown() {
        byte[] scalar = counting(1, EcdsaP256.SCALAR_LENGTH);
        byte[] plain = EcdsaP256.sign(scalar, counting(0, 32)).toBytes();
        byte[] der = hex("30440220" + ByteArrays.hex(Arrays.copyOf(plain, 32)) + "0220"
                + ByteArrays.hex(Arrays.copyOfRange(plain, 32, 64)));
        for (int bit = 0; bit < 4 * Byte.SIZE; bit++) {
            byte[] damaged = der.clone();
            damaged[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            assertRefused(Reason.INVALID_SIGNATURE, () -> P256Signature.ofDer(damaged));
        }
        for (int length = 0; length < der.length; length++) {
            byte[] cut = Arrays.copyOf(der, length);
            assertRefused(Reason.INVALID_SIGNATURE, () -> P256Signature.ofDer(cut));
        }
    }

    @Test
    void publicKeysInX509AreOnTheNamedCurveAndUncompressed() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        byte[] der = generator.generateKeyPair().getPublic().getEncoded();
        assertThat(P256PublicKey.ofX509(der).toBytes()).isEqualTo(Arrays.copyOfRange(der, 26, 91));

        generator.initialize(new ECGenParameterSpec("secp384r1"));
        byte[] otherCurve = generator.generateKeyPair().getPublic().getEncoded();
        assertRefused(Reason.INVALID_KEY, () -> P256PublicKey.ofX509(otherCurve));
        for (int i = 0; i <= 26; i++) {
            byte[] damaged = der.clone();
            damaged[i] ^= 1;
            assertRefused(Reason.INVALID_KEY, () -> P256PublicKey.ofX509(damaged));
        }
        assertRefused(Reason.INVALID_KEY, () -> P256PublicKey.ofX509(Arrays.copyOf(der, 90)));
        assertRefused(Reason.INVALID_KEY, () -> P256PublicKey.ofX509(Arrays.copyOf(der, 92)));
        assertRefused(Reason.INVALID_KEY, () -> P256PublicKey.ofX509(new byte[0]));
    }

    @Test
    void acceptsLowAndHighS() {
        byte[] scalar = counting(1, EcdsaP256.SCALAR_LENGTH);
        P256PublicKey key = EcdsaP256.publicKey(scalar);
        byte[] message = counting(0, 32);
        byte[] signature = EcdsaP256.sign(scalar, message).toBytes();
        BigInteger s = new BigInteger(1, signature, 32, 32);
        assertThat(EcdsaP256.verify(key, message, with(signature, s))).isTrue();
        assertThat(EcdsaP256.verify(key, message, with(signature, N.subtract(s))))
                .isTrue();
        assertThat(EcdsaP256.verify(key, counting(1, 32), with(signature, s))).isFalse();
    }

    @Test
    void refusesNumbersOutOfRange() {
        byte[] scalar = counting(1, EcdsaP256.SCALAR_LENGTH);
        P256PublicKey key = EcdsaP256.publicKey(scalar);
        byte[] message = counting(0, 32);
        byte[] signature = EcdsaP256.sign(scalar, message).toBytes();
        for (BigInteger number : new BigInteger[] {BigInteger.ZERO, N, N.add(BigInteger.ONE)}) {
            assertThat(EcdsaP256.verify(key, message, with(signature, number))).isFalse();
            byte[] changed = signature.clone();
            System.arraycopy(BigIntegers.asUnsignedByteArray(32, number), 0, changed, 0, 32);
            assertThat(EcdsaP256.verify(key, message, P256Signature.of(changed)))
                    .isFalse();
        }
        byte[] highest = new byte[P256Signature.LENGTH];
        Arrays.fill(highest, (byte) 0xff);
        assertThat(EcdsaP256.verify(key, message, P256Signature.of(highest))).isFalse();
        assertThat(EcdsaP256.verify(key, message, P256Signature.of(new byte[P256Signature.LENGTH])))
                .isFalse();
    }

    private static P256Signature with(byte[] signature, BigInteger s) {
        byte[] changed = signature.clone();
        System.arraycopy(BigIntegers.asUnsignedByteArray(32, s), 0, changed, 32, 32);
        return P256Signature.of(changed);
    }

    @Test
    void verifiesNothingWithPublicKeysThatAreNotPoints() {
        byte[] scalar = counting(1, EcdsaP256.SCALAR_LENGTH);
        byte[] message = counting(0, 32);
        P256Signature signature = EcdsaP256.sign(scalar, message);
        byte[] offCurve = EcdsaP256.publicKey(scalar).toBytes();
        offCurve[64] ^= 1;
        byte[] zero = new byte[P256PublicKey.LENGTH];
        zero[0] = 4;
        byte[] aboveField = new byte[P256PublicKey.LENGTH];
        Arrays.fill(aboveField, (byte) 0xff);
        aboveField[0] = 4;
        SoftwareVault vault = synchronousVault();
        for (byte[] key : new byte[][] {offCurve, zero, aboveField}) {
            assertThat(done(vault.verify(P256PublicKey.of(key), message, signature)))
                    .isFalse();
        }
    }

    @Test
    void privateKeysAreFromOneToOrderMinusOne() {
        SoftwareVault vault = synchronousVault();
        for (String scalar : new String[] {"00".repeat(32), ORDER, "ff".repeat(32)}) {
            assertRefused(Reason.INVALID_KEY, () -> vault.importSigningKey(SignatureAlgorithm.P256, hex(scalar)));
        }
        assertThat(vault.keyCounts().signingKeys()).isZero();
        SigningKey one = vault.importSigningKey(SignatureAlgorithm.P256, hex("00".repeat(31) + "01"));
        assertThat(one.publicKey())
                .isEqualTo(P256PublicKey.of(hex("04"
                        + "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
                        + "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5")));
        vault.importSigningKey(
                SignatureAlgorithm.P256, BigIntegers.asUnsignedByteArray(32, N.subtract(BigInteger.ONE)));
        assertThat(vault.keyCounts().signingKeys()).isEqualTo(2);
    }

    @Test
    void privateKeysHave32Bytes() {
        for (int length : new int[] {0, 31, 33}) {
            assertRefused(Reason.INVALID_LENGTH, () -> EcdsaP256.publicKey(counting(1, length)));
            assertRefused(Reason.INVALID_LENGTH, () -> EcdsaP256.sign(counting(1, length), new byte[32]));
        }
    }

    @Test
    void generatedPrivateKeysDiffer() {
        var random = new SecureRandom();
        assertThat(EcdsaP256.generateScalar(random))
                .hasSize(EcdsaP256.SCALAR_LENGTH)
                .isNotEqualTo(EcdsaP256.generateScalar(random));
    }
}
