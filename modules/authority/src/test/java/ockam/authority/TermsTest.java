// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

import static ockam.authority.Scene.PROJECT;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.util.ByteString;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import ockam.fixtures.MutableClock;
import ockam.identity.AttestedAttributes;
import ockam.identity.AttributeStore;
import ockam.identity.Identities;
import ockam.identity.Identity;
import ockam.identity.InMemoryIdentityRepository;
import ockam.identity.InMemoryStore;
import ockam.identity.Timestamp;
import ockam.node.NodeAccess;
import ockam.routing.Peer;
import ockam.routing.PeerAttributes;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.OckamTestKit;
import ockam.testkit.Party;
import ockam.vault.SoftwareVault;
import ockam.wire.Attributes;
import ockam.wire.Identifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the services of an authority ask about peers. */
@ExtendWith(ActorTestKitExtension.class)
class TermsTest {
    private static final Attributes ADMIN = Attributes.ofTexts(Map.of("project", PROJECT));

    private final MutableClock clock = new MutableClock();
    private final LateAttributes attributes = new LateAttributes();
    private final KnownMembers known = new KnownMembers(10);
    private final OckamTestKit kit;
    private final Identity account;
    private final Terms terms;

    /** What was said about peers, looked up when the test says so. */
    private final class LateAttributes implements AttributeStore {
        private final Set<Identifier> admins = new HashSet<>();
        private final List<Identifier> asked = new ArrayList<>();
        private final Queue<Runnable> waiting = new ArrayDeque<>();

        @Override
        public CompletionStage<Boolean> store(AttestedAttributes said) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<Optional<AttestedAttributes>> find(Identifier subject, Identifier by, Instant moment) {
            assertThat(by).isEqualTo(account.identifier());
            CompletableFuture<Optional<AttestedAttributes>> answer = new CompletableFuture<>();
            asked.add(subject);
            waiting.add(() -> answer.complete(
                    admins.contains(subject)
                            ? Optional.of(new AttestedAttributes(
                                    subject,
                                    by,
                                    account.changeHistory().latest().hash(),
                                    0,
                                    ADMIN,
                                    Timestamp.of(moment),
                                    Timestamp.of(moment).plus(Duration.ofSeconds(1))))
                            : Optional.empty()));
            return answer;
        }
    }

    TermsTest(ActorTestKit testKit) {
        kit = OckamTestKit.create(testKit);
        SoftwareVault vault = Party.vault(kit.system());
        Identities identities = Identities.create(vault, InMemoryIdentityRepository.create(), attributes, clock);
        account = kit.await(identities.create());
        terms = new Terms(
                kit.await(identities.create()),
                InMemoryStore.create(vault),
                AuthorityOptions.forProject(PROJECT).withAccountAuthority(account.identifier()),
                AuthoritySettings.of(kit.system()),
                known,
                clock,
                NodeAccess.router(kit.node("authority")));
    }

    @AfterEach
    void end() {
        kit.close();
    }

    private static Identifier peer(int number) {
        byte[] bytes = new byte[Identifier.LENGTH];
        bytes[0] = (byte) (number >> 8);
        bytes[1] = (byte) number;
        return Identifier.of(ByteString.fromArray(bytes));
    }

    @Test
    void aFewPeersAreLookedUpAtTheSameTime() {
        List<Identifier> some =
                IntStream.range(0, 1000).mapToObj(TermsTest::peer).toList();
        attributes.admins.addAll(Set.of(peer(0), peer(500), peer(999)));

        CompletableFuture<Set<Identifier>> admins = terms.accountAdmins(some).toCompletableFuture();
        while (!attributes.waiting.isEmpty()) {
            assertThat(attributes.waiting).hasSizeLessThanOrEqualTo(Terms.LOOK_UPS);
            assertThat(admins).isNotDone();
            attributes.waiting.remove().run();
        }

        assertThat(attributes.asked).isEqualTo(some);
        assertThat(admins).isCompletedWithValue(attributes.admins);
    }

    @Test
    void nobodyIsLookedUpWithoutNeed() {
        assertThat(terms.accountAdmins(List.of()).toCompletableFuture()).isCompletedWithValue(Set.of());
        assertThat(attributes.asked).isEmpty();
    }

    @Test
    void membersAndAdminsAreNoStrangersAsLongAsTheirCredentialsCount() {
        known.tell(peer(1), true);
        Peer admin = new Peer(
                peer(2),
                List.of(new PeerAttributes(
                        account.identifier(), ADMIN, clock.instant().plusSeconds(10))));

        assertThat(terms.isKnown(new Peer(peer(1)))).isTrue();
        assertThat(terms.isKnown(admin)).isTrue();
        assertThat(terms.isKnown(new Peer(peer(2)))).isFalse();

        clock.goesOn(Duration.ofSeconds(10));
        assertThat(terms.isKnown(admin)).isFalse();
    }
}
