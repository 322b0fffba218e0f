// SPDX-License-Identifier: Apache-2.0

package ockam.tests.channel;

import static ockam.fixtures.Stages.await;
import static ockam.fixtures.Stages.awaitFailureOf;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.LoggingTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
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
import ockam.identity.CredentialOptions;
import ockam.node.Routed;
import ockam.node.WorkerOptions;
import ockam.routing.AccessControl;
import ockam.routing.RoutingDropReason;
import ockam.routing.rule.Rule;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.Party;
import ockam.wire.Address;
import ockam.wire.Attributes;
import ockam.wire.Codec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Credentials that are replaced while channels are open (secure channel, sections 5.7 and 7.4; authority, section 7). */
class CredentialRefreshTest {
    @RegisterExtension
    static final ActorTestKitExtension KIT = ActorTestKitExtension.create().withManualTime();

    private static final Duration VALIDITY = Duration.ofMinutes(1);
    private static final Duration STEP = Duration.ofSeconds(5);
    /** From one credential to the next, if the authority is down when the next is due. */
    private static final Duration LONGEST = Duration.ofSeconds(50);

    private static final String MEMBERS = "members";
    private static final String OPEN = "open";

    private final ManualTime time;
    private final MutableClock clock = new MutableClock();
    private final Scene scene;
    private final Party alice;
    private final Party bob;
    private final Party authority;
    private final TestProbe<Routed<String>> members;
    private final TestProbe<Routed<String>> open;
    private final AtomicInteger asked = new AtomicInteger();
    /** What the authority has issued for Alice's retriever. */
    private final AtomicInteger issued = new AtomicInteger();

    private volatile Instant lastIssuedAt = clock.instant();
    private final AtomicInteger answered = new AtomicInteger();
    private volatile boolean down;

    CredentialRefreshTest(ActorTestKit testKit, ManualTime time) {
        this.time = time;
        alice = Party.create(testKit.system(), clock);
        bob = Party.create(testKit.system(), clock);
        authority = Party.create(testKit.system(), clock);
        scene = Scene.create(testKit, alice, bob);
        for (Party each : List.of(alice, bob)) {
            await(each.identity()
                    .identities()
                    .importHistory(authority.identity().export()));
        }
        members = testKit.createTestProbe();
        scene.node()
                .attach(
                        Address.of(MEMBERS),
                        Codec.string(),
                        members.ref(),
                        WorkerOptions.defaults()
                                .withIncoming(AccessControl.attributes(
                                        authority.identifier(), Rule.parse("role=member"), clock)));
        open = scene.attached(OPEN, Codec.string());
    }

    @AfterEach
    void end() {
        scene.close();
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

    private CompletionStage<CredentialAndPurposeKey> issue(Party by, Party subject, String role) {
        return by.identity()
                .identities()
                .issueCredential(
                        by.identity(),
                        CredentialOptions.of(subject.identifier(), Attributes.ofTexts(Map.of("role", role)), VALIDITY));
    }

    private CompletionStage<CredentialAndPurposeKey> issueNumbered() {
        String number = String.valueOf(issued.incrementAndGet());
        lastIssuedAt = clock.instant();
        return authority
                .identity()
                .identities()
                .issueCredential(
                        authority.identity(),
                        CredentialOptions.of(
                                alice.identifier(),
                                Attributes.ofTexts(Map.of("role", "member", "number", number)),
                                VALIDITY));
    }

    private CredentialAndPurposeKey issued(Party subject, String role) {
        return await(issue(authority, subject, role));
    }

    /** Asks the authority, which may be down. */
    private RefreshingRetriever refreshing() {
        return RefreshingRetriever.create(
                scene.system(),
                () -> {
                    asked.incrementAndGet();
                    return (down
                                    ? CompletableFuture.<CredentialAndPurposeKey>failedFuture(
                                            new IllegalStateException("down"))
                                    : issueNumbered())
                            .whenComplete((credential, failure) -> answered.incrementAndGet());
                },
                clock,
                CredentialRefreshSettings.create(scene.system())
                        .withRetryPauses(STEP, STEP.multipliedBy(2))
                        .withJitter(0));
    }

    private void listen(SecureChannelListenerOptions options) {
        SecureChannelListener listener = scene.listen(options);
        scene.node().allow(Address.of(MEMBERS)).from(listener);
        scene.node().allow(Address.of(OPEN)).from(listener);
    }

    private SecureChannelListenerOptions believing() {
        return alice.listenerOptions().withAuthorities(authority.identifier());
    }

    private SecureChannel opened(CredentialRetriever presented) {
        return await(scene.create(
                "listener", bob.channelOptions().withCredentials(presented).withAuthorities(authority.identifier())));
    }

    /** The source has answered before time passes further. */
    private void passes(Duration step) {
        clock.goesOn(step);
        time.timePasses(step);
        scene.eventually(() -> assertThat(answered).hasValue(asked.get()));
    }

    private void isLetIn(SecureChannel channel) {
        scene.send(channel.route(MEMBERS), "hello");
        assertThat(members.receiveMessage().body()).isEqualTo("hello");
    }

    private void isDenied(SecureChannel channel) {
        long before = scene.node().dropped(RoutingDropReason.INCOMING_DENIED);
        scene.send(channel.route(MEMBERS), "hello");
        scene.eventually(() -> assertThat(scene.node().dropped(RoutingDropReason.INCOMING_DENIED))
                .isEqualTo(before + 1));
        members.expectNoMessage(Duration.ZERO);
    }

    /** What the other end hears of this one now. */
    private Optional<String> roleSeenBehind(SecureChannel channel) {
        return seenBehind(channel, "role");
    }

    private Optional<String> seenBehind(SecureChannel channel, String attribute) {
        scene.send(channel.route(OPEN), "who am I?");
        return open.receiveMessage()
                .peer()
                .orElseThrow()
                .attributes(authority.identifier())
                .flatMap(said -> said.text(attribute));
    }

    private void isSeenAs(String role, SecureChannel channel) {
        scene.eventually(() -> assertThat(roleSeenBehind(channel)).contains(role));
    }

    /** Secure channel, section 9, item 59; authority, section 10, items 30 and 37. */
    @Test
    void accessOutlivesItsCredentialsAndOutagesOfTheAuthority() {
        listen(believing());
        SecureChannel channel = opened(refreshing());
        for (int second = 0; second < 180; second += (int) STEP.toSeconds()) {
            down = second % 50 >= 20 && second % 50 < 45;
            passes(STEP);
            // Whatever was due before the last step has been asked for, and what it brought has arrived.
            scene.eventually(() ->
                    assertThat(lastIssuedAt).isAfterOrEqualTo(clock.instant().minus(LONGEST)));
            scene.eventually(() -> assertThat(seenBehind(channel, "number")).contains(String.valueOf(issued.get())));
            isLetIn(channel);
        }
        assertThat(asked.get()).isBetween(6, 36);

        down = true;
        for (int second = 0; second < 60; second += (int) STEP.toSeconds()) {
            passes(STEP);
        }
        isDenied(channel);
        assertThat(channel.state()).isInstanceOf(ChannelState.Open.class);

        down = false;
        passes(STEP);
        passes(STEP);
        scene.eventually(
                () -> assertThat(lastIssuedAt).isAfterOrEqualTo(clock.instant().minus(STEP.multipliedBy(2))));
        scene.eventually(() -> assertThat(seenBehind(channel, "number")).contains(String.valueOf(issued.get())));
        isLetIn(channel);
    }

    @Test
    void aNewerCredentialReachesThePeerInBothDirections() { // authority, section 10, item 29
        Shelf ofAlice = new Shelf(issued(alice, "guest"));
        Shelf ofBob = new Shelf(issued(bob, "guest"));
        listen(believing().withCredentials(ofBob));
        SecureChannel channel = opened(ofAlice);
        scene.node().allow(Address.of(OPEN)).from(channel);
        SecureChannel other = scene.otherEnd(channel);
        isDenied(channel);
        isSeenAs("guest", channel);
        isSeenAs("guest", other);
        clock.goesOn(Duration.ofSeconds(1));

        ofAlice.has(issued(alice, "member"));
        isSeenAs("member", channel);
        isLetIn(channel);
        isSeenAs("guest", other);

        ofBob.has(issued(bob, "server"));
        isSeenAs("server", other);
        isSeenAs("member", channel);
    }

    @Test
    void allChannelsOfAnIdentityShareOneRetriever() { // authority, section 10, item 29
        listen(believing());
        RefreshingRetriever shared = refreshing();
        List<SecureChannel> channels = List.of(opened(shared), opened(shared), opened(shared));
        assertThat(asked).hasValue(1);
        for (int i = 0; i < 11; i++) {
            passes(STEP);
        }

        assertThat(asked).hasValue(2);
        channels.forEach(channel ->
                scene.eventually(() -> assertThat(seenBehind(channel, "number")).contains("2")));
        passes(STEP);
        channels.forEach(this::isLetIn);
    }

    @Test
    void aRefreshThatDoesNotCountChangesNothing() { // authority, section 10, item 32
        Shelf ofAlice = new Shelf(issued(alice, "member"));
        listen(believing());
        SecureChannel channel = opened(ofAlice);

        LoggingTestKit.warn("A credential of " + alice.identifier() + " does not count: CREDENTIAL_OF_OTHER_SUBJECT")
                .expect(scene.system(), () -> {
                    ofAlice.has(issued(bob, "guest"));
                    return true;
                });
        isLetIn(channel);

        time.timePasses(STEP);
        LoggingTestKit.warn("A credential of " + alice.identifier() + " does not count: UNKNOWN_AUTHORITY")
                .expect(scene.system(), () -> {
                    ofAlice.has(await(issue(bob, alice, "guest")));
                    return true;
                });
        isLetIn(channel);
    }

    @Test
    void nobodyWatchesAClosedChannel() {
        Shelf ofAlice = new Shelf(issued(alice, "member"));
        Shelf ofBob = new Shelf(issued(bob, "server"));
        listen(believing().withCredentials(ofBob));
        SecureChannel channel = opened(ofAlice);
        scene.otherEnd(channel);
        assertThat(ofAlice.watches).hasSize(1);
        assertThat(ofBob.watches).hasSize(1);

        await(channel.close());

        scene.eventually(() -> {
            assertThat(ofAlice.watches).isEmpty();
            assertThat(ofBob.watches).isEmpty();
        });
    }

    @Test
    void closedChannelsLeaveNoTimer() {
        listen(believing());
        SecureChannel channel = opened(refreshing());
        await(channel.close());
        for (int i = 0; i < 12; i++) {
            passes(STEP);
        }

        assertThat(asked).hasValue(1);
    }

    @Test
    void withoutACredentialThereIsNoChannel() { // authority, section 10, item 28
        listen(believing());
        down = true;

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
        down = true;
        listen(believing().withCredentials(refreshing()));

        CompletionStage<SecureChannel> waiting = LoggingTestKit.warn(
                        "listener has no credential to present: PREPARE: CREDENTIAL_UNAVAILABLE")
                .expect(scene.system(), () -> scene.create("listener", bob.channelOptions()));

        waiting.toCompletableFuture().cancel(true);
    }
}
