// SPDX-License-Identifier: Apache-2.0

package ockam.tests.channel;

import static ockam.fixtures.Stages.await;
import static ockam.fixtures.Stages.awaitFailureOf;
import static ockam.tests.channel.CredentialScene.VALIDITY;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.LoggingTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.typed.javadsl.Behaviors;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import ockam.channel.ChannelState;
import ockam.channel.CredentialRefreshSettings;
import ockam.channel.CredentialRetriever;
import ockam.channel.CredentialUnavailableException;
import ockam.channel.HandshakeException;
import ockam.channel.RefreshingRetriever;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.channel.SecureChannelListenerOptions;
import ockam.fixtures.MutableClock;
import ockam.identity.CredentialAndPurposeKey;
import ockam.node.NodeAccess;
import ockam.node.WorkerOptions;
import ockam.routing.Metadata;
import ockam.routing.spi.Registration;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.Party;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Credentials that are replaced while channels are open (secure channel, sections 5.7 and 7.4; authority, section 7). */
class CredentialRefreshTest {
    @RegisterExtension
    static final ActorTestKitExtension KIT = ActorTestKitExtension.create().withManualTime();

    private static final Duration STEP = Duration.ofSeconds(5);
    /** From one credential to the next, if the authority is down when the next is due. */
    private static final Duration LONGEST = Duration.ofSeconds(50);

    private final ManualTime time;
    private final MutableClock clock = new MutableClock();
    private final CredentialScene given;
    private final Scene scene;
    private final Party alice;
    private final Party bob;
    private final Party authority;
    private final Party other;
    private final AuthorityInTest source;

    CredentialRefreshTest(ActorTestKit testKit, ManualTime time) {
        this.time = time;
        alice = Party.create(testKit.system(), clock);
        given = new CredentialScene(testKit, clock, alice);
        scene = given.scene();
        bob = given.bob();
        authority = given.authority();
        other = given.other();
        source = new AuthorityInTest(authority);
    }

    @AfterEach
    void end() {
        given.close();
    }

    /** Has what the test says. */
    private static final class Shelf implements CredentialRetriever {
        private final List<Runnable> watches = new CopyOnWriteArrayList<>();
        private volatile CredentialAndPurposeKey has;

        Shelf(CredentialAndPurposeKey first) {
            has = first;
        }

        void has(CredentialAndPurposeKey next) {
            has = next;
            watches.forEach(Runnable::run);
        }

        @Override
        public CompletionStage<CredentialAndPurposeKey> credential() {
            return CompletableFuture.completedStage(has);
        }

        @Override
        public Runnable watch(Runnable newer) {
            watches.add(newer);
            return () -> watches.remove(newer);
        }
    }

    /** Issues numbered credentials, unless it is down. */
    private final class AuthorityInTest {
        private final Party by;
        private final AtomicInteger asked = new AtomicInteger();
        private final AtomicInteger issued = new AtomicInteger();
        private final AtomicInteger answered = new AtomicInteger();
        private volatile Instant lastIssuedAt = clock.instant();
        private volatile boolean down;

        AuthorityInTest(Party by) {
            this.by = by;
        }

        private CompletionStage<CredentialAndPurposeKey> next(Party subject) {
            asked.incrementAndGet();
            return (down
                            ? CompletableFuture.<CredentialAndPurposeKey>failedFuture(new IllegalStateException("down"))
                            : issue(subject))
                    .whenComplete((credential, failure) -> answered.incrementAndGet());
        }

        private CompletionStage<CredentialAndPurposeKey> issue(Party subject) {
            String number = String.valueOf(issued.incrementAndGet());
            lastIssuedAt = clock.instant();
            return given.issue(by, subject, Map.of("role", "member", "number", number));
        }

        /** Asks this authority, for somebody. */
        RefreshingRetriever retriever(Party subject) {
            return RefreshingRetriever.create(
                    scene.system(),
                    () -> next(subject),
                    clock,
                    CredentialRefreshSettings.create(scene.system())
                            .withRetryPauses(STEP, STEP.multipliedBy(2))
                            .withJitter(0));
        }

        boolean hasAnswered() {
            return answered.get() == asked.get();
        }
    }

    private RefreshingRetriever refreshing() {
        return source.retriever(alice);
    }

    private SecureChannel opened(CredentialRetriever presented) {
        return given.opened(bob.channelOptions().withCredentials(presented).withAuthorities(authority.identifier()));
    }

    private void passes(Duration step) {
        passes(step, source);
    }

    /** The sources have answered before time passes further. */
    private void passes(Duration step, AuthorityInTest... sources) {
        clock.goesOn(step);
        time.timePasses(step);
        scene.eventually(() -> assertThat(sources).allMatch(AuthorityInTest::hasAnswered));
    }

    private void isSeenWithTheNewest(SecureChannel channel) {
        scene.eventually(() -> assertThat(given.seenBehind(channel, authority, "number"))
                .contains(String.valueOf(source.issued.get())));
    }

    /** Secure channel, section 9, item 59; authority, section 10, items 30 and 37. */
    @Test
    void accessOutlivesItsCredentialsAndOutagesOfTheAuthority() {
        given.listen(given.believing(authority));
        SecureChannel channel = opened(refreshing());
        for (int second = 0; second < 180; second += (int) STEP.toSeconds()) {
            source.down = second % 50 >= 20 && second % 50 < 45;
            passes(STEP);
            // Whatever was due before the last step has been asked for, and what it brought has arrived.
            scene.eventually(() -> assertThat(source.lastIssuedAt)
                    .isAfterOrEqualTo(clock.instant().minus(LONGEST)));
            isSeenWithTheNewest(channel);
            given.isLetIn(channel);
        }
        assertThat(source.asked.get()).isBetween(6, 36);

        source.down = true;
        for (int second = 0; second < 60; second += (int) STEP.toSeconds()) {
            passes(STEP);
        }
        given.isDenied(channel);
        assertThat(channel.state()).isInstanceOf(ChannelState.Open.class);

        source.down = false;
        passes(STEP);
        passes(STEP);
        scene.eventually(() ->
                assertThat(source.lastIssuedAt).isAfterOrEqualTo(clock.instant().minus(STEP.multipliedBy(2))));
        isSeenWithTheNewest(channel);
        given.isLetIn(channel);
    }

    @Test
    void aNewerCredentialReachesThePeerInBothDirections() { // authority, section 10, item 29
        Shelf ofAlice = new Shelf(given.credential(authority, alice, "guest"));
        Shelf ofBob = new Shelf(given.credential(authority, bob, "guest"));
        given.listen(given.believing(authority).withCredentials(ofBob));
        SecureChannel channel = opened(ofAlice);
        given.openTo(channel);
        SecureChannel other = scene.otherEnd(channel);
        given.isDenied(channel);
        given.isSeenAs("guest", channel);
        given.isSeenAs("guest", other);
        clock.goesOn(Duration.ofSeconds(1));

        ofAlice.has(given.credential(authority, alice, "member"));
        given.isSeenAs("member", channel);
        given.isLetIn(channel);
        given.isSeenAs("guest", other);

        ofBob.has(given.credential(authority, bob, "server"));
        given.isSeenAs("server", other);
        given.isSeenAs("member", channel);
    }

    /** A way out of the node that takes what it then loses. */
    private Registration losing(AtomicBoolean loses, AtomicInteger lost) {
        scene.node()
                .start(
                        Address.of("exit"),
                        Codec.any(),
                        Behaviors.receiveMessage(message -> {
                            if (loses.get()) {
                                lost.incrementAndGet();
                            } else {
                                message.forward();
                            }
                            return Behaviors.same();
                        }),
                        WorkerOptions.defaults().withMetadata(Metadata.terminal(Map.of())));
        return Objects.requireNonNull(NodeAccess.router(scene.node()).find(Address.of("exit")));
    }

    @Test
    void aCredentialThatIsLostInAnOutageIsShownAgain() { // authority, section 10, item 29
        AtomicBoolean loses = new AtomicBoolean();
        AtomicInteger lost = new AtomicInteger();
        Registration exit = losing(loses, lost);
        Shelf ofAlice = new Shelf(given.credential(authority, alice, "guest"));
        given.listen(given.believing(authority));
        SecureChannel channel =
                await(scene.create("exit => listener", bob.channelOptions().withCredentials(ofAlice)));
        given.isSeenAs("guest", channel);
        clock.goesOn(Duration.ofSeconds(1));
        loses.set(true);
        ofAlice.has(given.credential(authority, alice, "member"));
        scene.eventually(() -> assertThat(lost).hasValue(1));
        exit.reach(false);
        loses.set(false);

        exit.reach(true);
        time.timePasses(STEP);

        given.isSeenAs("member", channel);
    }

    @Test
    void allChannelsOfAnIdentityShareOneRetriever() { // authority, section 10, item 29
        given.listen(given.believing(authority));
        RefreshingRetriever shared = refreshing();
        List<SecureChannel> channels = List.of(opened(shared), opened(shared), opened(shared));
        assertThat(source.asked).hasValue(1);
        for (int i = 0; i < 5; i++) {
            passes(STEP);
        }

        assertThat(source.asked).hasValue(2);
        channels.forEach(this::isSeenWithTheNewest);
        passes(STEP);
        channels.forEach(given::isLetIn);
    }

    @Test
    void aRefreshThatDoesNotCountChangesNothing() { // authority, section 10, item 32
        Shelf ofAlice = new Shelf(given.credential(authority, alice, "member"));
        given.listen(given.believing(authority));
        SecureChannel channel = opened(ofAlice);

        LoggingTestKit.warn("A credential of " + alice.identifier() + " does not count: CREDENTIAL_OF_OTHER_SUBJECT")
                .expect(scene.system(), () -> {
                    ofAlice.has(given.credential(authority, bob, "guest"));
                    return true;
                });
        given.isLetIn(channel);

        time.timePasses(STEP);
        LoggingTestKit.warn("A credential of " + alice.identifier() + " does not count: UNKNOWN_AUTHORITY")
                .expect(scene.system(), () -> {
                    ofAlice.has(given.credential(bob, alice, "guest"));
                    return true;
                });
        given.isLetIn(channel);

        time.timePasses(STEP);
        clock.goesOn(Duration.ofSeconds(1));
        LoggingTestKit.warn("A credential of " + alice.identifier() + " does not count: CREDENTIAL_SIGNATURE_INVALID")
                .expect(scene.system(), () -> {
                    ofAlice.has(CredentialScene.changed(given.credential(authority, alice, "guest")));
                    return true;
                });
        given.isLetIn(channel);
    }

    @Test
    void strangersHideNoRefreshOfANamedPeerThatDoesNotCount() {
        Shelf ofAlice = new Shelf(given.credential(authority, bob, "she has no attributes"));
        given.listen(given.believing(authority));
        opened(ofAlice);
        Address everyone = Address.of("everyone");
        SecureChannelListener.create(
                scene.node(),
                everyone,
                bob.identity(),
                SecureChannelListenerOptions.trusting(peer -> true).withAuthorities(authority.identifier()));
        Party stranger = Party.create(scene.system(), clock);
        LoggingTestKit.warn("A credential of " + stranger.identifier() + " does not count: UNKNOWN_AUTHORITY")
                .expect(
                        scene.system(),
                        () -> await(SecureChannel.create(
                                scene.node(),
                                Route.of(everyone),
                                stranger.identity(),
                                bob.channelOptions().withCredential(given.credential(other, stranger, "guest")))));

        LoggingTestKit.warn("A credential of " + alice.identifier() + " does not count: UNKNOWN_AUTHORITY")
                .expect(scene.system(), () -> {
                    ofAlice.has(given.credential(other, alice, "guest"));
                    return true;
                });
    }

    @Test
    void nobodyWatchesAClosedChannel() {
        Shelf ofAlice = new Shelf(given.credential(authority, alice, "member"));
        Shelf ofBob = new Shelf(given.credential(authority, bob, "server"));
        given.listen(given.believing(authority).withCredentials(ofBob));
        SecureChannel channel = opened(ofAlice);
        scene.otherEnd(channel);
        scene.eventually(() -> {
            assertThat(ofAlice.watches).hasSize(1);
            assertThat(ofBob.watches).hasSize(1);
        });

        await(channel.close());

        scene.eventually(() -> {
            assertThat(ofAlice.watches).isEmpty();
            assertThat(ofBob.watches).isEmpty();
        });
    }

    @Test
    void closedChannelsLeaveNoTimer() {
        given.listen(given.believing(authority));
        SecureChannel channel = opened(refreshing());
        await(channel.close());
        for (int i = 0; i < 12; i++) {
            passes(STEP);
        }

        assertThat(source.asked).hasValue(1);
    }

    @Test
    void withoutACredentialThereIsNoChannel() { // authority, section 10, item 28
        given.listen(given.believing(authority));
        source.down = true;

        Throwable failure =
                awaitFailureOf(scene.create("listener", bob.channelOptions().withCredentials(refreshing())));

        assertThat(failure)
                .isInstanceOfSatisfying(HandshakeException.class, refused -> {
                    assertThat(refused.step()).isEqualTo(HandshakeException.Step.PREPARE);
                    assertThat(refused.reason()).isEqualTo(HandshakeException.Reason.CREDENTIAL_UNAVAILABLE);
                })
                .hasCauseInstanceOf(CredentialUnavailableException.class);
    }

    @Test
    void aListenerSaysThatItHasNoCredential() {
        source.down = true;
        given.listen(given.believing(authority).withCredentials(refreshing()));

        CompletionStage<SecureChannel> waiting = LoggingTestKit.warn(
                        "listener has no credential to present: PREPARE: CREDENTIAL_UNAVAILABLE")
                .expect(scene.system(), () -> scene.create("listener", bob.channelOptions()));

        waiting.toCompletableFuture().cancel(true);
    }

    /** Authority, section 10, item 27. */
    @Test
    void theWordsOfTwoAuthoritiesAreRenewedAndEndIndependently() {
        Party carol = Party.create(scene.system(), clock);
        given.knows(carol);
        AuthorityInTest others = new AuthorityInTest(other);
        given.listen(CredentialScene.believing(Party.accepting(alice, carol), authority, other));
        SecureChannel byFirst = opened(source.retriever(alice));
        SecureChannel byOther = opened(others.retriever(alice));
        SecureChannel carols = await(SecureChannel.create(
                scene.node(),
                Scene.TO_LISTENER,
                carol.identity(),
                bob.channelOptions().withCredentials(others.retriever(carol))));
        for (int second = 0; second < 2 * VALIDITY.toSeconds(); second += (int) STEP.toSeconds()) {
            passes(STEP, source, others);
            scene.eventually(() -> assertThat(renewed(source, others)).isTrue());
        }
        for (SecureChannel each : List.of(byFirst, byOther)) {
            isSeenAsMemberBy(authority, each);
            isSeenAsMemberBy(other, each);
            given.isLetIn(each);
            given.isLetInByOther(each);
        }
        isSeenAsMemberBy(other, carols);
        given.isLetInByOther(carols);
        given.isDenied(carols);

        others.down = true;
        for (int second = 0; second <= VALIDITY.toSeconds(); second += (int) STEP.toSeconds()) {
            passes(STEP, source, others);
            scene.eventually(() -> assertThat(renewed(source)).isTrue());
        }

        for (SecureChannel each : List.of(byFirst, byOther)) {
            isSeenWithTheNewest(each);
            given.isLetIn(each);
            given.isDeniedByOther(each);
        }
        given.isDeniedByOther(carols);

        others.down = false;
        for (int i = 0; i < 6; i++) {
            passes(STEP, source, others);
        }
        scene.eventually(() -> assertThat(renewed(source, others)).isTrue());
        for (SecureChannel each : List.of(byFirst, byOther, carols)) {
            isSeenAsMemberBy(other, each);
            given.isLetInByOther(each);
        }
        given.isLetIn(byFirst);
    }

    private void isSeenAsMemberBy(Party by, SecureChannel channel) {
        scene.eventually(() -> assertThat(given.seenBehind(channel).attributes(by.identifier()))
                .hasValueSatisfying(said -> {
                    assertThat(said.text("role")).contains("member");
                    assertThat(said.isValidAt(clock.instant())).isTrue();
                }));
    }

    private boolean renewed(AuthorityInTest... sources) {
        return Stream.of(sources)
                .allMatch(each -> !each.lastIssuedAt.isBefore(clock.instant().minus(STEP.multipliedBy(6))));
    }
}
