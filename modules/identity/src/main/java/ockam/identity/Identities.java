// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import akka.util.ByteString;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import ockam.identity.IdentityException.Reason;
import ockam.identity.IdentityRepository.Retention;
import ockam.vault.AgreementKey;
import ockam.vault.SigningKey;
import ockam.vault.Vault;
import ockam.vault.VerifyingVault;
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
    /** How often an identity can be {@linkplain #rotate rotated}: peers accept histories of 64 changes, of which one is the first. */
    public static final int MAX_ROTATIONS = 63;

    private final Vault vault;
    private final IdentityRepository repository;
    private final Clock clock;
    private final HistoryVerifier histories;
    private final AttestationVerifier attestations;
    private final PeerHistories peers;
    private final OwnIdentities own;
    private final PurposeKeys purposeKeys;
    private final CredentialIssuer issuer;
    private final CredentialVerifier credentials;
    private final PeerStatements statements;
    private final Watchers ofHistories = new Watchers();

    private Identities(Vault vault, IdentityRepository repository, AttributeStore attributes, Clock clock) {
        this.vault = vault;
        this.repository = repository;
        this.clock = clock;
        this.histories = new HistoryVerifier(vault.verifying());
        this.attestations = new AttestationVerifier(vault.verifying());
        this.peers = new PeerHistories(repository, ofHistories);
        this.own = new OwnIdentities(vault.signing(), repository, ofHistories, clock);
        this.purposeKeys = new PurposeKeys(vault, clock, own);
        this.issuer = new CredentialIssuer(vault.signing(), repository, clock, own, purposeKeys);
        this.credentials = new CredentialVerifier(peers, attestations);
        this.statements = new PeerStatements(credentials, repository, attributes, clock);
    }

    /**
     * Returns the identities whose private keys are in this vault, and everything else in this repository. What authorities say about
     * peers is kept in memory.
     */
    public static Identities create(Vault vault, IdentityRepository repository, Clock clock) {
        return create(vault, repository, InMemoryAttributeStore.create(), clock);
    }

    /** Does the same, with what authorities say about peers in this store. */
    public static Identities create(
            Vault vault, IdentityRepository repository, AttributeStore attributes, Clock clock) {
        return new Identities(vault, repository, attributes, clock);
    }

    /** Returns the identities that are kept in this store, with their private keys, and with what authorities say about peers. */
    public static Identities create(Store store, Clock clock) {
        return create(store.vault(), store.identities(), store.attributes(), clock);
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
     * next channel gets a new key; open channels are not affected. Peers learn of the rotation in the next handshake. How many
     * changes they accept is up to them: by default 64, and some 16 from a peer that they have not named
     * ({@link HistoryLimits}).
     *
     * <p>Completes with the handle with the new history. Of two rotations at the same time, one fails with
     * {@code CHANGED_CONCURRENTLY}. An identity can be rotated {@value #MAX_ROTATIONS} times; one more is refused with
     * {@code HISTORY_TOO_LONG}, because peers would not accept such a history. So there is no schedule for this. If the vault cannot
     * delete the previous key, a warning is logged.
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
        return Stages.run(() -> keep(ChangeHistory.received(exported)));
    }

    /** Does the same for a history that has to be of this identity; otherwise fails with {@code UNEXPECTED_IDENTIFIER}. */
    public CompletionStage<Identifier> importHistory(ByteString exported, Identifier expected) {
        return Stages.run(() -> keep(requireOf(expected, ChangeHistory.received(exported))));
    }

    /** Does the same for a history that may be older than the known one, which is then silently kept. */
    public CompletionStage<Identifier> importHistoryUnlessOlder(ByteString exported) {
        return Stages.run(() -> {
            ChangeHistory received = ChangeHistory.received(exported);
            return histories
                    .verify(received)
                    .thenCompose(verified -> peers.store(verified, Retention.KEPT))
                    .thenApply(comparison -> {
                        if (comparison != Comparison.OLDER) {
                            PeerHistories.requireConsistent(received, comparison);
                        }
                        return received.identifier();
                    });
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
        return Stages.run(
                () -> purposeKeys.secureChannelKey(identity.identifier()).thenApply(Identities::opening));
    }

    private static SecureChannelKey opening(PurposeKeys.Held<AgreementKey> held) {
        return new SecureChannelKey(
                held.key().key(), held.key().attestation(), held.own().history());
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
     * Replaces the key for secure channels with a new one, even if it could still be used, and deletes the private half of the old one from
     * the vault. Channels that are open go on, handshakes that are under way continue with the new key, and peers see it in the next one.
     * Another process that shares the store, and has used the old one, has it in memory until it closes the store.
     *
     * <p>Completes with what the next channel is opened with. Of two replacements at the same time, both complete with the same new key.
     * Fails as {@link #secureChannelKey} does.
     */
    public CompletionStage<SecureChannelKey> rotateSecureChannelKey(Identity identity) {
        return Stages.run(
                () -> purposeKeys.newSecureChannelKey(identity.identifier()).thenApply(Identities::opening));
    }

    /**
     * Does the same for the key that signs credentials. Those that the old one has signed stay valid until they end: peers need its
     * attestation, which they were shown, and not the key.
     */
    public CompletionStage<AttestedKey<SigningKey>> rotateCredentialKey(Identity identity) {
        return Stages.run(
                () -> purposeKeys.newCredentialKey(identity.identifier()).thenApply(PurposeKeys.Held::key));
    }

    /**
     * Replaces those of the two purpose keys that were attested at least so long ago, or that can no longer be used. A key that the identity
     * has not needed yet is not made.
     *
     * <p>Completes with the time that is left until the next one is so old, at most {@code age}. If it is to be done again and again, see
     * {@code PurposeKeyRotation} of the module for channels.
     *
     * @param age at least a second, otherwise throws {@link IllegalArgumentException}; only whole seconds count
     */
    public CompletionStage<Duration> rotatePurposeKeys(Identity identity, Duration age) {
        if (age.toSeconds() < 1) {
            throw new IllegalArgumentException("after " + age + " no key is old");
        }
        return Stages.run(() -> purposeKeys.replaceOlder(identity.identifier(), age));
    }

    /**
     * Issues a credential: an identity of this node, as an authority, says something about another identity (secure channel, section
     * 4.9). It begins now, and is signed with the authority's credential key, which is renewed before it would end earlier than the
     * credential: in other implementations, an authority whose key is near its end issues credentials that nobody accepts (authority,
     * section 4). If not even a new key can last that long, because the identity's own key ends, the credential ends with it.
     *
     * <p>The subject need not be known here; if it is, the credential names its latest change. Fails with {@code VALIDITY_TOO_LONG} if
     * the credential is to be valid for longer than {@link IdentityOptions#maxCredentialValidity()} of the authority, four and a half years by
     * default, and with {@code KEY_NOT_VALID_NOW} when the authority has to be rotated.
     */
    public CompletionStage<CredentialAndPurposeKey> issueCredential(Identity authority, CredentialOptions options) {
        return Stages.run(() -> issuer.issue(authority.identifier(), options));
    }

    /**
     * Completes with what a credential says, if it verifies by every rule of secure channel, section 4.9: it is by one of these
     * authorities, with a key that the authority attested with the latest of its own keys that is known here; it is about this subject;
     * it is valid now, where the authority's clock may be a minute ahead; and it is signed with the attested key.
     *
     * <p>Whatever can be refused without a look-up is refused first, for example as {@code UNKNOWN_AUTHORITY} or
     * {@code CREDENTIAL_EXPIRED}, then what can be refused without a signature. The authority's own signatures are verified only once. The
     * schema, and which change of the subject the credential names, are not looked at, as elsewhere. Nothing is stored.
     *
     * @param presented what the peer showed
     * @param subject whom it has to be about: the peer itself
     * @param authorities whose credentials are accepted; their histories must have been {@linkplain #importHistory imported}, otherwise
     *     fails with {@code SUBJECT_UNKNOWN}
     */
    public CompletionStage<AttestedAttributes> verifyCredential(
            CredentialAndPurposeKey presented, Identifier subject, Set<Identifier> authorities) {
        return Stages.run(() -> credentials.verify(presented, subject, authorities, now(), vault.verifying()));
    }

    /**
     * Takes the credentials that a peer presents, one after the other (secure channel, section 7.3): each is verified as in
     * {@link #verifyCredential}, and what it says is stored. Completes with why some were refused, in their order; the others count.
     * One that is valid but older than what the same authority said before, or equal to it, changes nothing.
     *
     * @param presented what the peer showed, in the handshake or later
     * @param peer who has proved its identity
     * @param authorities whose credentials are accepted
     * @param signatures verifies the signatures, one after the other. Strangers can make it work, so it should not let them hold up others
     */
    public CompletionStage<List<IdentityException>> acceptCredentials(
            List<CredentialAndPurposeKey> presented,
            Identifier peer,
            Set<Identifier> authorities,
            VerifyingVault signatures) {
        return Stages.run(() -> statements.accept(presented, peer, authorities, signatures));
    }

    /**
     * Completes with what these authorities say about an identity now, once for each that says something: what it has shown here before, in
     * any channel. What an authority said before it rotated its identity is left out from the moment that the rotation is known here, and so
     * is what is said by one whose history is not known any more.
     */
    public CompletionStage<List<AttestedAttributes>> attributes(Identifier subject, Set<Identifier> authorities) {
        return Stages.run(() -> statements.about(subject, authorities));
    }

    /**
     * Runs something whenever {@link #acceptCredentials} has stored something new about this identity, on the thread that stored it: it must
     * be quick. Until the returned action is run. What others store, in other processes or in another object like this one, is not noticed.
     *
     * <p>A rotation of an authority voids what it has said, and is not told here: {@link #watchHistory}.
     */
    public Runnable watchAttributes(Identifier subject, Runnable changed) {
        return statements.watch(subject, changed);
    }

    /**
     * Runs something whenever a history of this identity is stored here that is newer than the known one, or the first: after it is stored,
     * so whoever reads then sees it, and on the thread that stored it: it must be quick. Until the returned action is run. If the repository
     * failed, and may have stored it all the same, it is run too; for the history of a peer again when it turns out to be stored. What others
     * store, in other processes or in another object like this one, is not noticed.
     */
    public Runnable watchHistory(Identifier identity, Runnable newer) {
        return ofHistories.add(identity, newer);
    }

    /**
     * Verifies the peer of a handshake, and completes with the identity that it shows (secure channel, section 3.3, steps 2 and
     * 3). The history has to verify, and must neither be older than the known one nor contradict it; the attestation has to
     * verify with it, be for secure channels, and be for exactly the key that the handshake proved. Credentials are ignored.
     *
     * <p>Whatever can be refused without a signature is refused first, for example as {@code HISTORY_TOO_LONG}. Of a history that
     * is known here, only what is new is verified; if nothing is new, only the attestation.
     *
     * <p>Nothing is remembered yet. Whether this peer is trusted is a separate question for the {@link TrustPolicy}: about the
     * claim, to be asked before this, and about the verified peer, to be asked afterwards. Then call {@link #acceptPeer}.
     *
     * @param received what the peer showed
     * @param noiseStaticKey the static key that the peer proved to hold
     * @param terms how much of it is verified, and where
     */
    public CompletionStage<VerifiedPeer> verifyPeer(
            IdentityAndCredentials received, X25519PublicKey noiseStaticKey, PeerTerms terms) {
        return Stages.run(() -> peers.claim(received.changeHistory(), terms).thenCompose(claim -> {
            PurposeKeyAttestation attestation = received.attestation();
            requireKey(
                    AttestationVerifier.requireRules(attestation, claim.history(), now())
                            .publicKey(),
                    noiseStaticKey);
            VerifyingVault verifying = claim.isKnown() ? vault.verifying() : terms.newSignatures();
            return PeerHistories.verify(claim, verifying)
                    .thenCompose(history -> AttestationVerifier.verifySignature(attestation, history, verifying))
                    .thenApply(valid ->
                            new VerifiedPeer(claim.history(), terms.named() ? Retention.NAMED : Retention.EVICTABLE));
        }));
    }

    /**
     * Remembers a peer that was verified and is trusted (secure channel, section 4.6). Fails with {@code HISTORY_OLDER} or
     * {@code HISTORY_CONFLICT} if the known history has changed in the meantime so that the peer's is older or contradicts it.
     */
    public CompletionStage<Identifier> acceptPeer(VerifiedPeer peer) {
        return Stages.run(() -> store(peer.history(), peer.retention()));
    }

    /**
     * Accepts the history that the peer of an open channel sends later (secure channel, section 5.7). It is verified like that of
     * a handshake and stored; how long it stays does not change. Fails with {@code UNEXPECTED_IDENTIFIER} when it is not the
     * peer's.
     */
    public CompletionStage<Identifier> refreshPeer(ChangeHistory received, Identifier peer, PeerTerms terms) {
        return Stages.run(() -> peers.claim(requireOf(peer, received), terms)
                .thenCompose(claim -> PeerHistories.verify(claim, terms.newSignatures()))
                .thenCompose(history -> store(history, Retention.EVICTABLE)));
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

    private CompletionStage<Identifier> keep(ChangeHistory received) {
        return histories.verify(received).thenCompose(verified -> store(verified, Retention.KEPT));
    }

    private CompletionStage<Identifier> store(ChangeHistory verified, Retention retention) {
        return peers.store(verified, retention).thenApply(comparison -> {
            PeerHistories.requireConsistent(verified, comparison);
            return verified.identifier();
        });
    }

    private Identity handle(OwnIdentity record) {
        return new Identity(this, record.history());
    }

    private Timestamp now() {
        return Timestamp.of(clock.instant());
    }
}
