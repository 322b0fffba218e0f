// SPDX-License-Identifier: Apache-2.0

package ockam.vault.service;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import ockam.vault.KeyId;
import ockam.vault.Signature;
import ockam.vault.SignatureAlgorithm;
import ockam.vault.SigningKey;
import ockam.vault.SigningVault;
import ockam.vault.VaultException;
import ockam.vault.VaultException.Reason;
import ockam.vault.VerifyingKey;
import ockam.vault.VerifyingVault;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A signing vault whose private keys are in a {@link KeyService}, and stay there when this node restarts.
 *
 * <p>Thread safe; never blocks, unless the service does. Each call is tried a few times and ends in bounded time, and a bounded number is
 * under way ({@link KeyServiceOptions}); beyond that, calls are refused immediately with {@link Reason#OVERLOADED}. Stages complete on threads of
 * the service, of the {@link Later}, or of the vault that verifies. To cancel the returned future ends the call: what is under way at the
 * service is cancelled if the service can do that, and nothing is repeated.
 *
 * <p>Repeating is safe: a key is generated under a name that is repeated too, a second signature is as good as the first, and deleting
 * twice does no harm. Repeated is what failed with {@link Reason#UNAVAILABLE} or {@link Reason#OVERLOADED}, and what did not end in time but
 * could be cancelled. All other failures end the call, above all {@link Reason#DENIED}.
 *
 * <p>What was cancelled may be done nevertheless, by a service that it has reached already; no later, it is assumed, than
 * {@link KeyServiceOptions#timeout()} after it was cancelled. If that can make a key that is deleted, or make it again, the key is deleted
 * twice: at once, and when this time is over, in the same place. A node that stops in between may leave the key there.
 *
 * <p>Stages fail with {@link VaultException} itself.
 */
public final class KeyServiceVault implements SigningVault {
    private static final Logger log = LoggerFactory.getLogger(KeyServiceVault.class);

    private static final String PREFIX = "ockam-";
    private static final int ID_LENGTH = 16;

    private final SecureRandom random = new SecureRandom();
    private final KeyService service;
    private final VerifyingVault verifying;
    private final Later later;
    private final KeyServiceOptions options;
    private final Places places;
    /**
     * Keys that the caller has, and that a request before the one that made them may make again. They are here for one timeout, and their
     * requests had places for one timeout before, so there are no more of them than places.
     */
    private final Set<KeyId> mayBeMadeAgain = ConcurrentHashMap.newKeySet();

    private KeyServiceVault(KeyService service, VerifyingVault verifying, Later later, KeyServiceOptions options) {
        this.service = service;
        this.verifying = verifying;
        this.later = later;
        this.options = options;
        this.places = new Places(options.maxUnderWay());
    }

    /** Returns a vault with the {@linkplain KeyServiceOptions#defaults() default} options. */
    public static KeyServiceVault create(KeyService service, VerifyingVault verifying, Later later) {
        return create(service, verifying, later, KeyServiceOptions.defaults());
    }

    /**
     * Returns a vault.
     *
     * @param service where the keys are
     * @param verifying verifies each signature that the service makes
     * @param later for time-outs and repetitions
     * @param options bounds, times and repetitions
     */
    public static KeyServiceVault create(
            KeyService service, VerifyingVault verifying, Later later, KeyServiceOptions options) {
        return new KeyServiceVault(service, verifying, later, options);
    }

    /**
     * Generates a key in the service, with a random name that begins with {@code ockam-}. Fails with {@link Reason#UNSUPPORTED} if the
     * service does not have the algorithm. A key that may have been generated although the call failed or was cancelled is deleted, in the
     * same place among those that are under way; a second time after {@link KeyServiceOptions#timeout()}, if a cancelled request may have
     * made it meanwhile. If that fails, too, a warning with the name of the key is logged. What the service has refused is not deleted.
     */
    @Override
    public CompletionStage<SigningKey> generateSigningKey(SignatureAlgorithm algorithm) {
        if (!service.algorithms().contains(algorithm)) {
            return CompletableFuture.failedFuture(
                    new VaultException(Reason.UNSUPPORTED, "the service has no keys for " + algorithm));
        }
        byte[] name = new byte[ID_LENGTH];
        random.nextBytes(name);
        var id = new KeyId(PREFIX + HexFormat.of().formatHex(name));
        if (!places.take()) {
            return overloaded();
        }
        return new Call<VerifyingKey, SigningKey>(
                        options,
                        later,
                        new PlaceOfNewKey(id),
                        () -> service.generate(id, algorithm),
                        key -> generated(id, key, algorithm))
                .start();
    }

    /** If nobody got the key, it is deleted in the same place, and not before the end, or it might come after it was deleted. */
    private final class PlaceOfNewKey implements Call.Place {
        private final KeyId id;

        PlaceOfNewKey(KeyId id) {
            this.id = id;
        }

        @Override
        public void giveBack(Call.Outcome outcome, boolean mayStillBeDone) {
            if (outcome == Call.Outcome.IN_DOUBT && mayStillBeDone) {
                CompletableFuture<Boolean> unused = deleteTwice(id); // what counts is the second time
            } else if (outcome == Call.Outcome.IN_DOUBT) {
                warnIfLeft(id, deleteInPlace(id, places::giveBack));
            } else {
                if (mayStillBeDone) {
                    expectAgain(id);
                }
                places.giveBack();
            }
        }

        @Override
        public void inVain() {
            warnIfLeft(id, delete(id));
        }
    }

    private void expectAgain(KeyId id) {
        mayBeMadeAgain.add(id);
        try {
            later.after(options.timeout(), () -> mayBeMadeAgain.remove(id));
        } catch (RuntimeException e) {
            mayBeMadeAgain.remove(id); // there will not be a time to delete it again either
        }
    }

    /** Deletes a key in a place that is taken already; then runs what gives it back. */
    private CompletableFuture<Boolean> deleteInPlace(KeyId id, Runnable then) {
        return new Call<Boolean, Boolean>(
                        options,
                        later,
                        (outcome, mayStillBeDone) -> then.run(),
                        () -> service.delete(id),
                        CompletableFuture::completedFuture)
                .start();
    }

    /** The same, for a key that a cancelled request may still make; returns how it went the first time. */
    private CompletableFuture<Boolean> deleteTwice(KeyId id) {
        return deleteInPlace(id, () -> {
            try {
                later.after(options.timeout(), () -> warnIfLeft(id, deleteInPlace(id, places::giveBack)));
            } catch (RuntimeException e) {
                places.giveBack();
                warnIfLeft(
                        id,
                        CompletableFuture.failedFuture(
                                new VaultException(Reason.FAILED, "there is no later time to be had", e)));
            }
        });
    }

    private void warnIfLeft(KeyId id, CompletionStage<Boolean> deleted) {
        deleted.whenComplete((done, failure) -> {
            if (failure != null) {
                VaultException typed = Call.typed(failure);
                // Not with a cause, of which nobody has said that it is safe to log.
                log.warn(
                        "Nobody wants the key {}, and it may be left in {}, because it could not be deleted: {}, {}",
                        id,
                        service,
                        typed.reason(),
                        typed.getMessage());
            }
        });
    }

    private static CompletionStage<SigningKey> generated(KeyId id, VerifyingKey key, SignatureAlgorithm wanted) {
        return key.algorithm() == wanted
                ? CompletableFuture.completedFuture(new SigningKey(id, key))
                : CompletableFuture.failedFuture(
                        new VaultException(Reason.FAILED, "the service made a key for " + key.algorithm()));
    }

    /**
     * Completes with the handle of the key of this name; empty when the service has none. For an identity whose record was lost: the
     * handle and the history make a new one.
     */
    public CompletionStage<Optional<SigningKey>> find(KeyId id) {
        return call(
                () -> service.find(id),
                found -> CompletableFuture.completedFuture(found.map(key -> new SigningKey(id, key))));
    }

    /**
     * Signs in the service, and verifies the signature: one that does not verify with the public key of the handle, because the
     * service has another key of this name or made a mistake, fails with {@link Reason#INVALID_SIGNATURE}.
     */
    @Override
    public CompletionStage<Signature> sign(SigningKey key, byte[] message) {
        byte[] copy = message.clone();
        return call(() -> service.sign(key, copy.clone()), signature -> verified(key, copy, signature));
    }

    private CompletionStage<Signature> verified(SigningKey key, byte[] message, Signature signature) {
        return verifying.verify(key.publicKey(), message, signature).thenApply(valid -> {
            if (!valid) {
                throw new VaultException(
                        Reason.INVALID_SIGNATURE, "the service's signature is not by the key " + key.id());
            }
            return signature;
        });
    }

    /**
     * Deletes the key in the service. {@code false} may also mean that an attempt before, whose answer was lost, has deleted it. A key that
     * was generated so shortly before that a cancelled request may make it again is deleted a second time after
     * {@link KeyServiceOptions#timeout()}, in the place of this call; if that fails, a warning with the name of the key is logged.
     */
    @Override
    public CompletionStage<Boolean> deleteSigningKey(SigningKey key) {
        return delete(key.id());
    }

    private CompletionStage<Boolean> delete(KeyId id) {
        if (!places.take()) {
            return overloaded();
        }
        return mayBeMadeAgain.remove(id) ? deleteTwice(id) : deleteInPlace(id, places::giveBack);
    }

    /**
     * Returns how many calls are under way, counting those that have failed but that the service still works on, and keys that are to be
     * deleted; for gauges.
     */
    public int underWay() {
        return places.taken();
    }

    private <A, R> CompletableFuture<R> call(
            Supplier<CompletionStage<A>> operation, Function<A, CompletionStage<R>> finish) {
        return places.take()
                ? new Call<>(options, later, (outcome, mayStillBeDone) -> places.giveBack(), operation, finish).start()
                : overloaded();
    }

    private <R> CompletableFuture<R> overloaded() {
        return CompletableFuture.failedFuture(new VaultException(
                Reason.OVERLOADED, options.maxUnderWay() + " calls are under way at the service that holds the keys"));
    }

    @Override
    public String toString() {
        return "KeyServiceVault(" + service + ", " + underWay() + " of " + options.maxUnderWay() + " calls under way)";
    }
}
