// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import static ockam.fixtures.Stages.done;
import static ockam.identity.IdentityException.Reason.*;
import static ockam.identity.IdentityTests.NOW;
import static ockam.identity.IdentityTests.assertRefused;
import static ockam.identity.IdentityTests.identitiesAt;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import ockam.identity.IdentityRepository.Retention;
import ockam.vault.SigningKey;
import ockam.wire.Identifier;
import org.junit.jupiter.api.Test;

/** What happens to a history of an identity that is already known (secure channel, section 4.6; secure channel, section 9, item 23). */
class KnownHistoriesTest {
    private final Forge forge = new Forge();
    private final SigningKey key1 = forge.ed25519(1);
    private final ChangeHistory one = forge.history(key1);
    private final ChangeHistory two = forge.history(key1, forge.ed25519(2));
    private final ChangeHistory otherTwo = forge.history(key1, forge.ed25519(3));
    private final Identifier identifier = one.identifier();
    private final InMemoryIdentityRepository repository = InMemoryIdentityRepository.create();
    private final Identities identities = identitiesAt(NOW, forge.vault, repository);

    private Optional<ChangeHistory> known() {
        return done(identities.history(identifier));
    }

    @Test
    void comparesByTheHashesOfTheChanges() {
        assertThat(two.compareWith(two)).isEqualTo(Comparison.EQUAL);
        assertThat(two.compareWith(one)).isEqualTo(Comparison.NEWER);
        assertThat(one.compareWith(two)).isEqualTo(Comparison.OLDER);
        assertThat(two.compareWith(otherTwo)).isEqualTo(Comparison.CONFLICT);
        assertThat(forge.history(key1, forge.ed25519(2), key1).compareWith(otherTwo))
                .isEqualTo(Comparison.CONFLICT);
        assertThat(otherTwo.compareWith(forge.history(key1, forge.ed25519(2), key1)))
                .isEqualTo(Comparison.CONFLICT);
    }

    @Test
    void storesUnknownHistory() {
        assertThat(known()).isEmpty();

        done(identities.importHistory(one.export()));

        assertThat(known()).contains(one);
    }

    @Test
    void acceptsEqualHistoryAndKeepsTheStoredOne() {
        SigningKey p256 = forge.p256(9);
        Change change = forge.first(p256);
        Change padded = new Change(change.data(), change.signature(), change.signature());
        done(identities.importHistory(Forge.of(change).export()));

        done(identities.importHistory(Forge.of(padded).export()));

        assertThat(done(identities.history(change.hash().toIdentifier()))).contains(Forge.of(change));
    }

    @Test
    void replacesStoredHistoryByNewer() {
        done(identities.importHistory(one.export()));

        done(identities.importHistory(two.export()));

        assertThat(known()).contains(two);
    }

    @Test
    void refusesHistoryOlderThanStored() {
        done(identities.importHistory(two.export()));

        assertRefused(HISTORY_OLDER, identities.importHistory(one.export()));

        assertThat(known()).contains(two);
    }

    @Test
    void ignoresOlderHistoryWhenAskedTo() {
        done(identities.importHistory(two.export()));

        assertThat(done(identities.importHistoryUnlessOlder(one.export()))).isEqualTo(identifier);

        assertThat(known()).contains(two);
        assertRefused(HISTORY_CONFLICT, identities.importHistoryUnlessOlder(otherTwo.export()));
        assertRefused(
                MALFORMED, identities.importHistoryUnlessOlder(one.export().drop(1)));
    }

    @Test
    void storesNewerHistoryEvenWhenOlderOnesAreIgnored() {
        done(identities.importHistoryUnlessOlder(one.export()));
        done(identities.importHistoryUnlessOlder(two.export()));

        assertThat(known()).contains(two);
    }

    @Test
    void refusesHistoryThatContradictsTheStoredOne() {
        done(identities.importHistory(two.export()));

        assertRefused(HISTORY_CONFLICT, identities.importHistory(otherTwo.export()));

        assertThat(known()).contains(two);
    }

    @Test
    void storesNothingThatDoesNotVerify() {
        Change change = one.latest();
        ChangeHistory forged = Forge.of(new Change(change.data(), forge.sign(forge.ed25519(2), change.data()), null));

        assertRefused(SIGNATURE_INVALID, identities.importHistory(forged.export()));

        assertThat(known()).isEmpty();
    }

    @Test
    void keepsImportedHistoriesWhileThoseOfPeersMakeRoom() {
        InMemoryIdentityRepository small = InMemoryIdentityRepository.create(0);
        done(identitiesAt(NOW, forge.vault, small).importHistory(two.export()));

        assertThat(done(small.update(forge.history(forge.ed25519(7)), Retention.EVICTABLE)))
                .isEqualTo(Comparison.FIRST_SEEN);

        assertThat(small.peerCount()).isZero();
        assertThat(done(small.history(identifier))).contains(two);
    }
}
