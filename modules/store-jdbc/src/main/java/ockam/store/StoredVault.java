// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;
import ockam.store.StoreException.Reason;
import ockam.vault.AeadKey;
import ockam.vault.AgreementKey;
import ockam.vault.DerivedSecrets;
import ockam.vault.KeyId;
import ockam.vault.Secret;
import ockam.vault.SecureChannelVault;
import ockam.vault.Signature;
import ockam.vault.SignatureAlgorithm;
import ockam.vault.SigningKey;
import ockam.vault.SigningVault;
import ockam.vault.SoftwareVault;
import ockam.vault.Vault;
import ockam.vault.VaultException;
import ockam.vault.VerifyingVault;
import ockam.vault.X25519PublicKey;
import ockam.wire.internal.Failures;

/**
 * A vault whose private keys are in the database, sealed. Those in use are in memory too, where everything is computed. A new one waits,
 * sealed, until a unit of work stores the record that names it; so no key is stored that nobody knows of. Of those that wait, the newest
 * {@value #MAX_UNSAVED} are kept.
 */
final class StoredVault implements Vault, SecureChannelVault, SigningVault {
    /** New keys that no record names yet: more than units of work wait by default, so that what is refused takes no place of what waits. */
    static final int MAX_UNSAVED = 2_000;

    private static final int PRIVATE_KEY_LENGTH = 32;

    private final SecureRandom random = new SecureRandom();
    private final UnsavedKeys unsaved = new UnsavedKeys(MAX_UNSAVED);
    private final SoftwareVault memory;
    private final Sealer sealer;
    private final Executor curves;
    private final Workers workers;
    private final Transactions transactions;
    private volatile boolean isErased;

    StoredVault(Sealer sealer, Executor curves, Workers workers, Transactions transactions) {
        this.memory = SoftwareVault.create(curves);
        this.sealer = sealer;
        this.curves = curves;
        this.workers = workers;
        this.transactions = transactions;
    }

    /** Returns a new key that is to be stored in the database now. */
    Optional<SealedKey> toBeStored(KeyId id) {
        return unsaved.toBeStored(id);
    }

    /** Requires that what this vault has sealed can be stored now; until the end of the transaction it can. */
    void requireSameKey(Sql sql, Locks locks) {
        SealingChange.requireNone(sql, locks, sealer);
    }

    /** It is in the database now. */
    void saved(KeyId id) {
        unsaved.remove(id);
    }

    /** Erases everything in memory. No private key gets there afterwards. */
    void eraseAll() {
        isErased = true;
        unsaved.clear();
        memory.eraseAll();
    }

    /** Imports a private key like a new one, which it need not be; it is copied. */
    SigningKey importSigningKey(SignatureAlgorithm algorithm, byte[] privateKey) {
        return importSigningKey(algorithm, privateKey, true);
    }

    private SigningKey importSigningKey(SignatureAlgorithm algorithm, byte[] privateKey, boolean mayBeStored) {
        SigningKey key = memory.importSigningKey(algorithm, privateKey);
        keep(key.id(), KeyKind.of(algorithm), privateKey, mayBeStored, () -> {
            var unused = memory.deleteSigningKey(key);
        });
        return key;
    }

    private AgreementKey importAgreementKey(byte[] privateKey) {
        AgreementKey key = memory.importAgreementKey(privateKey);
        keep(key.id(), KeyKind.X25519, privateKey, false, () -> {
            var unused = memory.deleteAgreementKey(key);
        });
        return key;
    }

    /** A key that cannot be sealed does not stay in memory either, unless it is a new one already. */
    private void keep(KeyId id, KeyKind kind, byte[] privateKey, boolean mayBeStored, Runnable erase) {
        try {
            unsaved.add(SealedKey.seal(sealer, id, kind, privateKey), mayBeStored, erase);
        } catch (RuntimeException | Error e) {
            if (unsaved.find(id).isEmpty()) {
                erase.run();
            }
            throw e;
        }
        requireOpen();
    }

    /** Is asked after a key was brought into memory: whoever erases says so first, and then erases. */
    private void requireOpen() {
        if (isErased) {
            eraseAll();
            throw new StoreException(Reason.CLOSED, "the store was closed");
        }
    }

    @Override
    public CompletionStage<AgreementKey> generateAgreementKey() {
        return generate(this::importAgreementKey);
    }

    @Override
    public CompletionStage<SigningKey> generateSigningKey(SignatureAlgorithm algorithm) {
        return generate(privateKey -> importSigningKey(algorithm, privateKey, false));
    }

    /** Any 32 bytes are a private key, except one in 2^32 for P-256. */
    private <K> CompletionStage<K> generate(Function<byte[], K> imported) {
        return onCurves(() -> {
            byte[] privateKey = new byte[PRIVATE_KEY_LENGTH];
            try {
                for (; ; ) {
                    random.nextBytes(privateKey);
                    try {
                        return imported.apply(privateKey);
                    } catch (VaultException e) {
                        if (e.reason() != VaultException.Reason.INVALID_KEY) {
                            throw e;
                        }
                    }
                }
            } finally {
                Arrays.fill(privateKey, (byte) 0);
            }
        });
    }

    @Override
    public CompletionStage<Boolean> hasAgreementKey(AgreementKey key) {
        return memory.hasAgreementKey(key)
                .thenCompose(here -> here ? CompletableFuture.completedStage(true) : load(key.id(), key));
    }

    @Override
    public CompletionStage<Secret> agree(AgreementKey own, X25519PublicKey peer) {
        return withKey(own.id(), own, () -> memory.agree(own, peer));
    }

    @Override
    public CompletionStage<Signature> sign(SigningKey key, byte[] message) {
        byte[] copy = message.clone();
        return withKey(key.id(), key, () -> memory.sign(key, copy));
    }

    @Override
    public CompletionStage<Boolean> deleteAgreementKey(AgreementKey key) {
        return delete(key.id(), memory.deleteAgreementKey(key));
    }

    @Override
    public CompletionStage<Boolean> deleteSigningKey(SigningKey key) {
        return delete(key.id(), memory.deleteSigningKey(key));
    }

    private CompletionStage<Boolean> delete(KeyId id, CompletionStage<Boolean> inMemory) {
        if (unsaved.remove(id)) { // and nobody has to wait for the database
            return inMemory;
        }
        return workers.run(() -> transactions.run(sql -> KeyTable.delete(sql, id)))
                .thenCombine(inMemory, (deleted, erased) -> deleted || erased);
    }

    /** If the key is not in memory, brings it there, and tries once more. */
    private <T> CompletionStage<T> withKey(KeyId id, Object handle, Supplier<CompletionStage<T>> work) {
        return work.get()
                .exceptionallyCompose(failure -> isUnknownKey(failure)
                        ? load(id, handle)
                                .thenCompose(loaded -> loaded
                                        ? work.get()
                                        : CompletableFuture.failedStage(Failures.unwrapped(failure)))
                        : CompletableFuture.failedStage(failure));
    }

    private static boolean isUnknownKey(Throwable failure) {
        return Failures.unwrapped(failure) instanceof VaultException refused
                && refused.reason() == VaultException.Reason.UNKNOWN_KEY;
    }

    /** Completes with whether it is in memory now, with this handle. */
    private CompletionStage<Boolean> load(KeyId id, Object handle) {
        return workers.run(() -> transactions.run(sql -> KeyTable.find(sql, id)))
                .thenCompose(found -> found.isEmpty()
                        ? CompletableFuture.completedStage(false)
                        : onCurves(() -> handle.equals(opened(found.get()))));
    }

    private Object opened(SealedKey key) {
        byte[] privateKey = key.opened(sealer);
        try {
            Object handle = switch (key.kind()) {
                case X25519 -> memory.importAgreementKey(privateKey);
                case ED25519 -> memory.importSigningKey(SignatureAlgorithm.ED25519, privateKey);
                case P256 -> memory.importSigningKey(SignatureAlgorithm.P256, privateKey);
            };
            requireOpen();
            return handle;
        } finally {
            Arrays.fill(privateKey, (byte) 0);
        }
    }

    private <T> CompletionStage<T> onCurves(Supplier<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            curves.execute(() -> {
                try {
                    result.complete(work.get());
                } catch (RuntimeException | Error e) {
                    result.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(e);
        }
        return result;
    }

    @Override
    public Secret secretOf(byte[] bytes) {
        return memory.secretOf(bytes);
    }

    @Override
    public DerivedSecrets derive(Secret chainingKey, Secret input) {
        return memory.derive(chainingKey, input);
    }

    @Override
    public DerivedSecrets derive(Secret chainingKey) {
        return memory.derive(chainingKey);
    }

    @Override
    public AeadKey aeadKey(Secret secret) {
        return memory.aeadKey(secret);
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
        return memory;
    }

    @Override
    public String toString() {
        return "StoredVault(" + memory.keyCounts() + ", " + unsaved.count() + " not stored)";
    }
}
