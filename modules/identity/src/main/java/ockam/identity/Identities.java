// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import akka.util.ByteString;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import ockam.identity.IdentityException.Reason;
import ockam.identity.IdentityRepository.Retention;
import ockam.vault.SigningKey;
import ockam.vault.Vault;
import ockam.vault.X25519PublicKey;
import ockam.wire.Identifier;

/**
 * The identities of a node: creates its own identities and verifies those of others (secure channel, sections 3.3 and 4).
 *
 * <p>Thread safe; no method blocks, and none does curve operations on the caller's thread unless the vault does. A broken rule
 * fails the stage with {@link IdentityException} itself; failures of the vault and of the repository are passed through
 * unchanged. The clock only has to be within a minute of the peers' clocks.
 */
public final class Identities {
    private final Vault vault;
    private final IdentityRepository repository;
    private final Clock clock;
    private final HistoryVerifier histories;
    private final AttestationVerifier attestations;
    private final OwnIdentities own;
    private final PurposeKeys purposeKeys;

    private Identities(Vault vault, IdentityRepository repository, Clock clock) {
        this.vault = vault;
        this.repository = repository;
        this.clock = clock;
        this.histories = new HistoryVerifier(vault.verifying());
        this.attestations = new AttestationVerifier(vault.verifying());
        this.own = new OwnIdentities(vault.signing(), repository, clock);
        this.purposeKeys = new PurposeKeys(vault, repository, clock, own);
    }

    /** Returns the identities whose private keys are in this vault, and everything else in this repository. */
    public static Identities create(Vault vault, IdentityRepository repository, Clock clock) {
        return new Identities(vault, repository, clock);
    }

    /** Returns the vault that holds the private keys of these identities. */
    public Vault vault() {
        return vault;
    }

    /** Creates an identity with a new key and the {@linkplain IdentityOptions#defaults() default} options. */
    public CompletionStage<Identity> create() {
        return create(IdentityOptions.defaults());
    }

    /** Creates an identity with a new key (secure channel, section 4.4). */
    public CompletionStage<Identity> create(IdentityOptions options) {
        return Stages.run(() -> own.create(options).thenApply(this::handle));
    }

    /**
     * Loads an identity of this node from the repository, and verifies its history. Fails with {@code UNKNOWN_IDENTITY} when
     * there is none, and with {@code ROTATED_ELSEWHERE} when its latest key is not here.
     */
    public CompletionStage<Identity> identity(Identifier identifier) {
        return Stages.run(() -> own.current(identifier)
                .thenCompose(found -> histories.verify(found.history()))
                .thenApply(history -> new Identity(this, history)));
    }

    /**
     * Replaces the key of an identity of this node with a new one, and deletes the private half of the old one from the vault
     * (secure channel, section 4.4). The identifier does not change. Earlier attestations and credentials become void, so the
     * next channel gets a new key; open channels are not affected. Peers learn of the rotation in the next handshake.
     *
     * <p>Completes with the handle with the new history. Of two rotations at the same time, one fails with
     * {@code CHANGED_CONCURRENTLY}. After some 250 rotations the history would no longer fit into a handshake, and the next
     * rotation is refused with {@code HISTORY_TOO_LONG}. If the vault cannot delete the previous key, a warning is logged.
     */
    public CompletionStage<Identity> rotate(Identity identity) {
        return Stages.run(() -> own.rotate(identity.identifier()).thenApply(this::handle));
    }

    /**
     * Imports the exported history of an identity, and keeps it permanently: verified by every rule of secure channel, section
     * 4.5, and compared and stored as in secure channel, section 4.6. Fails when it is older than the known one, or contradicts
     * it.
     */
    public CompletionStage<Identifier> importHistory(ByteString exported) {
        return Stages.run(() -> accept(ChangeHistory.received(exported), Retention.KEPT));
    }

    /** Does the same for a history that has to be of this identity; otherwise fails with {@code UNEXPECTED_IDENTIFIER}. */
    public CompletionStage<Identifier> importHistory(ByteString exported, Identifier expected) {
        return Stages.run(() -> accept(requireOf(expected, ChangeHistory.received(exported)), Retention.KEPT));
    }

    /** Does the same for a history that may be older than the known one, which is then silently kept. */
    public CompletionStage<Identifier> importHistoryUnlessOlder(ByteString exported) {
        return Stages.run(() -> {
            ChangeHistory received = ChangeHistory.received(exported);
            return verifyAndStore(received, Retention.KEPT)
                    .thenApply(comparison ->
                            comparison == Comparison.OLDER ? received.identifier() : accepted(received, comparison));
        });
    }

    /** Completes with the latest known history of an identity, of this node or another. */
    public CompletionStage<Optional<ChangeHistory>> history(Identifier identifier) {
        return Stages.run(() -> repository.history(identifier));
    }

    /**
     * Completes with what an identity of this node needs to open a secure channel now (secure channel, section 4.7). The stored
     * key is reused while its attestation verifies and its private half is in the vault; otherwise a new one is generated,
     * attested and stored, and the old one is deleted. Concurrent callers get the same key.
     *
     * <p>Fails with {@code KEY_NOT_VALID_NOW} when the identity's own key can no longer attest: it has to be rotated.
     */
    public CompletionStage<SecureChannelKey> secureChannelKey(Identity identity) {
        return Stages.run(() -> purposeKeys
                .secureChannelKey(identity.identifier())
                .thenApply(held -> new SecureChannelKey(
                        held.key().key(), held.key().attestation(), held.own().history())));
    }

    /**
     * Completes with the key with which an identity of this node signs credentials, and its attestation (secure channel, section
     * 4.9). It is stored, renewed and fails like the key for secure channels, and is independent of it. The only difference: the
     * vault is not asked whether it still has the key.
     */
    public CompletionStage<AttestedKey<SigningKey>> credentialKey(Identity identity) {
        return Stages.run(() -> purposeKeys.credentialKey(identity.identifier()).thenApply(PurposeKeys.Held::key));
    }

    /**
     * Completes with the content of an attestation, if it verifies with the known history of its subject (secure channel, section
     * 4.8); that history is verified again. The caller must check whether subject and purpose are the right ones.
     */
    public CompletionStage<PurposeKeyAttestationData> verifyAttestation(PurposeKeyAttestation attestation) {
        return Stages.run(() -> repository
                .history(attestation.content().subject())
                .thenApply(known -> known.orElseThrow(() -> new IdentityException(
                        Reason.SUBJECT_UNKNOWN, "the attestation is by an identity that is not known here")))
                .thenCompose(histories::verify)
                .thenCompose(history -> attestations.verify(attestation, history, now())));
    }

    /**
     * Verifies the peer of a handshake, and completes with the identity that it shows (secure channel, section 3.3, steps 2 and
     * 3). The history is verified, compared and stored; the attestation has to verify with it, be for secure channels, and be for
     * exactly the key that the handshake proved. Credentials are ignored.
     *
     * <p>Whether this peer is trusted is a separate question for the {@link TrustPolicy}, to be asked afterwards.
     *
     * @param received what the peer showed
     * @param noiseStaticKey the static key that the peer proved to hold
     */
    public CompletionStage<Identifier> verifyPeer(IdentityAndCredentials received, X25519PublicKey noiseStaticKey) {
        ChangeHistory history = received.changeHistory();
        return Stages.run(() -> {
            // In parallel, if the vault has another thread; the result counts only if the history is valid.
            CompletionStage<PurposeKeyAttestationData> attested =
                    Stages.start(() -> attestations.verify(received.attestation(), history, now()));
            return accept(history, Retention.EVICTABLE)
                    .thenCompose(identifier -> attested)
                    .thenApply(content -> {
                        requireKey(content.publicKey(), noiseStaticKey);
                        return history.identifier();
                    });
        });
    }

    /**
     * Accepts the history that the peer of an open channel sends later (secure channel, section 5.7). It is verified, compared
     * and stored like that of a handshake, and like that it may be forgotten again. Fails with {@code UNEXPECTED_IDENTIFIER} when
     * it is not the peer's.
     */
    public CompletionStage<Identifier> refreshPeer(ChangeHistory received, Identifier peer) {
        return Stages.run(() -> accept(requireOf(peer, received), Retention.EVICTABLE));
    }

    private static ChangeHistory requireOf(Identifier expected, ChangeHistory received) {
        if (!received.identifier().equals(expected)) {
            throw new IdentityException(
                    Reason.UNEXPECTED_IDENTIFIER,
                    "the history is not that of " + expected + " but of another identity");
        }
        return received;
    }

    private static void requireKey(PurposePublicKey attested, X25519PublicKey proved) {
        if (!(attested instanceof PurposePublicKey.SecureChannelStatic secureChannel)) {
            throw new IdentityException(Reason.WRONG_PURPOSE, "the attested key is not for secure channels");
        }
        if (!secureChannel.key().equals(proved)) {
            throw new IdentityException(
                    Reason.KEY_MISMATCH, "the attested key is not the one that the handshake proved");
        }
    }

    private CompletionStage<Identifier> accept(ChangeHistory received, Retention retention) {
        return verifyAndStore(received, retention).thenApply(comparison -> accepted(received, comparison));
    }

    private CompletionStage<Comparison> verifyAndStore(ChangeHistory received, Retention retention) {
        return histories.verify(received).thenCompose(verified -> repository.update(verified, retention));
    }

    private static Identifier accepted(ChangeHistory received, Comparison comparison) {
        return switch (comparison) {
            case FIRST_SEEN, EQUAL, NEWER -> received.identifier();
            case OLDER ->
                throw new IdentityException(
                        Reason.HISTORY_OLDER,
                        "the history of " + received.identifier() + " is older than the known one");
            case CONFLICT ->
                throw new IdentityException(
                        Reason.HISTORY_CONFLICT,
                        "the history of " + received.identifier() + " contradicts the known one");
        };
    }

    private Identity handle(OwnIdentity record) {
        return new Identity(this, record.history());
    }

    private Timestamp now() {
        return Timestamp.of(clock.instant());
    }
}
