// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import static ockam.fixtures.ExampleIdentities.filled;
import static ockam.fixtures.Stages.done;
import static ockam.identity.IdentityException.Reason.*;
import static ockam.identity.IdentityTests.NOW;
import static ockam.identity.IdentityTests.assertRefused;
import static ockam.identity.IdentityTests.identitiesAt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import ockam.fixtures.ForwardingVault;
import ockam.identity.IdentityRepository.Retention;
import ockam.vault.Ed25519Signature;
import ockam.vault.Signature;
import ockam.vault.SigningKey;
import ockam.vault.VerifyingKey;
import ockam.vault.VerifyingVault;
import ockam.vault.X25519PublicKey;
import org.junit.jupiter.api.Test;

/** What of a history that a peer shows is verified, and where; how long it may be; and when it is remembered. */
class PeerHistoriesTest {
    private static final int MAX_CHANGES = 8;
    private static final int MAX_UNNAMED_BYTES = 800; // three changes
    private static final HistoryLimits LIMITS = new HistoryLimits(MAX_CHANGES, MAX_UNNAMED_BYTES);
    private static final X25519PublicKey PROVED = X25519PublicKey.of(filled(9));

    /** Counts what it is asked to verify. */
    private final class Counting implements VerifyingVault {
        private int count;

        @Override
        public CompletionStage<Boolean> verify(VerifyingKey key, byte[] message, Signature signature) {
            count++;
            return forge.vault.verify(key, message, signature);
        }
    }

    private final Forge forge = new Forge();
    private final Counting ofVault = new Counting();
    private final Counting ofStrangers = new Counting();
    private final InMemoryIdentityRepository repository = InMemoryIdentityRepository.create();
    private final Identities identities = identitiesAt(
            NOW,
            new ForwardingVault(forge.vault) {
                @Override
                public VerifyingVault verifying() {
                    return ofVault;
                }
            },
            repository);

    private SigningKey key(int change) {
        return change % 2 == 0 ? forge.ed25519(1) : forge.ed25519(2);
    }

    private ChangeHistory history(int changes) {
        return forge.history(IntStream.range(0, changes).mapToObj(this::key).toArray(SigningKey[]::new));
    }

    private CompletionStage<VerifiedPeer> verify(ChangeHistory history, boolean named) {
        PurposeKeyAttestation attestation = forge.attestation(
                history,
                key(history.changes().size() - 1),
                new PurposePublicKey.SecureChannelStatic(PROVED),
                NOW,
                NOW + 1);
        return identities.verifyPeer(new IdentityAndCredentials(history, attestation, List.of()), PROVED, terms(named));
    }

    private PeerTerms terms(boolean named) {
        return new PeerTerms(named, LIMITS, ofStrangers);
    }

    private void meet(ChangeHistory history, boolean named) {
        done(identities.acceptPeer(done(verify(history, named))));
        forgetCounts();
    }

    private void forgetCounts() {
        ofVault.count = 0;
        ofStrangers.count = 0;
    }

    private void assertVerified(int byVault, int forStrangers) {
        assertThat(ofVault.count).as("by the vault itself").isEqualTo(byVault);
        assertThat(ofStrangers.count).as("for strangers").isEqualTo(forStrangers);
    }

    private Optional<ChangeHistory> known() {
        return done(identities.history(history(1).identifier()));
    }

    // ---- what is verified ----

    @Test
    void everySignatureOfAStrangerIsVerifiedWhereItIsTold() {
        done(verify(history(3), false));

        assertVerified(0, 1 + 2 + 2 + 1);
    }

    @Test
    void nothingOfAKnownHistoryIsVerifiedAgain() {
        meet(history(3), false);

        done(verify(history(3), false));

        assertVerified(1, 0); // the attestation
    }

    @Test
    void onlyWhatIsNewOfAKnownHistoryIsVerified() {
        meet(history(2), false);

        done(verify(history(3), false));

        assertVerified(0, 2 + 1);
    }

    @Test
    void whatIsNewIsVerifiedThough() {
        meet(history(2), false);
        List<Change> changes = new ArrayList<>(history(3).changes());
        Change last = changes.remove(2);
        changes.add(new Change(last.data(), last.signature(), forge.sign(key(2), last.data())));

        assertRefused(PREVIOUS_SIGNATURE_INVALID, verify(new ChangeHistory(changes), false));
    }

    @Test
    void importedHistoryIsKnown() {
        done(identities.importHistory(history(2).export()));
        forgetCounts();

        done(verify(history(2), false));

        assertVerified(1, 0);
    }

    @Test
    void theLeastRecentlyAcceptedIsVerifiedAgainWhenThereAreTooMany() {
        PeerHistories two = new PeerHistories(repository, new Watchers(), 2);
        List<ChangeHistory> peers = IntStream.range(1, 4)
                .mapToObj(i -> forge.history(forge.ed25519(i)))
                .toList();
        for (int index : new int[] {0, 1, 0, 2}) {
            done(two.store(peers.get(index), Retention.EVICTABLE));
        }

        assertThat(peers.stream()
                        .map(peer -> done(two.claim(peer, terms(false))).isKnown()))
                .containsExactly(true, false, true);
    }

    @Test
    void aKnownHistoryIsVerifiedOnceAndAgainWhenThereAreTooMany() {
        PeerHistories one = new PeerHistories(repository, new Watchers(), 1);
        ChangeHistory first = history(2);
        ChangeHistory second = forge.history(forge.ed25519(7));
        for (ChangeHistory each : List.of(first, second)) {
            done(repository.update(each, Retention.KEPT)); // in an earlier run
        }

        done(one.verifyKnown(done(one.known(first.identifier())), ofVault));
        assertVerified(1 + 2, 0);
        done(one.verifyKnown(done(one.known(first.identifier())), ofVault));
        assertVerified(1 + 2, 0);
        done(one.verifyKnown(done(one.known(second.identifier())), ofVault));
        done(one.verifyKnown(done(one.known(first.identifier())), ofVault));
        assertVerified(1 + 2 + 1 + 1 + 2, 0);
    }

    @Test
    void aKnownHistoryThatDoesNotVerifyIsNotRemembered() {
        PeerHistories histories = new PeerHistories(repository, new Watchers());
        Change first = history(1).latest();
        ChangeHistory forged =
                Forge.of(new Change(first.data(), Ed25519Signature.of(new byte[Ed25519Signature.LENGTH]), null));
        done(repository.update(forged, Retention.KEPT));

        for (int i = 0; i < 2; i++) {
            assertRefused(
                    SIGNATURE_INVALID,
                    Stages.run(() -> histories
                            .known(forged.identifier())
                            .thenCompose(claim -> histories.verifyKnown(claim, ofVault))));
        }
    }

    @Test
    void whatOnlyTheRepositoryClaimsToKnowIsVerified() {
        Change first = history(1).latest();
        ChangeHistory forged = Forge.of(
                first,
                new Change(
                        Forge.data(first.hash(), key(1), NOW),
                        forge.sign(key(1), Forge.data(first.hash(), key(1), NOW)),
                        Ed25519Signature.of(new byte[Ed25519Signature.LENGTH])));
        done(repository.update(forged, Retention.KEPT));

        assertRefused(PREVIOUS_SIGNATURE_INVALID, verify(forged, false));
    }

    @Test
    void signaturesThatWereNotVerifiedDoNotReplaceThoseThatWere() {
        meet(history(1), false);
        List<Change> changes = new ArrayList<>(history(2).changes());
        Change first = changes.remove(0);
        changes.add(0, new Change(first.data(), Ed25519Signature.of(new byte[Ed25519Signature.LENGTH]), null));

        meet(new ChangeHistory(changes), false);

        assertThat(known()).contains(history(2));
    }

    // ---- what is refused before anything is verified ----

    @Test
    void historyBehindOrBesideTheKnownOneCostsNoSignature() {
        meet(history(2), false);

        assertRefused(HISTORY_OLDER, verify(history(1), false));
        assertRefused(HISTORY_CONFLICT, verify(forge.history(key(0), forge.ed25519(3), key(2)), false));

        assertVerified(0, 0);
    }

    @Test
    void historyThatBreaksARuleCostsNoSignature() {
        Change first = forge.first(key(0));
        Change second = forge.next(first, key(0), key(1));
        Change namesNone = forge.signed(Forge.data(null, key(1), NOW), key(1), key(0));
        Change earlier = forge.signed(Forge.data(first.hash(), key(1), NOW - 1), key(1), key(0));
        Change signedOnce = new Change(second.data(), second.signature(), null);

        assertRefused(PREVIOUS_CHANGE_MISMATCH, verify(Forge.of(first, namesNone), true));
        assertRefused(VALIDITY_DECREASES, verify(Forge.of(first, earlier), true));
        assertRefused(PREVIOUS_SIGNATURE_MISSING, verify(Forge.of(first, signedOnce), true));
        assertVerified(0, 0);
    }

    @Test
    void historyOfTooManyChangesCostsNoSignature() {
        assertRefused(HISTORY_TOO_LONG, verify(history(MAX_CHANGES + 1), true));
        assertVerified(0, 0);

        assertThat(done(verify(history(MAX_CHANGES), true)).identifier())
                .isEqualTo(history(1).identifier());
    }

    @Test
    void onlyWhoIsNamedMayHaveALongHistory() {
        assertRefused(HISTORY_TOO_LONG, verify(history(4), false));
        assertVerified(0, 0);
        meet(history(3), false);
        assertRefused(HISTORY_TOO_LONG, verify(history(4), false));
        assertThat(known()).as("refused, not forgotten").contains(history(3));

        meet(history(4), true);

        assertThat(known()).contains(history(4));
        meet(history(5), false); // is named by another policy
        assertThat(known()).contains(history(5));
    }

    @Test
    void whoWasImportedMayHaveALongHistory() {
        done(identities.importHistory(history(1).export()));

        meet(history(4), false);

        assertThat(known()).contains(history(4));
    }

    @Test
    void whatIsWrongOfTheAttestationWithoutItsSignatureCostsNone() {
        ChangeHistory history = history(2);
        PurposeKeyAttestation ended =
                forge.attestation(history, key(1), new PurposePublicKey.SecureChannelStatic(PROVED), NOW, NOW - 1);
        PurposeKeyAttestation ofOther = forge.attestation(
                history, key(1), new PurposePublicKey.SecureChannelStatic(X25519PublicKey.of(filled(8))), NOW, NOW + 1);

        assertRefused(
                ATTESTATION_EXPIRED,
                identities.verifyPeer(new IdentityAndCredentials(history, ended, List.of()), PROVED, terms(true)));
        assertRefused(
                KEY_MISMATCH,
                identities.verifyPeer(new IdentityAndCredentials(history, ofOther, List.of()), PROVED, terms(true)));
        assertVerified(0, 0);
    }

    @Test
    void limitsHaveToMakeSense() {
        assertThatIllegalArgumentException().isThrownBy(() -> new HistoryLimits(0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new HistoryLimits(1, -1));
        assertThat(new HistoryLimits(1, 0).maxUnnamedBytes())
                .as("only who is named")
                .isZero();
    }

    // ---- what is remembered ----

    @Test
    void nothingIsRememberedOfAPeerThatIsNotAccepted() {
        VerifiedPeer peer = done(verify(history(2), true));
        assertThat(known()).isEmpty();

        assertThat(done(identities.acceptPeer(peer))).isEqualTo(peer.identifier());

        assertThat(known()).contains(history(2));
        assertThat(peer).hasToString(peer.identifier().toString());
    }

    @Test
    void peerWhoseHistoryWasLeftBehindMeanwhileIsNotAccepted() {
        VerifiedPeer older = done(verify(history(2), true));
        VerifiedPeer beside = done(verify(history(3), true));
        meet(forge.history(key(0), key(1), forge.ed25519(3), key(3)), true);

        assertRefused(HISTORY_OLDER, identities.acceptPeer(older));
        assertRefused(HISTORY_CONFLICT, identities.acceptPeer(beside));
    }

    @Test
    void whoIsNamedIsNotForgottenForOthers() {
        InMemoryIdentityRepository small = InMemoryIdentityRepository.create(2_000);
        Consumer<VerifiedPeer> accept =
                peer -> done(identitiesAt(NOW, forge.vault, small).acceptPeer(peer));
        accept.accept(done(verify(history(1), true)));

        for (int i = 10; i < 15; i++) {
            ChangeHistory other = forge.history(forge.ed25519(i));
            accept.accept(new VerifiedPeer(other, Retention.EVICTABLE));
        }

        assertThat(done(small.history(history(1).identifier()))).isPresent();
    }

    // ---- open channels ----

    private CompletionStage<?> refresh(ChangeHistory history) {
        return identities.refreshPeer(history, history(1).identifier(), terms(false));
    }

    @Test
    void refreshVerifiesOnlyWhatIsNewAndWhereItIsTold() {
        meet(history(1), false);

        done(refresh(history(3)));

        assertVerified(0, 4);
        done(refresh(history(3)));
        assertVerified(0, 4);
        assertThat(known()).contains(history(3));
    }

    @Test
    void refreshIsBoundToTheSameLimits() {
        meet(history(3), false);
        assertRefused(HISTORY_TOO_LONG, refresh(history(4)));
        assertThat(known()).contains(history(3));

        meet(history(3), true);
        done(refresh(history(4)));
        assertThat(known()).contains(history(4));
        assertRefused(HISTORY_TOO_LONG, refresh(history(MAX_CHANGES + 1)));
    }
}
