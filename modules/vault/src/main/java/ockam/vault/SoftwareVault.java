// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/**
 * A vault that keeps its keys in the memory of this process and has all three roles.
 *
 * <p>Curve operations run on the executor given to {@link #create}; when it refuses work, the stage fails with its
 * {@link RejectedExecutionException}. Everything else runs on the caller's thread. Thread safe.
 *
 * <p>Every array of this vault that held a key is overwritten as soon as it is no longer needed. Copies that the JDK and Bouncy
 * Castle make inside their own objects cannot be overwritten; they only become garbage. A vault holds each secret and cipher key
 * until it is erased, so a forgotten one shows in {@link #keyCounts()} and is erased by {@link #eraseAll()}.
 */
public final class SoftwareVault implements Vault, SecureChannelVault, SigningVault, VerifyingVault {
    private static final int SECRET_LENGTH = 32;

    private final SecureRandom random = new SecureRandom();
    private final PrivateKeys<AgreementKey> agreementKeys = new PrivateKeys<>(AgreementKey::id);
    private final PrivateKeys<SigningKey> signingKeys = new PrivateKeys<>(SigningKey::id);
    private final LiveKeys liveKeys = new LiveKeys();
    private final Executor executor;

    private SoftwareVault(Executor executor) {
        this.executor = executor;
    }

    /** Returns an empty vault whose curve operations run on this executor; {@code Runnable::run} makes them synchronous. */
    public static SoftwareVault create(Executor executor) {
        return new SoftwareVault(executor);
    }

    @Override
    public SecureChannelVault secureChannels() {
        return this;
    }

    @Override
    public SigningVault signing() {
        return this;
    }

    @Override
    public VerifyingVault verifying() {
        return this;
    }

    @Override
    public CompletionStage<AgreementKey> generateAgreementKey() {
        return async(() -> addAgreementKey(X25519.generatePrivateKey(random)));
    }

    /**
     * Imports an X25519 private key, on the caller's thread. The bytes are copied, and the caller should overwrite its own copy;
     * a length other than 32 is refused with {@link VaultException.Reason#INVALID_LENGTH}. A key imported twice is still one key.
     */
    public AgreementKey importAgreementKey(byte[] privateKey) {
        return addAgreementKey(ByteArrays.copyOf(privateKey, X25519.LENGTH, "an X25519 private key"));
    }

    private AgreementKey addAgreementKey(byte[] owned) {
        X25519PublicKey publicKey = X25519.publicKey(owned);
        return agreementKeys.add(new AgreementKey(idOf(publicKey.toBytes()), publicKey), owned);
    }

    @Override
    public CompletionStage<Boolean> hasAgreementKey(AgreementKey key) {
        return CompletableFuture.completedFuture(agreementKeys.contains(key));
    }

    @Override
    public CompletionStage<Boolean> deleteAgreementKey(AgreementKey key) {
        return CompletableFuture.completedFuture(agreementKeys.delete(key));
    }

    @Override
    public CompletionStage<Secret> agree(AgreementKey own, X25519PublicKey peer) {
        return async(() -> {
            byte[] privateKey = agreementKeys.copy(own);
            try {
                return liveKeys.addSecret(X25519.agree(privateKey, peer));
            } finally {
                Arrays.fill(privateKey, (byte) 0);
            }
        });
    }

    @Override
    public Secret secretOf(byte[] bytes) {
        return liveKeys.addSecret(ByteArrays.copyOf(bytes, SECRET_LENGTH, "a secret"));
    }

    @Override
    public DerivedSecrets derive(Secret chainingKey, Secret input) {
        byte[] inputBytes = liveKeys.own(input).copyBytes();
        try {
            return deriveFrom(chainingKey, inputBytes);
        } finally {
            Arrays.fill(inputBytes, (byte) 0);
        }
    }

    @Override
    public DerivedSecrets derive(Secret chainingKey) {
        return deriveFrom(chainingKey, ByteArrays.EMPTY);
    }

    private DerivedSecrets deriveFrom(Secret chainingKey, byte[] input) {
        byte[] salt = liveKeys.own(chainingKey).copyBytes();
        try {
            return split(Hkdf.derive(salt, input, 2 * SECRET_LENGTH));
        } finally {
            Arrays.fill(salt, (byte) 0);
        }
    }

    private DerivedSecrets split(byte[] output) {
        var halves = new DerivedSecrets(
                liveKeys.addSecret(Arrays.copyOf(output, SECRET_LENGTH)),
                liveKeys.addSecret(Arrays.copyOfRange(output, SECRET_LENGTH, 2 * SECRET_LENGTH)));
        Arrays.fill(output, (byte) 0);
        return halves;
    }

    @Override
    public AeadKey aeadKey(Secret secret) {
        byte[] key = liveKeys.own(secret).takeBytes();
        try {
            return liveKeys.addAeadKey(new AesGcm(key));
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    @Override
    public CompletionStage<SigningKey> generateSigningKey(SignatureAlgorithm algorithm) {
        return async(() -> addSigningKey(
                algorithm,
                switch (algorithm) {
                    case ED25519 -> Ed25519.generateSeed(random);
                    case P256 -> EcdsaP256.generateScalar(random);
                }));
    }

    /**
     * Imports a private signing key, on the caller's thread: an Ed25519 seed, or a P-256 number in 32 big-endian bytes. The bytes
     * are copied, and the caller should overwrite its own copy. A length other than 32 is refused with
     * {@link VaultException.Reason#INVALID_LENGTH}, a number that is not a private key with
     * {@link VaultException.Reason#INVALID_KEY}. A key imported twice is still one key.
     */
    public SigningKey importSigningKey(SignatureAlgorithm algorithm, byte[] privateKey) {
        return addSigningKey(algorithm, ByteArrays.copyOf(privateKey, SECRET_LENGTH, "a private signing key"));
    }

    private SigningKey addSigningKey(SignatureAlgorithm algorithm, byte[] owned) {
        VerifyingKey publicKey = switch (algorithm) {
            case ED25519 -> Ed25519.publicKey(owned);
            case P256 -> EcdsaP256.publicKey(owned);
        };
        return signingKeys.add(new SigningKey(idOf(publicKey.toBytes()), publicKey), owned);
    }

    @Override
    public CompletionStage<Signature> sign(SigningKey key, byte[] message) {
        byte[] copy = message.clone();
        return async(() -> {
            byte[] privateKey = signingKeys.copy(key);
            try {
                return switch (key.publicKey().algorithm()) {
                    case ED25519 -> Ed25519.sign(privateKey, copy);
                    case P256 -> EcdsaP256.sign(privateKey, copy);
                };
            } finally {
                Arrays.fill(privateKey, (byte) 0);
            }
        });
    }

    @Override
    public CompletionStage<Boolean> deleteSigningKey(SigningKey key) {
        return CompletableFuture.completedFuture(signingKeys.delete(key));
    }

    @Override
    public CompletionStage<Boolean> verify(VerifyingKey key, byte[] message, Signature signature) {
        byte[] copy = message.clone();
        return async(() -> {
            if (key instanceof Ed25519PublicKey ed25519 && signature instanceof Ed25519Signature made) {
                return Ed25519.verify(ed25519, copy, made);
            }
            return key instanceof P256PublicKey p256
                    && signature instanceof P256Signature made
                    && EcdsaP256.verify(p256, copy, made);
        });
    }

    /** Returns how many keys the vault holds now; may be called at any time. */
    public KeyCounts keyCounts() {
        return new KeyCounts(
                agreementKeys.count(), signingKeys.count(), liveKeys.secretCount(), liveKeys.aeadKeyCount());
    }

    /**
     * Erases every key, secret and cipher key that the vault holds now. The vault can be used afterwards; operations under way
     * may finish, and their results are live.
     */
    public void eraseAll() {
        agreementKeys.eraseAll();
        signingKeys.eraseAll();
        liveKeys.eraseAll();
    }

    @Override
    public String toString() {
        return "SoftwareVault(" + keyCounts() + ")";
    }

    private static KeyId idOf(byte[] publicKey) {
        return new KeyId(ByteArrays.hex(Sha256.hash(publicKey)));
    }

    private <T> CompletionStage<T> async(Supplier<T> operation) {
        var result = new CompletableFuture<T>();
        try {
            executor.execute(() -> complete(result, operation));
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(e);
        }
        return result;
    }

    /** Not {@code supplyAsync}, which would wrap the exception. */
    private static <T> void complete(CompletableFuture<T> result, Supplier<T> operation) {
        try {
            result.complete(operation.get());
        } catch (RuntimeException | Error e) {
            result.completeExceptionally(e);
        }
    }
}
