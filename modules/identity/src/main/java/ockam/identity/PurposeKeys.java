// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import ockam.vault.AgreementKey;
import ockam.vault.KeyId;
import ockam.vault.SigningKey;
import ockam.vault.Vault;
import ockam.wire.Identifier;
import ockam.wire.internal.Failures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Provides this node's identities with their purpose keys (secure channel, section 4.7): the stored one as long as it can be
 * used and is not to be replaced, otherwise a new one, whose predecessor is deleted. Concurrent callers all get the same key.
 */
final class PurposeKeys {
    private static final int MAX_ATTEMPTS = 16;

    private static final Logger log = LoggerFactory.getLogger(Identities.class);

    private final OwnIdentities ownIdentities;
    private final Clock clock;
    private final Issuer issuer;
    private final AttestationVerifier attestations;
    private final Kind<AgreementKey> secureChannel;
    private final Kind<SigningKey> credential;

    /**
     * How the two kinds of purpose keys differ.
     *
     * @param name for the log
     * @param generate generates a new key
     * @param delete deletes a key
     * @param usable whether the vault has the key and the options want such a key
     * @param id the name of a key
     * @param publicKey the public key that is attested
     * @param stored returns the key of the record
     * @param store returns the next record, with a new key
     * @param <K> the handle of the key
     */
    private record Kind<K>(
            String name,
            Function<OwnIdentity, CompletionStage<K>> generate,
            Function<K, CompletionStage<Boolean>> delete,
            BiFunction<OwnIdentity, K, CompletionStage<Boolean>> usable,
            Function<K, KeyId> id,
            Function<K, PurposePublicKey> publicKey,
            Function<OwnIdentity, Optional<AttestedKey<K>>> stored,
            BiFunction<OwnIdentity, AttestedKey<K>, OwnIdentity> store) {}

    /** What else a stored key has to be that can be used; otherwise there is a new one. */
    private interface Wanted<K> {
        boolean includes(OwnIdentity own, AttestedKey<K> stored);
    }

    /**
     * A purpose key and the record that contains it.
     *
     * @param own the record
     * @param key the key
     * @param <K> the handle of the key
     */
    record Held<K>(OwnIdentity own, AttestedKey<K> key) {}

    PurposeKeys(Vault vault, Clock clock, OwnIdentities ownIdentities) {
        this.ownIdentities = ownIdentities;
        this.clock = clock;
        this.issuer = new Issuer(vault.signing());
        this.attestations = new AttestationVerifier(vault.verifying());
        this.secureChannel = new Kind<>(
                "secure channel",
                own -> vault.secureChannels().generateAgreementKey(),
                key -> vault.secureChannels().deleteAgreementKey(key),
                (own, key) -> vault.secureChannels().hasAgreementKey(key),
                AgreementKey::id,
                key -> new PurposePublicKey.SecureChannelStatic(key.publicKey()),
                OwnIdentity::secureChannelKey,
                OwnIdentity::withSecureChannelKey);
        this.credential = new Kind<>(
                "credential",
                own -> vault.signing().generateSigningKey(own.options().credentialKeyAlgorithm()),
                key -> vault.signing().deleteSigningKey(key),
                (own, key) -> CompletableFuture.completedFuture(
                        key.publicKey().algorithm() == own.options().credentialKeyAlgorithm()),
                SigningKey::id,
                key -> new PurposePublicKey.CredentialSigning(key.publicKey()),
                OwnIdentity::credentialKey,
                OwnIdentity::withCredentialKey);
    }

    CompletionStage<Held<AgreementKey>> secureChannelKey(Identifier identifier) {
        return key(identifier, secureChannel, (own, stored) -> true, MAX_ATTEMPTS);
    }

    CompletionStage<Held<SigningKey>> credentialKey(Identifier identifier) {
        return key(identifier, credential, (own, stored) -> true, MAX_ATTEMPTS);
    }

    /** The same for a key whose attestation lasts until then, or for as long as the identity's own key may attest. */
    CompletionStage<Held<SigningKey>> credentialKey(Identifier identifier, Timestamp until) {
        return key(identifier, credential, (own, stored) -> lasts(own, stored, until), MAX_ATTEMPTS);
    }

    /** A key other than the one that is stored now. */
    CompletionStage<Held<AgreementKey>> newSecureChannelKey(Identifier identifier) {
        return other(identifier, secureChannel);
    }

    /** The same for credentials. */
    CompletionStage<Held<SigningKey>> newCredentialKey(Identifier identifier) {
        return other(identifier, credential);
    }

    /** Replaces the stored keys that are at least this old, or cannot be used; completes with the time until the next one is so old. */
    CompletionStage<Duration> replaceOlder(Identifier identifier, Duration age) {
        return replaceOlder(identifier, secureChannel, age)
                .thenCompose(one ->
                        replaceOlder(identifier, credential, age).thenApply(two -> one.compareTo(two) < 0 ? one : two));
    }

    private <K> CompletionStage<Duration> replaceOlder(Identifier identifier, Kind<K> kind, Duration age) {
        return ownIdentities
                .current(identifier)
                .thenCompose(own -> kind.stored().apply(own).isEmpty()
                        ? CompletableFuture.completedFuture(age)
                        : key(
                                        identifier,
                                        kind,
                                        (now, stored) -> !untilOld(stored, age).isZero(),
                                        MAX_ATTEMPTS)
                                .thenApply(held -> untilOld(held.key(), age)));
    }

    private Duration untilOld(AttestedKey<?> key, Duration age) {
        Timestamp old = key.attestation().content().createdAt().plus(age);
        Timestamp now = now();
        return old.isAfter(now) ? Duration.between(now.toInstant(), old.toInstant()) : Duration.ZERO;
    }

    private <K> CompletionStage<Held<K>> other(Identifier identifier, Kind<K> kind) {
        return ownIdentities.current(identifier).thenCompose(own -> {
            Optional<K> replaced = kind.stored().apply(own).map(AttestedKey::key);
            return key(identifier, kind, (now, stored) -> !replaced.equals(Optional.of(stored.key())), MAX_ATTEMPTS);
        });
    }

    /** If another caller is faster, with this key or another part of the record, starts again from the record stored by then. */
    private <K> CompletionStage<Held<K>> key(Identifier identifier, Kind<K> kind, Wanted<K> wanted, int attempts) {
        return ownIdentities
                .current(identifier)
                .thenCompose(own -> usable(own, kind, wanted))
                .exceptionallyCompose(failure -> attempts > 1 && isConcurrentChange(failure)
                        ? key(identifier, kind, wanted, attempts - 1)
                        : CompletableFuture.failedStage(failure));
    }

    private static boolean isConcurrentChange(Throwable failure) {
        return Failures.unwrapped(failure) instanceof IdentityException broken
                && broken.reason() == IdentityException.Reason.CHANGED_CONCURRENTLY;
    }

    private <K> CompletionStage<Held<K>> usable(OwnIdentity own, Kind<K> kind, Wanted<K> wanted) {
        Optional<AttestedKey<K>> stored = kind.stored().apply(own);
        return stored.isEmpty()
                ? renew(own, kind)
                : isUsable(own, kind, stored.get(), wanted)
                        .thenCompose(usable -> usable
                                ? CompletableFuture.completedFuture(new Held<>(own, stored.get()))
                                : renew(own, kind));
    }

    private <K> CompletionStage<Boolean> isUsable(
            OwnIdentity own, Kind<K> kind, AttestedKey<K> stored, Wanted<K> wanted) {
        return Stages.start(() -> attestations.verifyOnce(stored.attestation(), own.history(), now()))
                .handle((content, failure) -> {
                    if (failure != null && !(Failures.unwrapped(failure) instanceof IdentityException)) {
                        throw Stages.passOn(failure);
                    }
                    return failure == null
                            && content.publicKey().equals(kind.publicKey().apply(stored.key()))
                            && wanted.includes(own, stored);
                })
                .thenCompose(attested ->
                        attested ? kind.usable().apply(own, stored.key()) : CompletableFuture.completedFuture(false));
    }

    private static boolean lasts(OwnIdentity own, AttestedKey<?> stored, Timestamp until) {
        Timestamp latest = own.history().latest().content().validUntil();
        return !stored.attestation().content().expiresAt().isBefore(Timestamp.earlier(until, latest));
    }

    private <K> CompletionStage<Held<K>> renew(OwnIdentity own, Kind<K> kind) {
        return kind.generate()
                .apply(own)
                .thenCompose(key -> Stages.cleaningUp(
                                () -> kind.delete().apply(key),
                                () -> ownIdentities.signing(
                                        own,
                                        () -> issuer.attest(
                                                own, kind.publicKey().apply(key), now())))
                        .thenCompose(attestation -> store(own, kind, new AttestedKey<>(key, attestation))));
    }

    private <K> CompletionStage<Held<K>> store(OwnIdentity own, Kind<K> kind, AttestedKey<K> key) {
        OwnIdentity next = kind.store().apply(own, key);
        Supplier<CompletionStage<?>> delete = () -> kind.delete().apply(key.key());
        return ownIdentities.store(next, kind.id().apply(key.key()), delete).thenCompose(stored -> {
            if (!stored) {
                return Stages.cleaningUp(
                        delete, () -> CompletableFuture.failedFuture(OwnIdentities.changedConcurrently(own)));
            }
            log.info("Identity {} has a new {} key", own.identifier(), kind.name());
            return deletePrevious(own, kind).thenApply(done -> new Held<>(next, key));
        });
    }

    private static <K> CompletionStage<Boolean> deletePrevious(OwnIdentity own, Kind<K> kind) {
        Optional<AttestedKey<K>> previous = kind.stored().apply(own);
        if (previous.isEmpty()) {
            return CompletableFuture.completedFuture(false);
        }
        return kind.delete().apply(previous.get().key()).exceptionally(failure -> {
            log.warn("A {} key of identity {} could not be deleted", kind.name(), own.identifier(), failure);
            return false;
        });
    }

    private Timestamp now() {
        return Timestamp.of(clock.instant());
    }
}
