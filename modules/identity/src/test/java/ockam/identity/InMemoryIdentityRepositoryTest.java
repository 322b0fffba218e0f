// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import static ockam.fixtures.Stages.done;
import static ockam.identity.IdentityRepository.Retention.EVICTABLE;
import static ockam.identity.IdentityRepository.Retention.KEPT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import ockam.vault.SigningKey;
import org.junit.jupiter.api.Test;

class InMemoryIdentityRepositoryTest {
    /** The first change of an Ed25519 identity takes 127 bytes, plus the overhead. */
    private static final long ONE_PEER = 127 + 512;

    private final Forge forge = new Forge();
    private final ChangeHistory[] histories =
            IntStream.range(1, 6).mapToObj(i -> forge.history(forge.ed25519(i))).toArray(ChangeHistory[]::new);
    private final InMemoryIdentityRepository repository = InMemoryIdentityRepository.create(3 * ONE_PEER);

    private boolean knows(int index) {
        return done(repository.history(histories[index].identifier())).isPresent();
    }

    private Comparison update(int index) {
        return done(repository.update(histories[index], EVICTABLE));
    }

    private static OwnIdentity own(ChangeHistory history, SigningKey key) {
        return OwnIdentity.create(history, key, IdentityOptions.defaults());
    }

    @Test
    void forgetsThePeerNotSeenForTheLongestTime() {
        update(0);
        update(1);
        update(2);
        assertThat(repository.peerCount()).isEqualTo(3);

        update(0); // seen again
        update(3);

        assertThat(repository.peerCount()).isEqualTo(3);
        assertThat(knows(1)).isFalse();
        assertThat(knows(0)).isTrue();
        assertThat(knows(3)).isTrue();
        assertThat(update(1)).isEqualTo(Comparison.FIRST_SEEN);
    }

    @Test
    void lookingUpCountsAsUse() {
        update(0);
        update(1);
        update(2);

        assertThat(knows(0)).isTrue();
        update(3);

        assertThat(knows(1)).isFalse();
        assertThat(knows(0)).isTrue();
    }

    @Test
    void countsTheBytesOfLongHistories() {
        update(0);
        update(1);
        ChangeHistory longer = forge.history(forge.ed25519(3), forge.ed25519(4));

        done(repository.update(longer, EVICTABLE)); // takes more than a peer with one change, and less than three

        assertThat(repository.peerCount()).isEqualTo(1);
        assertThat(done(repository.history(longer.identifier()))).contains(longer);
    }

    @Test
    void countsHistoryOnceWhenItIsReplaced() {
        update(0);
        for (int i = 0; i < 10; i++) {
            update(0);
        }
        done(repository.update(forge.history(forge.ed25519(1), forge.ed25519(2)), EVICTABLE));
        update(1);

        assertThat(knows(0)).isFalse(); // two changes and one more exceed the bound
        assertThat(knows(1)).isTrue();
        update(2);
        update(3);
        assertThat(repository.peerCount()).isEqualTo(3);
    }

    @Test
    void remembersNoPeerThatNeedsMoreThanTheBound() {
        InMemoryIdentityRepository none = InMemoryIdentityRepository.create(ONE_PEER - 1);

        assertThat(done(none.update(histories[0], EVICTABLE))).isEqualTo(Comparison.FIRST_SEEN);

        assertThat(none.peerCount()).isZero();
        assertThatThrownBy(() -> InMemoryIdentityRepository.create(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void neverForgetsKeptHistoriesAndOwnIdentities() {
        done(repository.update(histories[0], KEPT));
        done(repository.storeOwn(own(histories[1], forge.ed25519(2))));
        for (int round = 0; round < 3; round++) {
            update(2);
            update(3);
            update(4);
        }

        assertThat(knows(0)).isTrue();
        assertThat(knows(1)).isTrue();
        assertThat(repository.peerCount()).isEqualTo(3);
    }

    @Test
    void keepsHistoryLearntFromPeerOnceItIsImported() {
        update(0);

        assertThat(done(repository.update(histories[0], KEPT))).isEqualTo(Comparison.EQUAL);

        assertThat(repository.peerCount()).isZero();
        update(0); // shown by the peer again: remains kept
        assertThat(repository.peerCount()).isZero();
        update(1);
        update(2);
        update(3);
        update(4);
        assertThat(knows(0)).isTrue();
    }

    @Test
    void storesOnlyTheSuccessorOfTheStoredRecord() {
        OwnIdentity first = own(histories[0], forge.ed25519(1));
        PurposeKeyAttestation any = new PurposeKeyAttestation(
                histories[0].latest().data(), histories[0].latest().signature());
        OwnIdentity one = first.withCredentialKey(new AttestedKey<>(forge.ed25519(8), any));
        OwnIdentity other = first.withCredentialKey(new AttestedKey<>(forge.ed25519(9), any));

        assertThat(done(repository.storeOwn(one))).isFalse();
        assertThat(done(repository.storeOwn(first))).isTrue();
        assertThat(done(repository.storeOwn(first))).isFalse();
        assertThat(done(repository.storeOwn(one))).isTrue();
        assertThat(done(repository.storeOwn(other))).isFalse();
        assertThat(done(repository.own(first.identifier()))).containsSame(one);
        assertThat(done(repository.storeOwn(first.atRevision(2)))).isTrue();
    }

    @Test
    void refusesOwnRecordThatIsOlderOrContradictsTheKnownHistory() {
        ChangeHistory known = forge.history(forge.ed25519(1), forge.ed25519(2));
        ChangeHistory beside = forge.history(forge.ed25519(1), forge.ed25519(3));
        done(repository.update(known, KEPT));

        assertThat(done(repository.storeOwn(own(histories[0], forge.ed25519(1)))))
                .isFalse();
        assertThat(done(repository.storeOwn(own(beside, forge.ed25519(3))))).isFalse();
        assertThat(done(repository.storeOwn(own(known, forge.ed25519(2))))).isTrue();
    }

    @Test
    void knowsTheHistoryOfOwnIdentity() {
        done(repository.storeOwn(own(histories[0], forge.ed25519(1))));

        assertThat(done(repository.history(histories[0].identifier()))).contains(histories[0]);
        assertThat(done(repository.own(histories[1].identifier()))).isEmpty();
    }
}
