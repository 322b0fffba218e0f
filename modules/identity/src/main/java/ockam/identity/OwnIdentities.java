// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import ockam.identity.IdentityException.Reason;
import ockam.vault.KeyId;
import ockam.vault.SigningKey;
import ockam.vault.SigningVault;
import ockam.wire.Identifier;
import ockam.wire.internal.Failures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates, loads and rotates this node's identities.
 *
 * <p>A new key is deleted again when it is certain that no record names it. That is not certain when the repository fails: the
 * record may have been stored anyway. Then the stored one is read; if that fails too, both the new key and the previous one are kept.
 */
final class OwnIdentities {
    /** The most changes of an identity of this node: as many as peers accept by default. They fit into a handshake with room to spare. */
    static final int MAX_CHANGES = 1 + Identities.MAX_ROTATIONS;

    /** Follows none, so a record with it is never stored. */
    private static final long NO_SUCCESSOR = -1;

    private static final Logger log = LoggerFactory.getLogger(Identities.class);

    private final SigningVault vault;
    private final IdentityRepository repository;
    private final Clock clock;
    private final Watchers watchers;
    private final Issuer issuer;

    OwnIdentities(SigningVault vault, IdentityRepository repository, Watchers watchers, Clock clock) {
        this.vault = vault;
        this.repository = repository;
        this.watchers = watchers;
        this.clock = clock;
        this.issuer = new Issuer(vault);
    }

    CompletionStage<OwnIdentity> create(IdentityOptions options) {
        Timestamp now = Timestamp.of(clock.instant());
        return vault.generateSigningKey(options.signatureAlgorithm())
                .thenCompose(key -> Stages.cleaningUp(
                                () -> vault.deleteSigningKey(key),
                                () -> issuer.firstHistory(key, now, options.keyLifetime()))
                        .thenCompose(history -> storeNew(OwnIdentity.create(history, key, options))))
                .thenApply(own -> {
                    log.info("Identity {} created", own.identifier());
                    return own;
                });
    }

    /**
     * Completes with the record of an identity of this node whose key is known to be the latest one. The record is read last: in
     * the opposite order, a rotation in between would look like one elsewhere.
     */
    CompletionStage<OwnIdentity> current(Identifier identifier) {
        return repository
                .history(identifier)
                .thenCompose(known -> repository
                        .own(identifier)
                        .thenApply(found -> requireCurrent(
                                found.orElseThrow(() -> new IdentityException(
                                        Reason.UNKNOWN_IDENTITY, identifier + " is not an identity of this node")),
                                known)));
    }

    private static OwnIdentity requireCurrent(OwnIdentity own, Optional<ChangeHistory> known) {
        if (known.isPresent() && known.get().compareWith(own.history()) == Comparison.NEWER) {
            throw new IdentityException(
                    Reason.ROTATED_ELSEWHERE, own.identifier() + " was rotated elsewhere: its key is not here");
        }
        return own;
    }

    CompletionStage<OwnIdentity> rotate(Identifier identifier) {
        Timestamp now = Timestamp.of(clock.instant());
        return current(identifier)
                .thenApply(OwnIdentities::requireRoom)
                .thenCompose(own -> vault.generateSigningKey(own.options().signatureAlgorithm())
                        .thenCompose(key -> Stages.cleaningUp(
                                        () -> vault.deleteSigningKey(key),
                                        () -> signing(
                                                own,
                                                () -> issuer.nextHistory(
                                                        own.history(),
                                                        own.key(),
                                                        key,
                                                        now,
                                                        own.options().keyLifetime())))
                                .thenCompose(history -> storeRotation(own, history, key)))
                        .thenCompose(rotated -> deletePrevious(own, rotated)));
    }

    /**
     * Signs with the key of this record. If it is not in the vault because the identity was rotated in the meantime, the failure
     * says so.
     */
    <T> CompletionStage<T> signing(OwnIdentity own, Supplier<CompletionStage<T>> work) {
        return Stages.start(work)
                .exceptionallyCompose(failure -> Stages.isUnknownKey(failure)
                        ? repository
                                .own(own.identifier())
                                .thenCompose(now -> CompletableFuture.failedStage(
                                        now.isPresent() && now.get().revision() != own.revision()
                                                ? changedConcurrently(own)
                                                : failure))
                        : CompletableFuture.failedStage(failure));
    }

    private static OwnIdentity requireRoom(OwnIdentity own) {
        if (own.history().changes().size() >= MAX_CHANGES) {
            throw new IdentityException(
                    Reason.HISTORY_TOO_LONG,
                    own.identifier() + " was rotated " + Identities.MAX_ROTATIONS
                            + " times; peers do not accept a longer history");
        }
        return own;
    }

    private CompletionStage<OwnIdentity> storeRotation(OwnIdentity own, ChangeHistory history, SigningKey key) {
        OwnIdentity next = own.withRotation(history, key);
        return store(next, key.id(), () -> vault.deleteSigningKey(key), () -> watchers.tell(next.identifier()))
                .thenCompose(stored -> stored
                        ? CompletableFuture.completedFuture(next)
                        : Stages.cleaningUp(() -> vault.deleteSigningKey(key), () -> unrotatedSince(own))
                                .thenCompose(now -> storeRotation(now, history, key)));
    }

    /** Completes with the record that was stored since; a purpose key in it is no obstacle, but another change is. */
    private CompletionStage<OwnIdentity> unrotatedSince(OwnIdentity own) {
        return current(own.identifier()).thenApply(now -> {
            if (now.revision() == own.revision() || !now.history().equals(own.history())) {
                throw changedConcurrently(own);
            }
            return now;
        });
    }

    private CompletionStage<OwnIdentity> deletePrevious(OwnIdentity own, OwnIdentity rotated) {
        log.info(
                "Identity {} rotated to change {}",
                own.identifier(),
                rotated.history().latest().hash());
        return vault.deleteSigningKey(own.key()).handle((deleted, failure) -> {
            if (failure != null) { // the identity is rotated nevertheless
                log.warn("The previous key of identity {} could not be deleted", own.identifier(), failure);
            }
            return rotated;
        });
    }

    private CompletionStage<OwnIdentity> storeNew(OwnIdentity next) {
        return store(next, next.key().id(), () -> vault.deleteSigningKey(next.key()))
                .thenCompose(stored -> stored
                        ? CompletableFuture.completedFuture(next)
                        : Stages.cleaningUp(
                                () -> vault.deleteSigningKey(next.key()),
                                () -> CompletableFuture.failedFuture(changedConcurrently(next))));
    }

    /** Stores a record with a new key. If that fails, deletes the key if it is certain that no record names it. */
    CompletionStage<Boolean> store(OwnIdentity next, KeyId newKey, Supplier<CompletionStage<?>> delete) {
        return store(next, newKey, delete, () -> {});
    }

    /** Does the same, and runs the last when the record is stored, and when it may be although that failed. */
    private CompletionStage<Boolean> store(
            OwnIdentity next, KeyId newKey, Supplier<CompletionStage<?>> delete, Runnable mayBeStored) {
        return Stages.start(() -> repository.storeOwn(next))
                .thenApply(stored -> {
                    if (stored) {
                        mayBeStored.run();
                    }
                    return stored;
                })
                .exceptionallyCompose(failure -> mayBeNamed(next, newKey, failure)
                        .thenCompose(may -> {
                            if (!may) {
                                return Stages.cleaningUp(delete, () -> CompletableFuture.failedStage(failure));
                            }
                            mayBeStored.run();
                            return CompletableFuture.<Boolean>failedStage(failure);
                        }));
    }

    /** Reads the record after another attempt to store one, which is in vain, but has its turn only when the first one is over. */
    private CompletionStage<Boolean> mayBeNamed(OwnIdentity next, KeyId newKey, Throwable failure) {
        if (Stages.isUndone(failure)) {
            return CompletableFuture.completedStage(false);
        }
        return Stages.start(() -> repository.storeOwn(next.atRevision(NO_SUCCESSOR)))
                .thenCompose(refused -> repository.own(next.identifier()))
                .handle((stored, unknown) -> {
                    if (unknown != null) {
                        log.warn(
                                "It is not known whether identity {} has the new key {}, which may be left in the vault",
                                next.identifier(),
                                newKey,
                                Failures.unwrapped(unknown));
                        return true;
                    }
                    return stored.filter(own -> own.names(newKey)).isPresent();
                });
    }

    static IdentityException changedConcurrently(OwnIdentity own) {
        return new IdentityException(Reason.CHANGED_CONCURRENTLY, own.identifier() + " was changed concurrently");
    }
}
