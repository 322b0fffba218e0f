// SPDX-License-Identifier: Apache-2.0

package ockam.tests.channel;

import static org.assertj.core.api.Assertions.assertThat;

import akka.NotUsed;
import akka.japi.Pair;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import ockam.channel.ChannelDropReason;
import ockam.channel.ReplaceableCredential;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.channel.SecureChannels;
import ockam.fixtures.MutableClock;
import ockam.identity.ChangeHistory;
import ockam.identity.CredentialAndPurposeKey;
import ockam.identity.CredentialOptions;
import ockam.identity.Identities;
import ockam.identity.Identity;
import ockam.identity.IdentityException;
import ockam.node.Node;
import ockam.node.StreamHandle;
import ockam.node.Worker;
import ockam.node.WorkerOptions;
import ockam.routing.AccessControl;
import ockam.routing.Producer;
import ockam.routing.rule.Rule;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.MemoryTransport;
import ockam.testkit.OckamTestKit;
import ockam.testkit.Party;
import ockam.wire.Address;
import ockam.wire.Attributes;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Keys and credentials that are replaced between two nodes, while streams run and handshakes are under way (secure channel, sections 4.4,
 * 4.7 and 5.7).
 */
@ExtendWith(ActorTestKitExtension.class)
class RotationTest {
    private static final int ROUNDS = 6;
    private static final Address MEMBERS = Address.of("members");
    private static final Address END = Address.of("end");
    private static final Route API = Route.of("api");

    private final OckamTestKit kit;
    private final MutableClock clock = new MutableClock();
    private final Node near;
    private final Node far;
    private final MemoryTransport.Link link;
    private final Party alice;
    private final Party bob;
    private final Party authority;
    private final ReplaceableCredential credential;

    RotationTest(OckamTestKit kit) {
        this.kit = kit;
        kit.stopRecording(); // of so many messages it takes as long as the messages themselves
        near = kit.node("near");
        far = kit.node("far");
        link = MemoryTransport.create().connect(near, far);
        alice = kit.with(Party.create(kit.system(), clock));
        bob = kit.with(Party.create(kit.system(), clock));
        authority = kit.with(Party.create(kit.system(), clock));
        kit.await(identities(bob).importHistory(authority.identity().export()));
        credential = ReplaceableCredential.create(issued(0));
    }

    private static Identities identities(Party of) {
        return of.identity().identities();
    }

    /** A credential of Alice with this number. */
    private CredentialAndPurposeKey issued(int number) {
        return kit.await(identities(authority)
                .issueCredential(
                        authority.identity(),
                        CredentialOptions.of(
                                alice.identifier(),
                                Attributes.ofTexts(Map.of("role", "member", "number", String.valueOf(number))),
                                Duration.ofHours(1))));
    }

    /** Bob accepts Alice, and lets members ask. */
    private SecureChannelListener listen() {
        Worker members = far.start(
                MEMBERS,
                Codec.string(),
                Scene.echoing(),
                WorkerOptions.defaults()
                        .withIncoming(
                                AccessControl.attributes(authority.identifier(), Rule.parse("role=member"), clock)));
        SecureChannelListener listener = SecureChannelListener.create(
                far,
                API.next(),
                bob.identity(),
                alice.listenerOptions().withAuthorities(authority.identifier()).withOpenTo(link.second()));
        far.allow(members).from(listener);
        return listener;
    }

    private CompletionStage<SecureChannel> opening() {
        return SecureChannel.create(
                near,
                link.first().route(API),
                alice.identity(),
                bob.channelOptions().withCredentials(credential));
    }

    private void isLetIn(SecureChannel channel) {
        assertThat(kit.await(near.ask(channel.route(Route.of(MEMBERS)), Codec.string(), "hello"))
                        .body())
                .isEqualTo("hello");
    }

    private Optional<String> numberKnownToBob() {
        return kit.await(identities(bob).attributes(alice.identifier(), Set.of(authority.identifier()))).stream()
                .findFirst()
                .flatMap(said -> said.attributes().text("number"));
    }

    private ChangeHistory knownToBob() {
        return kit.await(identities(bob).history(alice.identifier())).orElseThrow();
    }

    /** How many numbers come out of a channel, one after the other and none left out. */
    private CompletionStage<Long> received(Node at, Producer channel) {
        CompletionStage<Long> count = at.source(END, Codec.string())
                .toMat(
                        Sink.fold(0L, (next, message) -> {
                            assertThat(message.body()).isEqualTo(String.valueOf(next));
                            return next + 1;
                        }),
                        Keep.right())
                .run(kit.system());
        at.allow(END).from(channel);
        return count;
    }

    /** A stream of numbers into a channel, until it is told to end. */
    private final class Numbers {
        private final AtomicBoolean enough = new AtomicBoolean();
        private final AtomicLong sent = new AtomicLong();
        private final StreamHandle sending;

        Numbers(SecureChannel into) {
            Source<String, NotUsed> numbers = Source.unfold(0L, next -> {
                sent.set(next);
                return enough.get() ? Optional.empty() : Optional.of(Pair.create(next + 1, String.valueOf(next)));
            });
            sending = numbers.toMat(into.sink(Route.of(END), Codec.string()), Keep.right())
                    .run(kit.system());
        }

        void end() {
            enough.set(true);
            kit.await(sending.whenClosed());
        }
    }

    @Test
    void nothingOfTheStreamsOfBothWaysIsLostWhileEverythingIsReplaced() {
        SecureChannelListener listener = listen();
        SecureChannel streaming = kit.await(opening());
        kit.eventually(
                () -> assertThat(SecureChannels.get(kit.system()).list(far)).hasSize(1));
        SecureChannel otherEnd = SecureChannels.get(kit.system()).list(far).get(0);
        CompletionStage<Long> atFar = received(far, listener);
        CompletionStage<Long> atNear = received(near, streaming);
        Numbers toFar = new Numbers(streaming);
        Numbers toNear = new Numbers(otherEnd);

        Identity alices = alice.identity();
        for (int round = 1; round <= ROUNDS; round++) {
            long toFarBefore = toFar.sent.get();
            long toNearBefore = toNear.sent.get();
            clock.goesOn(Duration.ofSeconds(2));
            kit.await(identities(alice).rotateSecureChannelKey(alices));
            kit.await(identities(bob).rotateSecureChannelKey(bob.identity()));
            kit.await(identities(authority).rotateCredentialKey(authority.identity()));
            credential.replace(issued(round));
            alices = kit.await(identities(alice).rotate(alices));
            kit.await(identities(bob).rotate(bob.identity()));

            SecureChannel fresh = kit.await(opening());
            isLetIn(fresh);
            isLetIn(streaming);
            assertThat(knownToBob()).isEqualTo(alices.changeHistory());
            assertThat(numberKnownToBob()).contains(String.valueOf(round));
            kit.await(fresh.close());
            kit.eventually(() -> assertThat(toFar.sent).hasValueGreaterThan(toFarBefore));
            kit.eventually(() -> assertThat(toNear.sent).hasValueGreaterThan(toNearBefore));
        }
        toFar.end();
        toNear.end();

        for (Node node : List.of(near, far)) {
            kit.eventually(() -> assertThat(node.messagesUnderWay()).isZero());
            kit.await(node.stop(END));
        }
        assertThat(kit.await(atFar)).isEqualTo(toFar.sent.get()).isGreaterThan(ROUNDS);
        assertThat(kit.await(atNear)).isEqualTo(toNear.sent.get()).isGreaterThan(ROUNDS);
        // What a channel shows may be overtaken by what the next one shows in its handshake.
        assertThat(near.dropped() + far.dropped()).isEqualTo(far.dropped(ChannelDropReason.REFRESH_SUPERSEDED));
        assertThat(alice.keys().agreementKeys()).as("the old ones are deleted").isEqualTo(1);
        assertThat(alice.keys().signingKeys()).isEqualTo(1);
        assertThat(authority.keys().signingKeys())
                .as("its own, and that for credentials")
                .isEqualTo(2);
    }

    @Test
    void channelsComeUpWhileTheKeysOfBothSidesAreReplaced() {
        listen();
        kit.await(opening()).close();

        for (int i = 0; i < 24; i++) {
            CompletionStage<SecureChannel> opening = opening();
            List<CompletionStage<?>> rotating = Stream.of(alice, bob)
                    .map(i % 3 == 0 ? this::rotate : this::rotatePurposeKey)
                    .toList();
            SecureChannel channel = kit.await(opening);
            rotating.forEach(kit::await);
            isLetIn(channel);
            kit.await(channel.close());
        }

        kit.await(opening()).close();
        for (Party each : List.of(alice, bob)) {
            kit.eventually(() -> assertThat(each.keys().agreementKeys()).isEqualTo(1));
        }
    }

    private CompletionStage<?> rotate(Party party) {
        return identities(party).rotate(party.identity());
    }

    private CompletionStage<?> rotatePurposeKey(Party party) {
        return identities(party).rotateSecureChannelKey(party.identity());
    }

    @Test
    void aPeerThatKnewTheFirstKeyFollowsSixtyThreeRotationsAndTheNextOneIsRefused() {
        listen();
        SecureChannel first = kit.await(opening());
        isLetIn(first); // so Bob has accepted her
        kit.await(first.close());
        assertThat(knownToBob()).isEqualTo(alice.identity().changeHistory());
        Identity rotated = alice.identity();
        for (int i = 0; i < Identities.MAX_ROTATIONS; i++) {
            rotated = kit.await(identities(alice).rotate(rotated));
        }

        IdentityException refused = kit.expectFailed(identities(alice).rotate(rotated), IdentityException.class);

        assertThat(refused.reason()).isEqualTo(IdentityException.Reason.HISTORY_TOO_LONG);
        isLetIn(kit.await(opening()));
        assertThat(knownToBob()).isEqualTo(rotated.changeHistory());
        assertThat(knownToBob().changes()).hasSize(64);
    }
}
