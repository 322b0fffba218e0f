// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

import java.io.IOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Optional;
import ockam.vault.VaultException.Reason;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.bouncycastle.util.BigIntegers;
import org.jspecify.annotations.Nullable;

/**
 * ECDSA on P-256 with SHA-256, from Bouncy Castle; thread safe. Private keys are 32-byte big-endian numbers.
 *
 * <p>Bouncy Castle holds a private key as a {@link BigInteger} while it works, which cannot be overwritten; it is garbage
 * afterwards.
 */
final class EcdsaP256 {
    static final int SCALAR_LENGTH = 32;

    /** A sequence of two numbers of 33 bytes, each with a head of two bytes. */
    private static final int MAX_DER_LENGTH = 2 + 2 * (2 + 1 + SCALAR_LENGTH);

    private static final ECDomainParameters CURVE = new ECDomainParameters(CustomNamedCurves.getByName("secp256r1"));

    private EcdsaP256() {}

    static byte[] generateScalar(SecureRandom random) {
        BigInteger one = BigInteger.ONE;
        return encode(BigIntegers.createRandomInRange(one, CURVE.getN().subtract(one), random));
    }

    static P256PublicKey publicKey(byte[] scalar) {
        ECPoint point = new FixedPointCombMultiplier().multiply(CURVE.getG(), decodeScalar(scalar));
        return P256PublicKey.of(point.getEncoded(false));
    }

    /** Signs with the number {@code k} of RFC 6979, so the signature is the same each time. */
    static P256Signature sign(byte[] scalar, byte[] message) {
        ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
        signer.init(true, new ECPrivateKeyParameters(decodeScalar(scalar), CURVE));
        return signature(signer.generateSignature(Sha256.hash(message)));
    }

    /** Returns the signature of a DER sequence of r and s, both in range and as short as possible. */
    static P256Signature decodeDer(byte[] der) {
        if (der.length > MAX_DER_LENGTH) {
            throw notDer(null);
        }
        BigInteger[] numbers;
        try {
            numbers = StandardDSAEncoding.INSTANCE.decode(CURVE.getN(), der);
        } catch (IOException | RuntimeException e) { // it has no other way to say that this is no such sequence
            throw notDer(e);
        }
        if (numbers[0].signum() == 0 || numbers[1].signum() == 0) { // it lets zeros pass
            throw notDer(null);
        }
        return signature(numbers);
    }

    private static VaultException notDer(@Nullable Exception cause) {
        String text = "not the DER form of a P-256 signature";
        return cause == null
                ? new VaultException(Reason.INVALID_SIGNATURE, text)
                : new VaultException(Reason.INVALID_SIGNATURE, text, cause);
    }

    private static P256Signature signature(BigInteger[] numbers) {
        byte[] signature = new byte[P256Signature.LENGTH];
        System.arraycopy(encode(numbers[0]), 0, signature, 0, SCALAR_LENGTH);
        System.arraycopy(encode(numbers[1]), 0, signature, SCALAR_LENGTH, SCALAR_LENGTH);
        return P256Signature.of(signature);
    }

    /** Verifies a signature. The signer refuses numbers out of range; S does not have to be low. */
    static boolean verify(P256PublicKey key, byte[] message, P256Signature signature) {
        byte[] bytes = signature.toBytes();
        BigInteger r = new BigInteger(1, bytes, 0, SCALAR_LENGTH);
        BigInteger s = new BigInteger(1, bytes, SCALAR_LENGTH, SCALAR_LENGTH);
        return point(key)
                .map(point -> verify(point, Sha256.hash(message), r, s))
                .orElse(false);
    }

    private static boolean verify(ECPoint key, byte[] hash, BigInteger r, BigInteger s) {
        ECDSASigner signer = new ECDSASigner();
        signer.init(false, new ECPublicKeyParameters(key, CURVE));
        return signer.verifySignature(hash, r, s);
    }

    /** Returns the point of a public key, if it is on the curve. */
    private static Optional<ECPoint> point(P256PublicKey key) {
        try {
            return Optional.of(CURVE.getCurve().decodePoint(key.toBytes()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static BigInteger decodeScalar(byte[] scalar) {
        ByteArrays.requireLength(scalar, SCALAR_LENGTH, "a P-256 private key");
        BigInteger number = new BigInteger(1, scalar);
        if (number.signum() == 0 || number.compareTo(CURVE.getN()) >= 0) {
            throw new VaultException(Reason.INVALID_KEY, "a P-256 private key is above 0 and below the group order");
        }
        return number;
    }

    private static byte[] encode(BigInteger number) {
        return BigIntegers.asUnsignedByteArray(SCALAR_LENGTH, number);
    }
}
