// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import static ockam.fixtures.Stages.done;
import static ockam.fixtures.Stages.failureOf;
import static ockam.identity.IdentityException.Reason.CREDENTIAL_EXPIRED;
import static ockam.identity.IdentityException.Reason.CREDENTIAL_OF_OTHER_SUBJECT;
import static ockam.identity.IdentityException.Reason.UNKNOWN_AUTHORITY;
import static ockam.identity.IdentityTests.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import ockam.fixtures.MutableClock;
import ockam.vault.SoftwareVault;
import ockam.wire.Attributes;
import ockam.wire.Identifier;
import org.junit.jupiter.api.Test;

class PeerStatementsTest {
    private static final Identifier ALICE = Identifier.parse("I" + "0a".repeat(32));
    private static final Identifier BOB = Identifier.parse("I" + "0b".repeat(32));

    private final MutableClock clock = new MutableClock(Instant.ofEpochSecond(NOW));
    private final SoftwareVault vault = SoftwareVault.create(Runnable::run);
    private final Identities authorities = Identities.create(vault, InMemoryIdentityRepository.create(), clock);
    private final Identity authority = done(authorities.create());
    private final Identity other = done(authorities.create());
    private final Identities node = identities(InMemoryAttributeStore.create());

    private Identities identities(AttributeStore store) {
        Identities made = Identities.create(
                SoftwareVault.create(Runnable::run), InMemoryIdentityRepository.create(), store, clock);
        done(made.importHistory(authority.export()));
        done(made.importHistory(other.export()));
        return made;
    }

    private CredentialAndPurposeKey credential(Identity by, Identifier subject, String role) {
        return done(authorities.issueCredential(
                by, CredentialOptions.of(subject, Attributes.ofTexts(Map.of("role", role)), Duration.ofSeconds(10))));
    }

    private CompletionStage<List<IdentityException>> accepts(Identities by, CredentialAndPurposeKey... presented) {
        return by.acceptCredentials(List.of(presented), ALICE, both(), vault.verifying());
    }

    private Set<Identifier> both() {
        return Set.of(authority.identifier(), other.identifier());
    }

    private List<String> roles(Identity... by) {
        Set<Identifier> asked =
                Set.copyOf(List.of(by).stream().map(Identity::identifier).toList());
        return done(node.attributes(ALICE, asked)).stream()
                .map(said -> said.attributes().text("role").orElseThrow())
                .toList();
    }

    @Test
    void storesWhatIsValidAndSaysWhyTheRestIsNot() {
        CredentialAndPurposeKey expired = credential(authority, ALICE, "owner");
        clock.goesOn(Duration.ofSeconds(11));

        List<IdentityException> refused = done(accepts(
                node,
                credential(authority, BOB, "owner"),
                credential(authority, ALICE, "member"),
                expired,
                credential(other, ALICE, "guest")));

        assertThat(refused)
                .extracting(IdentityException::reason)
                .containsExactly(CREDENTIAL_OF_OTHER_SUBJECT, CREDENTIAL_EXPIRED);
        assertThat(roles(authority)).containsExactly("member");
        assertThat(roles(other)).containsExactly("guest");
        assertThat(roles(authority, other)).containsExactlyInAnyOrder("member", "guest");
        assertThat(roles()).isEmpty();
        assertThat(done(node.attributes(BOB, Set.of(authority.identifier())))).isEmpty();
    }

    @Test
    void refusesAllIfNoAuthorityIsAccepted() {
        List<IdentityException> refused = done(node.acceptCredentials(
                List.of(credential(authority, ALICE, "member")), ALICE, Set.of(), vault.verifying()));

        assertThat(refused).extracting(IdentityException::reason).containsExactly(UNKNOWN_AUTHORITY);
        assertThat(roles(authority)).isEmpty();
    }

    @Test
    void anOlderCredentialChangesNothingAndIsNotRefused() { // authority, section 10, item 32
        CredentialAndPurposeKey older = credential(authority, ALICE, "owner");
        clock.goesOn(Duration.ofSeconds(1));
        CredentialAndPurposeKey newer = credential(authority, ALICE, "member");

        assertThat(done(accepts(node, newer, older))).isEmpty();
        assertThat(roles(authority)).containsExactly("member");
    }

    @Test
    void endsWithTheCredential() { // secure channel, section 9, item 58
        done(accepts(node, credential(authority, ALICE, "member")));

        clock.goesOn(Duration.ofSeconds(9));
        assertThat(roles(authority)).containsExactly("member");
        clock.goesOn(Duration.ofSeconds(1));
        assertThat(roles(authority)).isEmpty();
    }

    @Test
    void tellsWhoeverWatchesUntilTheyStop() {
        AtomicInteger ofAlice = new AtomicInteger();
        AtomicInteger ofBob = new AtomicInteger();
        Runnable stop = node.watchAttributes(ALICE, ofAlice::incrementAndGet);
        Runnable stopToo = node.watchAttributes(ALICE, ofAlice::incrementAndGet);
        node.watchAttributes(BOB, ofBob::incrementAndGet);

        done(accepts(node, credential(authority, BOB, "refused")));
        assertThat(ofAlice).hasValue(0);
        done(accepts(node, credential(authority, ALICE, "member")));
        assertThat(ofAlice).hasValue(2);
        stop.run();
        stop.run();
        clock.goesOn(Duration.ofSeconds(1));
        done(accepts(node, credential(authority, ALICE, "member")));
        assertThat(ofAlice).hasValue(3);
        stopToo.run();
        clock.goesOn(Duration.ofSeconds(1));
        done(accepts(node, credential(authority, ALICE, "member")));
        assertThat(ofAlice).hasValue(3);
        assertThat(ofBob).hasValue(0);
    }

    @Test
    void whoRepeatsWhatIsKnownWakesNobody() {
        AtomicInteger told = new AtomicInteger();
        node.watchAttributes(ALICE, told::incrementAndGet);
        CredentialAndPurposeKey older = credential(authority, ALICE, "guest");
        clock.goesOn(Duration.ofSeconds(1));
        CredentialAndPurposeKey newer = credential(authority, ALICE, "member");
        done(accepts(node, newer));
        assertThat(told).hasValue(1);

        for (int i = 0; i < 3; i++) {
            assertThat(done(accepts(node, newer, older))).isEmpty();
        }

        assertThat(told).hasValue(1);
        assertThat(roles(authority)).containsExactly("member");
        done(accepts(node, credential(other, ALICE, "member")));
        assertThat(told).as("another authority says the same").hasValue(2);
    }

    @Test
    void whatAnAuthoritySaidBeforeItsRotationIsVoid() {
        AtomicInteger told = new AtomicInteger();
        AtomicInteger toldOfOther = new AtomicInteger();
        done(accepts(node, credential(authority, ALICE, "owner"), credential(other, ALICE, "guest")));
        Runnable stop = node.watchHistory(
                authority.identifier(), () -> told.addAndGet(roles(authority).isEmpty() ? 1 : 100));
        node.watchHistory(other.identifier(), toldOfOther::incrementAndGet);
        Identity rotated = done(authorities.rotate(authority));
        assertThat(roles(authority, other)).as("nobody knows yet").containsExactlyInAnyOrder("owner", "guest");

        done(node.importHistory(rotated.export()));

        assertThat(roles(authority, other)).containsExactly("guest");
        assertThat(told).hasValue(1);
        assertThat(toldOfOther).hasValue(0);
        done(node.importHistory(rotated.export()));
        done(node.importHistoryUnlessOlder(authority.export()));
        assertThat(told).as("nothing is new").hasValue(1);
        assertThat(done(accepts(node, credential(authority, ALICE, "member")))).isEmpty();
        assertThat(roles(authority)).containsExactly("member");
        stop.run();
        done(node.importHistory(done(authorities.rotate(authority)).export()));
        assertThat(told).hasValue(1);
    }

    @Test
    void eachWayOfLearningOfARotationCounts() {
        AtomicInteger told = new AtomicInteger();
        node.watchHistory(authority.identifier(), told::incrementAndGet);

        done(node.importHistoryUnlessOlder(done(authorities.rotate(authority)).export()));
        assertThat(told).hasValue(1);
        ChangeHistory second = done(authorities.rotate(authority)).changeHistory();
        done(node.refreshPeer(
                second,
                authority.identifier(),
                new PeerTerms(true, new HistoryLimits(64, 100_000), vault.verifying())));
        assertThat(told).hasValue(2);
        ChangeHistory third = done(authorities.rotate(authority)).changeHistory();
        done(node.acceptPeer(new VerifiedPeer(third, IdentityRepository.Retention.NAMED)));
        assertThat(told).hasValue(3);

        AtomicInteger toldOfOwn = new AtomicInteger();
        authorities.watchHistory(authority.identifier(), toldOfOwn::incrementAndGet);
        done(accepts(authorities, credential(authority, ALICE, "member")));
        assertThat(toldOfOwn).hasValue(0);
        done(authorities.rotate(authority));
        assertThat(toldOfOwn).as("the authority believes itself").hasValue(1);
        assertThat(done(authorities.attributes(ALICE, both()))).isEmpty();
    }

    /** Verified before the rotation is known, and stored afterwards. */
    @Test
    void whatIsStoredAfterARotationThatItDoesNotKnowIsVoid() {
        InMemoryAttributeStore kept = InMemoryAttributeStore.create();
        Identities slow = identities(kept);
        AttestedAttributes verified = done(slow.verifyCredential(credential(authority, ALICE, "owner"), ALICE, both()));
        done(slow.importHistory(done(authorities.rotate(authority)).export()));

        done(kept.store(verified));

        assertThat(done(slow.attributes(ALICE, both()))).isEmpty();
    }

    /** Verified before the rotation is known, and stored after what the authority has said since. */
    @Test
    void whatWasSaidBeforeARotationDoesNotReplaceWhatWasSaidSince() {
        CompletableFuture<Void> turn = new CompletableFuture<>();
        CompletionStage<List<IdentityException>> late = node.acceptCredentials(
                List.of(credential(authority, ALICE, "owner")),
                ALICE,
                both(),
                (key, message, signature) -> turn.thenCompose(now -> vault.verify(key, message, signature)));
        done(node.importHistory(done(authorities.rotate(authority)).export()));
        assertThat(done(accepts(node, credential(authority, ALICE, "member")))).isEmpty();

        turn.complete(null);

        assertThat(done(late))
                .extracting(IdentityException::reason)
                .containsExactly(IdentityException.Reason.ATTESTATION_OUTDATED);
        assertThat(roles(authority)).containsExactly("member");
    }

    @Test
    void anAuthorityThatIsNotKnownAnyMoreSaysNothing() {
        InMemoryAttributeStore kept = InMemoryAttributeStore.create();
        done(accepts(identities(kept), credential(authority, ALICE, "owner")));
        Identities other = Identities.create(
                SoftwareVault.create(Runnable::run), InMemoryIdentityRepository.create(), kept, clock);

        assertThat(done(other.attributes(ALICE, both()))).isEmpty();
        done(other.importHistory(authority.export()));
        assertThat(done(other.attributes(ALICE, both()))).hasSize(1);
    }

    @Test
    void aWatcherThatThrowsKeepsNobodyFromBeingTold() {
        AtomicInteger told = new AtomicInteger();
        for (int i = 0; i < 3; i++) {
            Runnable broken = () -> {
                told.incrementAndGet();
                throw new AssertionError("broken");
            };
            node.watchAttributes(ALICE, broken);
            node.watchHistory(authority.identifier(), broken);
        }

        assertThat(done(accepts(node, credential(authority, ALICE, "member")))).isEmpty();
        assertThat(told).hasValue(3);
        done(node.importHistory(done(authorities.rotate(authority)).export()));
        assertThat(told).hasValue(6);
    }

    @Test
    void passesOnFailuresOfTheStore() {
        Identities broken = identities(new AttributeStore() {
            @Override
            public CompletionStage<Boolean> store(AttestedAttributes said) {
                return CompletableFuture.failedFuture(new IllegalStateException("out of order"));
            }

            @Override
            public CompletionStage<Optional<AttestedAttributes>> find(
                    Identifier subject, Identifier by, Instant moment) {
                throw new IllegalStateException("out of order");
            }
        });

        assertThat(failureOf(accepts(broken, credential(authority, ALICE, "member"))))
                .isInstanceOf(IllegalStateException.class);
        assertThat(failureOf(broken.attributes(ALICE, Set.of(authority.identifier()))))
                .isInstanceOf(IllegalStateException.class);
    }
}
