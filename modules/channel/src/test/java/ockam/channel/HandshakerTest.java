// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import static ockam.channel.ChannelTests.NOTHING;
import static ockam.channel.ChannelTests.cut;
import static ockam.channel.ChannelTests.flipped;
import static ockam.channel.ChannelTests.join;
import static ockam.channel.ChannelTests.random;
import static ockam.fixtures.ExampleIdentities.filled;
import static ockam.fixtures.Stages.await;
import static ockam.fixtures.Stages.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.testkit.typed.Effect;
import akka.actor.testkit.typed.javadsl.BehaviorTestKit;
import akka.actor.testkit.typed.javadsl.TestInbox;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.util.ByteString;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import ockam.channel.Bench.Place;
import ockam.channel.SecureChannelActor.HandshakeDone;
import ockam.channel.SecureChannelActor.HandshakeFailed;
import ockam.fixtures.Hex;
import ockam.identity.AttestedAttributes;
import ockam.identity.AttributeStore;
import ockam.identity.ChangeHistory;
import ockam.identity.CredentialAndPurposeKey;
import ockam.identity.CredentialOptions;
import ockam.identity.HistoryLimits;
import ockam.identity.Identities;
import ockam.identity.Identity;
import ockam.identity.IdentityAndCredentials;
import ockam.identity.IdentityException;
import ockam.identity.IdentityRepository.Retention;
import ockam.identity.InMemoryAttributeStore;
import ockam.identity.InMemoryIdentityRepository;
import ockam.identity.OwnIdentity;
import ockam.identity.PeerTerms;
import ockam.identity.SecureChannelKey;
import ockam.identity.TrustPolicy;
import ockam.routing.AccessControl;
import ockam.routing.Metadata;
import ockam.routing.Peer;
import ockam.routing.RoutingDropReason;
import ockam.routing.spi.Delivery;
import ockam.routing.spi.EndpointSpec;
import ockam.vault.AgreementKey;
import ockam.vault.KeyCounts;
import ockam.vault.Signature;
import ockam.vault.SoftwareVault;
import ockam.vault.Vault;
import ockam.vault.VaultException;
import ockam.wire.Address;
import ockam.wire.Attributes;
import ockam.wire.CborWriter;
import ockam.wire.Identifier;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The handshake of one side, its peer moved by hand (secure channel, sections 3.1 to 3.4; secure channel, section 9, items 8, 9 and 11 to
 * 14).
 */
class HandshakerTest {
    @RegisterExtension
    static final Bench BENCH = new Bench();

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int EARLY_FRAMES = 4;
    private static final int EARLY_BYTES = 2_000;
    private static final HistoryLimits LIMITS = new HistoryLimits(4, 600);
    private static final int BULK = 500; // many times what is kept
    private static final Address PEERS_DECRYPTOR = Address.of("peer-decryptor");
    private static final byte[] HELLO = Hex.bytes("8282008183818200466563686f657281820043617070460548656c6c6f40");

    /** Runs what it is given immediately, or later. */
    private static final class Verifier {
        private final Queue<Runnable> held = new ArrayDeque<>();
        private boolean holding;
        private int begun;

        void execute(Runnable operation) {
            begun++;
            if (holding) {
                held.add(operation);
            } else {
                operation.run();
            }
        }

        void releaseAll() {
            holding = false;
            while (!held.isEmpty()) {
                held.remove().run();
            }
        }
    }

    // The side that is tested.
    private final ScriptedVault vault = new ScriptedVault();
    private final Verifier verifier = new Verifier();
    private final ScriptedRepository repository = new ScriptedRepository();
    private final InMemoryAttributeStore attributes = InMemoryAttributeStore.create();
    private boolean attributesFail;
    private final Identities identities = Identities.create(
            Vault.of(vault, vault.keys, SoftwareVault.create(verifier::execute)),
            repository,
            new AttributeStore() {
                @Override
                public CompletionStage<Boolean> store(AttestedAttributes said) {
                    return attributes.store(said);
                }

                @Override
                public CompletionStage<Optional<AttestedAttributes>> find(
                        Identifier subject, Identifier authority, Instant moment) {
                    return attributesFail
                            ? CompletableFuture.failedFuture(new IllegalStateException("the store is out of order"))
                            : attributes.find(subject, authority, moment);
                }
            },
            Bench.CLOCK);
    private final Identity me = done(identities.create());
    private final SignatureQueue strangers = new SignatureQueue(Runnable::run);
    private final TestInbox<SecureChannelActor.Command> parent = TestInbox.create();
    private final TestInbox<Encryptor.Command> encryptor = TestInbox.create();
    private final List<Place> own = BENCH.places(
            EndpointSpec.open(Address.of("remote")),
            new EndpointSpec(
                    Address.of("internal"), AccessControl.denyAll(), AccessControl.allowAll(), Metadata.none()));
    private final Place remote = own.get(0);
    private TrustPolicy policy = peer -> true;
    private Credentials credentials = Credentials.NONE;

    // The rest of the world.
    private final Place hop = BENCH.place("hop");
    private final Place echoer = BENCH.place("echoer");
    private final ScriptedVault peersVault = new ScriptedVault();
    private final Identities peers = Identities.create(
            Vault.of(peersVault, peersVault.keys, peersVault.keys), InMemoryIdentityRepository.create(), Bench.CLOCK);
    private final Identity peer = done(peers.create());
    private SecureChannelKey peersKey = done(peers.secureChannelKey(peer));
    private List<CredentialAndPurposeKey> peersCredentials = List.of();

    /** What the actor is, and what it was told to do later. */
    private record Running(BehaviorTestKit<Receiver.Command> kit, Receiver.Command timedOut) {}

    // ---- moving the actor ----

    private Running start(Role role) {
        done(identities.secureChannelKey(me)); // so that it is there, as it is in all handshakes but the first
        return startWithout(role);
    }

    /** Leaves it to the actor to have a key. */
    private Running startWithout(Role role) {
        return start(
                role == Role.INITIATOR
                        ? Handshaker.initiator(setup(role), Route.of("hop", "listener"))
                        : Handshaker.responder(setup(role)));
    }

    private Receiver.Setup setup(Role role) {
        return new Receiver.Setup(
                role,
                remote.endpoint(),
                own.get(1).endpoint(),
                me,
                new OwnHistories(),
                policy,
                credentials,
                TIMEOUT,
                new SecureChannelSettings(
                        TIMEOUT,
                        TIMEOUT,
                        1,
                        1,
                        1,
                        Optional.empty(),
                        TIMEOUT,
                        ChannelTests.LIVENESS,
                        EARLY_FRAMES,
                        EARLY_BYTES,
                        1,
                        LIMITS,
                        ChannelTests.REFRESH,
                        Duration.ofDays(1)),
                strangers,
                new SignatureQueue(Runnable::run),
                new RateLimit(0, () -> 0),
                what -> true,
                () -> 0,
                parent.getRef());
    }

    private Running start(Behavior<Receiver.Command> handshaker) {
        BehaviorTestKit<Receiver.Command> kit = BehaviorTestKit.create(handshaker);
        Running running = new Running(kit, timer(kit));
        drain(running);
        return running;
    }

    private static Receiver.Command timer(BehaviorTestKit<Receiver.Command> kit) {
        for (Effect effect : kit.getAllEffects()) {
            if (effect instanceof Effect.TimerScheduled<?> timer) {
                assertThat(timer.duration()).isEqualTo(TIMEOUT);
                return (Receiver.Command) timer.msg();
            }
        }
        throw new AssertionError("no timer was set");
    }

    private static void drain(Running running) {
        while (running.kit().selfInbox().hasMessages()) {
            running.kit().runOne();
        }
        assertThat(running.kit().isAlive()).isTrue();
    }

    private void run(Running running, Receiver.Command command) {
        running.kit().run(command);
        drain(running);
    }

    /** A message from the peer, over the hop. */
    private void arrive(Running running, byte[] message) {
        hop.send(Route.of("remote"), Route.of(hop.address(), PEERS_DECRYPTOR), message);
        run(
                running,
                new Receiver.Arrived(Objects.requireNonNull(remote.arrived().poll())));
    }

    private void arriveAll(Running running, List<byte[]> messages) {
        messages.forEach(message -> arrive(running, message));
    }

    /** Lets go of one curve operation of the tested side. */
    private void release(Running running) {
        vault.release();
        drain(running);
    }

    private void open(Running running) {
        run(running, new Receiver.Opened(encryptor.getRef(), Address.of("encryptor"), new Idleness(Optional.empty())));
    }

    // ---- what it says ----

    private HandshakeDone handshakeDone() {
        SecureChannelActor.Command told = parent.receiveMessage();
        assertThat(told).isInstanceOf(HandshakeDone.class);
        return (HandshakeDone) told;
    }

    /** The handshake has failed as {@code STEP: REASON}, nothing more is said, and nothing is left when the actor stops. */
    private void assertFailed(Running running, String stepAndReason) {
        assertFailed(running, stepAndReason, "");
    }

    /** The same, with the words that follow. */
    private void assertFailed(Running running, String stepAndReason, String words) {
        SecureChannelActor.Command told = parent.receiveMessage();
        assertThat(told)
                .isInstanceOfSatisfying(
                        HandshakeFailed.class,
                        failed -> assertThat(failed.failure().step() + ": "
                                        + failed.failure().reason())
                                .isEqualTo(stepAndReason)
                                .satisfies(same -> assertThat(failed.failure()).hasMessageStartingWith(same + words)));
        hop.assertNothingArrived();
        vault.releaseAll();
        verifier.releaseAll();
        drain(running);
        run(running, running.timedOut()); // is cancelled, in truth
        arrive(running, NOTHING);
        assertThat(parent.hasMessages()).isFalse();
        stop(running);
    }

    /** Stops the actor; what it waited for arrives afterwards. */
    private void stop(Running running) {
        running.kit().signal(PostStop.instance());
        vault.releaseAll();
        verifier.releaseAll();
        assertNoSecrets();
        assertThat(echoer.arrived()).isEmpty();
    }

    private void assertNoSecrets() {
        assertThat(vault.keys.keyCounts()).isEqualTo(new KeyCounts(1, 1, 0, 0));
    }

    // ---- the peer ----

    private NoiseHandshake responder() {
        return new NoiseHandshake(peersVault, Role.RESPONDER, peersKey.key());
    }

    private NoiseHandshake initiator() {
        return new NoiseHandshake(peersVault, Role.INITIATOR, peersKey.key());
    }

    private void assertShowsWhoIAm(IdentityAndCredentials shown, NoiseHandshake noise) {
        PeerTerms terms = new PeerTerms(false, LIMITS, peersVault.keys);
        assertThat(done(peers.verifyPeer(shown, noise.remoteStatic(), terms)).identifier())
                .isEqualTo(me.identifier());
    }

    private byte[] peersPayload() {
        return peersKey.show(peersCredentials).encode().toArray();
    }

    private static byte[] bytes(LocalMessage message) {
        return message.payload().toArray();
    }

    /** Message 2 with a payload, after the initiator that is tested has sent message 1. */
    private byte[] message2(NoiseHandshake noise, byte[] payload) {
        done(noise.read(bytes(hop.next())));
        return done(noise.write(payload));
    }

    private byte[] message2() {
        return message2(responder(), peersPayload());
    }

    /** A responder that is tested, after it has sent message 2, and its initiator. */
    private record HalfOpen(Running running, NoiseHandshake initiator) {}

    private HalfOpen halfOpen() {
        return halfOpen(initiator());
    }

    private HalfOpen halfOpen(NoiseHandshake noise) {
        Running running = start(Role.RESPONDER);
        arrive(running, done(noise.write(NOTHING)));
        done(noise.read(bytes(hop.next())));
        parent.expectMessage(SecureChannelActor.AwaitingMessage3.INSTANCE);
        return new HalfOpen(running, noise);
    }

    private byte[] message3(HalfOpen halfOpen) {
        return done(halfOpen.initiator().write(peersPayload()));
    }

    private static byte[] frame(FrameSealer sealer) {
        byte[] frame = join(new byte[8], HELLO, new byte[16]);
        sealer.seal(frame);
        return frame;
    }

    // ---- credentials ----

    private CredentialAndPurposeKey credential(Identity authority, Identity subject) {
        return done(peers.issueCredential(
                authority,
                CredentialOptions.of(
                        subject.identifier(), Attributes.ofTexts(Map.of("role", "member")), Duration.ofDays(1))));
    }

    /** Takes part in a handshake to its end. */
    private HandshakeDone finished(Role role) {
        if (role == Role.INITIATOR) {
            Running running = start(role);
            NoiseHandshake noise = responder();
            arrive(running, message2(noise, peersPayload()));
            done(noise.read(bytes(hop.next())));
            HandshakeDone handshake = handshakeDone();
            assertOpen(running, noise.split(), handshake);
            return handshake;
        }
        HalfOpen halfOpen = halfOpen();
        arrive(halfOpen.running(), message3(halfOpen));
        HandshakeDone handshake = handshakeDone();
        assertOpen(halfOpen.running(), halfOpen.initiator().split(), handshake);
        return handshake;
    }

    @ParameterizedTest
    @EnumSource
    void countsWhatAnAuthoritySaysOfThePeer(Role role) { // secure channel, section 9, item 56
        Identity authority = done(peers.create());
        done(identities.importHistory(authority.export()));
        credentials = Credentials.NONE.believing(authority.identifier());
        peersCredentials = List.of(credential(authority, peer));

        assertThat(finished(role).peer().attributes(authority.identifier()).flatMap(said -> said.text("role")))
                .contains("member");
    }

    @Test
    void whatTheHandshakeHasLearnedIsVoidWhenTheAuthorityRotatesBeforeTheChannelIsOpen() { // secure channel, section
        // 4.8
        Identity authority = done(peers.create());
        done(identities.importHistory(authority.export()));
        credentials = Credentials.NONE.believing(authority.identifier());
        peersCredentials = List.of(credential(authority, peer));
        Running running = start(Role.INITIATOR);
        NoiseHandshake noise = responder();
        arrive(running, message2(noise, peersPayload()));
        done(noise.read(bytes(hop.next())));
        HandshakeDone handshake = handshakeDone();
        assertThat(handshake.peer().attributes(authority.identifier())).isPresent();
        attributesFail = true;
        done(identities.importHistory(done(peers.rotate(authority)).export()));
        arrive(running, frame(new FrameSealer(noise.split().sealing())));

        open(running);

        Delivery forwarded = Objects.requireNonNull(echoer.arrived().poll());
        assertThat(Peer.of(forwarded.message())).contains(new Peer(peer.identifier()));
        assertThat(parent.receiveMessage()).isEqualTo(new SecureChannelActor.PeerKnown(new Peer(peer.identifier())));
        forwarded.release();
        handshake.sealingKey().erase();
    }

    /** Code that sets the channel up goes by what the handshake says. */
    @Test
    void whatTheHandshakeHasLearnedIsVoidWhenTheAuthorityRotatesBeforeItIsDone() { // secure channel, section 4.8
        Identity authority = done(peers.create());
        done(identities.importHistory(authority.export()));
        ScriptedRetriever retriever = new ScriptedRetriever();
        retriever.has(credential(peer, me));
        credentials = Credentials.NONE.presenting(retriever).believing(authority.identifier());
        peersCredentials = List.of(credential(authority, peer));
        Running running = start(Role.INITIATOR);
        NoiseHandshake noise = responder();
        retriever.keepsWaiting();
        arrive(running, message2(noise, peersPayload()));
        hop.assertNothingArrived();

        done(identities.importHistory(done(peers.rotate(authority)).export()));
        retriever.has(credential(peer, me));
        drain(running);

        done(noise.read(bytes(hop.next())));
        HandshakeDone handshake = handshakeDone();
        assertThat(handshake.peer()).isEqualTo(new Peer(peer.identifier()));
        assertOpen(running, noise.split(), handshake);
    }

    @Test
    void whatHappensAfterTheEndIsNotNoticed() {
        Identity authority = done(identities.create());
        Identity other = done(identities.create());
        Rotations rotations = new Rotations(identities, Set.of(authority.identifier(), other.identifier()));
        done(identities.rotate(authority));
        assertThat(rotations.end()).containsExactly(authority.identifier());

        done(identities.rotate(other));

        assertThat(rotations.end()).containsExactly(authority.identifier());
    }

    @ParameterizedTest
    @EnumSource
    void acceptsAPeerWhoseCredentialDoesNotCount(Role role) { // secure channel, section 9, item 57
        Identity authority = done(peers.create());
        done(identities.importHistory(authority.export()));
        credentials = Credentials.NONE.believing(authority.identifier());
        peersCredentials = List.of(credential(authority, authority), credential(peer, peer));

        assertThat(finished(role).peer()).isEqualTo(new Peer(peer.identifier()));
    }

    @Test
    void presentsItsCredential() {
        CredentialAndPurposeKey mine = credential(peer, me);
        credentials = Credentials.NONE.presenting(CredentialRetriever.fixed(mine));
        Running running = start(Role.INITIATOR);
        NoiseHandshake noise = responder();
        arrive(running, message2(noise, peersPayload()));

        IdentityAndCredentials shown = IdentityAndCredentials.decode(
                        ByteString.fromArray(done(noise.read(bytes(hop.next())))))
                .orElseThrow();
        assertThat(shown.credentials()).containsExactly(mine);
        HandshakeDone handshake = handshakeDone();
        assertThat(handshake.presented()).containsExactly(mine);
        assertOpen(running, noise.split(), handshake);
    }

    @Test
    void waitsForTheCredentialAndPresentsTheNewest() { // secure channel, section 7.4
        ScriptedRetriever retriever = new ScriptedRetriever();
        retriever.keepsWaiting();
        credentials = Credentials.NONE.presenting(retriever);
        Running running = start(Role.INITIATOR);
        hop.assertNothingArrived();
        retriever.has(credential(peer, peer));
        drain(running);
        CredentialAndPurposeKey newest = credential(peer, me);
        retriever.has(newest);
        NoiseHandshake noise = responder();
        arrive(running, message2(noise, peersPayload()));

        IdentityAndCredentials shown = IdentityAndCredentials.decode(
                        ByteString.fromArray(done(noise.read(bytes(hop.next())))))
                .orElseThrow();
        assertThat(shown.credentials()).containsExactly(newest);
        HandshakeDone handshake = handshakeDone();
        assertThat(handshake.presented()).containsExactly(newest);
        assertOpen(running, noise.split(), handshake);
    }

    @ParameterizedTest
    @EnumSource
    void withoutACredentialThatItShouldHaveItSendsNothing(Role role) { // secure channel, section 9, item 60
        ScriptedRetriever retriever = new ScriptedRetriever();
        retriever.keepsWaiting();
        credentials = Credentials.NONE.presenting(retriever);
        Running running = start(role);

        retriever.failsWhoeverWaits();
        drain(running);

        assertFailed(running, "PREPARE: CREDENTIAL_UNAVAILABLE", " (out of order)");
    }

    @Test
    void failsIfTheCredentialEndsMeanwhile() {
        ScriptedRetriever retriever = new ScriptedRetriever();
        retriever.has(credential(peer, me));
        credentials = Credentials.NONE.presenting(retriever);
        Running running = start(Role.INITIATOR);
        NoiseHandshake noise = responder();
        retriever.fails();
        arrive(running, message2(noise, peersPayload()));

        assertFailed(running, "MESSAGE_3: CREDENTIAL_UNAVAILABLE");
    }

    @Test
    void aRetrieverThatThrowsIsOneWithoutACredential() {
        credentials = Credentials.NONE.presenting(new CredentialRetriever() {
            @Override
            public CompletionStage<CredentialAndPurposeKey> credential() {
                throw new IllegalStateException("a bug");
            }

            @Override
            public Runnable watch(Runnable newer) {
                return () -> {};
            }
        });

        assertFailed(start(Role.INITIATOR), "PREPARE: CREDENTIAL_UNAVAILABLE", " (a bug)");
    }

    @Test
    void failsWhenItCannotLookUpWhatAuthoritiesSay() {
        credentials = Credentials.NONE.believing(peer.identifier());
        attributesFail = true;
        Running running = start(Role.INITIATOR);
        arrive(running, message2());

        assertFailed(running, "MESSAGE_2: INTERNAL");
    }

    @Test
    void nobodyWatchesThePeerWhenItsFirstFrameEndsTheChannel() {
        Identity authority = done(peers.create());
        done(identities.importHistory(authority.export()));
        credentials = Credentials.NONE.believing(authority.identifier());
        Running running = start(Role.INITIATOR);
        NoiseHandshake noise = responder();
        arrive(running, message2(noise, peersPayload()));
        done(noise.read(bytes(hop.next())));
        handshakeDone().sealingKey().erase();
        arrive(running, frame(new FrameSealer(noise.split().sealing())));
        vault.eraseCipherKeys();

        assertThatThrownBy(() -> open(running)).hasRootCauseInstanceOf(VaultException.class);

        running.kit().selfInbox().getAllReceived();
        assertThat(done(identities.acceptCredentials(
                        List.of(credential(authority, peer)),
                        peer.identifier(),
                        Set.of(authority.identifier()),
                        vault.keys)))
                .isEmpty();
        assertThat(running.kit().selfInbox().hasMessages()).isFalse();
    }

    // ---- the initiator ----

    @Test
    void initiatorSendsMessage1AlongTheRoute() { // secure channel, section 9, item 11
        start(Role.INITIATOR);

        LocalMessage m1 = hop.next();
        assertThat(m1.onwardRoute()).isEqualTo(Route.of("hop", "listener"));
        assertThat(m1.returnRoute()).isEqualTo(Route.of("remote"));
        assertThat(m1.payload().length()).isEqualTo(32);
        assertThat(m1.localInfo()).isEmpty();
        assertThat(parent.hasMessages()).isFalse();
    }

    @Test
    void initiatorAnswersMessage2WithMessage3ToTheResponderItself() { // secure channel, section 9, item 11
        Running running = start(Role.INITIATOR);
        NoiseHandshake noise = responder();
        arrive(running, message2(noise, peersPayload()));

        LocalMessage m3 = hop.next();
        assertThat(m3.onwardRoute()).isEqualTo(Route.of(hop.address(), PEERS_DECRYPTOR));
        assertThat(m3.returnRoute()).isEqualTo(Route.of("remote"));
        IdentityAndCredentials shown = IdentityAndCredentials.decode(ByteString.fromArray(done(noise.read(bytes(m3)))))
                .orElseThrow();
        assertThat(shown.changeHistory().identifier()).isEqualTo(me.identifier());
        assertThat(shown.credentials()).isEmpty();
        assertShowsWhoIAm(shown, noise);

        HandshakeDone handshake = handshakeDone();
        assertThat(handshake.peer().identifier()).isEqualTo(peer.identifier());
        assertThat(handshake.routeToPeer()).isEqualTo(Route.of(hop.address(), PEERS_DECRYPTOR));
        assertThat(vault.keys.keyCounts())
                .as("secure channel, section 9, item 6")
                .isEqualTo(new KeyCounts(1, 1, 0, 2));
        assertOpen(running, noise.split(), handshake);
    }

    /** Frames go both ways, and everything is erased in the end. */
    private void assertOpen(Running running, SessionKeys peersKeys, HandshakeDone handshake) {
        assertThat(running.kit().getAllEffects()).anyMatch(effect -> effect instanceof Effect.TimerCancelled);
        assertThat(parent.hasMessages()).isFalse();
        byte[] mine = frame(new FrameSealer(handshake.sealingKey()));
        assertThat(new FrameOpener(peersKeys.opening(), ChannelTests.noCatchUp()).open(mine))
                .isEqualTo(HELLO);
        open(running);

        arrive(running, frame(new FrameSealer(peersKeys.sealing())));

        assertThat(echoer.next().returnRoute()).isEqualTo(Route.of("encryptor", "app"));
        handshake.sealingKey().erase();
        stop(running);
    }

    @Test
    void initiatorTakesMessage2AfterWhatIsNot() { // secure channel, section 9, items 4 and 12
        Running running = start(Role.INITIATOR);
        NoiseHandshake noise = responder();
        byte[] m2 = message2(noise, peersPayload());
        Random random = random();
        List<byte[]> wrong = List.of(
                NOTHING,
                new byte[31],
                new byte[32],
                new byte[200],
                random(random, 500),
                cut(m2, 79),
                cut(m2, 95),
                cut(m2, m2.length - 1),
                flipped(m2, 3),
                flipped(m2, 40),
                flipped(m2, m2.length - 1),
                join(filled(0), Arrays.copyOfRange(m2, 32, m2.length)), // a weak key
                join(m2, new byte[1]),
                new byte[65_536]);
        arriveAll(running, wrong);
        BENCH.assertDropped(ChannelDropReason.HANDSHAKE_MESSAGE_REFUSED, wrong.size());
        hop.assertNothingArrived();
        assertThat(vault.keys.keyCounts()).isEqualTo(new KeyCounts(2, 1, 1, 0));

        arrive(running, m2);

        done(noise.read(bytes(hop.next())));
        assertOpen(running, noise.split(), handshakeDone());
    }

    @Test
    void initiatorKeepsFramesUntilItIsOpen() {
        Running running = start(Role.INITIATOR);
        NoiseHandshake noise = responder();
        byte[] m2 = message2(noise, peersPayload());
        vault.hold();
        arrive(running, m2);
        arrive(running, flipped(m2, 5)); // while the first one is read
        release(running);
        release(running);
        release(running); // message 3
        done(noise.read(bytes(hop.next())));
        FrameSealer sealer = new FrameSealer(noise.split().sealing());
        handshakeDone().sealingKey().erase();
        byte[] first = frame(sealer);
        byte[] second = frame(sealer);
        arriveAll(running, List.of(second, first, first));
        echoer.assertNothingArrived();

        open(running);

        assertThat(echoer.arrived()).hasSize(2);
        echoer.next();
        echoer.next();
        BENCH.assertDropped(ChannelDropReason.FRAME_REFUSED, 2); // the damaged message 2 and the replay
        stop(running);
    }

    @Test
    void initiatorLosesNothingThatComesWhileItComputes() {
        Running running = start(Role.INITIATOR);
        NoiseHandshake noise = responder();
        byte[] m2 = message2(noise, peersPayload());
        vault.hold();
        arrive(running, m2);
        for (int i = 0; i < BULK; i++) {
            arrive(running, new byte[i]);
        }
        BENCH.assertNothingDropped();
        vault.releaseAll();
        drain(running);

        done(noise.read(bytes(hop.next())));
        assertOpen(running, noise.split(), handshakeDone());
        BENCH.assertDropped(ChannelDropReason.FRAME_REFUSED, BULK);
    }

    @Test
    void secondMessage2IsNotAnswered() {
        Running running = start(Role.INITIATOR);
        NoiseHandshake noise = responder();
        byte[] m2 = message2(noise, peersPayload());
        arrive(running, m2);
        hop.next();
        handshakeDone().sealingKey().erase();
        open(running);

        arrive(running, m2);

        hop.assertNothingArrived();
        BENCH.assertDropped(ChannelDropReason.FRAME_REFUSED, 1);
        assertThat(parent.hasMessages()).isFalse();
        stop(running);
    }

    @Test
    void initiatorFailsAtOnceWhenTheRouteLeadsNowhere() { // secure channel, section 3.4
        assertFailsAtOnce(Route.of("nobody"), "MESSAGE_1: NO_SUCH_ADDRESS");
    }

    @Test
    void initiatorFailsAtOnceWhenTheRouteIsNone() {
        assertFailsAtOnce(Route.empty(), "MESSAGE_1: INCOMPLETE_ROUTE");
        Address[] tooMany = Collections.nCopies(1025, hop.address()).toArray(Address[]::new);
        assertFailsAtOnce(Route.of(tooMany), "MESSAGE_1: ROUTE_TOO_LONG");
    }

    @Test
    void initiatorFailsAtOnceWhenTheNodeHasStopped() {
        await(BENCH.node().stop());
        Running running = start(Role.INITIATOR);

        assertThat(parent.receiveMessage())
                .isInstanceOfSatisfying(
                        HandshakeFailed.class,
                        failed -> assertThat(failed.failure())
                                .hasMessage("MESSAGE_1: NODE_STOPPED (node "
                                        + BENCH.node().name() + " is stopping or has stopped)"));
        stop(running);
    }

    private void assertFailsAtOnce(Route route, String failure) {
        done(identities.secureChannelKey(me));
        assertFailed(start(Handshaker.initiator(setup(Role.INITIATOR), route)), failure);
    }

    @Test
    void initiatorTakesMessage2ThatComesWhileAnotherIsRead() {
        Running running = start(Role.INITIATOR);
        NoiseHandshake noise = responder();
        byte[] m2 = message2(noise, peersPayload());
        vault.hold();
        arrive(running, flipped(m2, m2.length - 1));
        arrive(running, m2);
        hop.assertNothingArrived();
        vault.releaseAll();
        drain(running);

        BENCH.assertDropped(ChannelDropReason.HANDSHAKE_MESSAGE_REFUSED, 1);
        done(noise.read(bytes(hop.next())));
        assertOpen(running, noise.split(), handshakeDone());
    }

    // ---- the responder ----

    /** As it always is: the listener hands message 1 on immediately. */
    @Test
    void responderTakesMessage1ThatComesBeforeItsKeyIsReady() {
        done(identities.secureChannelKey(me));
        vault.hold();
        Running running = startWithout(Role.RESPONDER);
        NoiseHandshake noise = initiator();
        arrive(running, done(noise.write(NOTHING)));
        hop.assertNothingArrived();

        vault.releaseAll();
        drain(running);

        done(noise.read(bytes(hop.next())));
        parent.expectMessage(SecureChannelActor.AwaitingMessage3.INSTANCE);
        arrive(running, done(noise.write(peersPayload())));
        assertOpen(running, noise.split(), handshakeDone());
    }

    @Test
    void responderTakesMessage3ThatComesWhileAnotherIsRead() {
        HalfOpen halfOpen = halfOpen();
        byte[] m3 = message3(halfOpen);
        vault.hold();
        arrive(halfOpen.running(), flipped(m3, m3.length - 1));
        arrive(halfOpen.running(), m3);
        vault.releaseAll();
        drain(halfOpen.running());

        BENCH.assertNothingDropped();
        assertOpen(halfOpen.running(), halfOpen.initiator().split(), handshakeDone());
    }

    @Test
    void responderAnswersTheWayMessage1Came() { // secure channel, section 9, item 11
        Running running = start(Role.RESPONDER);
        hop.assertNothingArrived();
        NoiseHandshake noise = initiator();
        arrive(running, done(noise.write(NOTHING)));

        LocalMessage m2 = hop.next();
        assertThat(m2.onwardRoute()).isEqualTo(Route.of(hop.address(), PEERS_DECRYPTOR));
        assertThat(m2.returnRoute()).isEqualTo(Route.of("remote"));
        IdentityAndCredentials shown = IdentityAndCredentials.decode(ByteString.fromArray(done(noise.read(bytes(m2)))))
                .orElseThrow();
        assertShowsWhoIAm(shown, noise);
        parent.expectMessage(SecureChannelActor.AwaitingMessage3.INSTANCE);

        arrive(running, done(noise.write(peersPayload())));

        hop.assertNothingArrived();
        HandshakeDone handshake = handshakeDone();
        assertThat(handshake.peer().identifier()).isEqualTo(peer.identifier());
        assertThat(handshake.routeToPeer()).isEqualTo(Route.of(hop.address(), PEERS_DECRYPTOR));
        assertThat(vault.keys.keyCounts())
                .as("secure channel, section 9, item 6")
                .isEqualTo(new KeyCounts(1, 1, 0, 2));
        assertOpen(running, noise.split(), handshake);
    }

    @Test
    void responderKeepsToTheWayOfMessage1() { // secure channel, section 3.2: message 3 brings no new route
        HalfOpen halfOpen = halfOpen();
        hop.send(Route.of("remote"), Route.of("other", "elsewhere"), message3(halfOpen));
        run(
                halfOpen.running(),
                new Receiver.Arrived(Objects.requireNonNull(remote.arrived().poll())));

        HandshakeDone handshake = handshakeDone();
        assertThat(handshake.routeToPeer()).isEqualTo(Route.of(hop.address(), PEERS_DECRYPTOR));
        handshake.sealingKey().erase();
        stop(halfOpen.running());
    }

    @Test
    void responderTakesMessage3AfterWhatIsNot() { // secure channel, section 9, items 4 and 12
        HalfOpen halfOpen = halfOpen();
        byte[] m3 = message3(halfOpen);
        List<byte[]> wrong = List.of(NOTHING, cut(m3, 47), flipped(m3, 50), flipped(m3, m3.length - 1));
        arriveAll(halfOpen.running(), wrong); // the number that is kept, because they may be frames
        arrive(halfOpen.running(), random(random(), 100));
        BENCH.assertDropped(ChannelDropReason.TOO_MANY_EARLY_FRAMES, 1);

        arrive(halfOpen.running(), m3);

        HandshakeDone handshake = handshakeDone();
        assertOpen(halfOpen.running(), halfOpen.initiator().split(), handshake);
        BENCH.assertDropped(ChannelDropReason.FRAME_REFUSED, wrong.size());
    }

    @Test
    void responderKeepsFramesThatOvertakeMessage3() {
        HalfOpen halfOpen = halfOpen();
        byte[] m3 = message3(halfOpen);
        FrameSealer sealer = new FrameSealer(halfOpen.initiator().split().sealing());
        byte[] first = frame(sealer);
        byte[] second = frame(sealer);
        byte[] third = frame(sealer);
        arriveAll(halfOpen.running(), List.of(second, first));
        vault.hold();
        arrive(halfOpen.running(), m3);
        arrive(halfOpen.running(), third); // while message 3 is read
        vault.releaseAll();
        drain(halfOpen.running());
        handshakeDone().sealingKey().erase();
        arrive(halfOpen.running(), frame(sealer));
        echoer.assertNothingArrived();

        open(halfOpen.running());

        assertThat(echoer.arrived()).hasSize(4);
        echoer.arrived().clear();
        BENCH.assertNothingDropped();
        arrive(halfOpen.running(), third);
        BENCH.assertDropped(ChannelDropReason.FRAME_REFUSED, 1);
        stop(halfOpen.running());
    }

    /** An initiator may send as soon as message 3 is on its way, and all it sends may be there before that has been read. */
    @Test
    void responderLosesNothingThatComesWhileItReadsMessage3() {
        HalfOpen halfOpen = halfOpen();
        byte[] m3 = message3(halfOpen);
        FrameSealer sealer = new FrameSealer(halfOpen.initiator().split().sealing());
        vault.hold();
        arrive(halfOpen.running(), m3);
        for (int i = 0; i < BULK; i++) {
            arrive(halfOpen.running(), frame(sealer));
        }
        vault.releaseAll();
        drain(halfOpen.running());
        handshakeDone().sealingKey().erase();
        open(halfOpen.running());

        BENCH.assertNothingDropped();
        assertThat(echoer.arrived()).hasSize(BULK);
        echoer.arrived().clear();
        stop(halfOpen.running());
    }

    /** What arrived while it was read is examined in its turn, and then the bound holds. */
    @Test
    void responderKeepsNoMoreFramesThanItMayAfterAMessage3ThatIsNone() {
        HalfOpen halfOpen = halfOpen();
        byte[] m3 = message3(halfOpen);
        FrameSealer sealer = new FrameSealer(halfOpen.initiator().split().sealing());
        vault.hold();
        arrive(halfOpen.running(), flipped(m3, m3.length - 1));
        for (int i = 0; i < BULK; i++) {
            arrive(halfOpen.running(), frame(sealer));
        }
        BENCH.assertNothingDropped();
        vault.releaseAll();
        drain(halfOpen.running());
        BENCH.assertDropped(ChannelDropReason.TOO_MANY_EARLY_FRAMES, 1 + BULK - EARLY_FRAMES);

        arrive(halfOpen.running(), m3);
        handshakeDone().sealingKey().erase();
        open(halfOpen.running());

        BENCH.assertDropped(ChannelDropReason.FRAME_REFUSED, 1); // what was not message 3
        assertThat(echoer.arrived()).hasSize(EARLY_FRAMES - 1);
        echoer.arrived().clear();
        stop(halfOpen.running());
    }

    @Test
    void stoppedWhileItReadsMessage3ItGivesBackWhatCameMeanwhile() {
        HalfOpen halfOpen = halfOpen();
        byte[] m3 = message3(halfOpen);
        vault.hold();
        arrive(halfOpen.running(), m3);
        arriveAll(halfOpen.running(), Collections.nCopies(BULK, new byte[10]));

        stop(halfOpen.running());

        BENCH.assertDropped(RoutingDropReason.NO_SUCH_ADDRESS, BULK);
    }

    @Test
    void responderKeepsNoMoreFramesThanItMay() {
        HalfOpen halfOpen = halfOpen();
        byte[] m3 = message3(halfOpen);
        FrameSealer sealer = new FrameSealer(halfOpen.initiator().split().sealing());
        for (int i = 0; i < EARLY_FRAMES + 3; i++) {
            arrive(halfOpen.running(), frame(sealer));
        }
        BENCH.assertDropped(ChannelDropReason.TOO_MANY_EARLY_FRAMES, 3);

        arrive(halfOpen.running(), m3);
        handshakeDone().sealingKey().erase();
        open(halfOpen.running());

        assertThat(echoer.arrived()).hasSize(EARLY_FRAMES);
        echoer.arrived().clear();
        stop(halfOpen.running());
    }

    @Test
    void responderKeepsNoMoreBytesThanItMay() {
        int routes = Route.of("remote").footprint()
                + Route.of(hop.address(), PEERS_DECRYPTOR).footprint();
        HalfOpen halfOpen = halfOpen();
        arrive(halfOpen.running(), new byte[EARLY_BYTES - 2 * routes - 10]);
        BENCH.assertNothingDropped();
        arrive(halfOpen.running(), new byte[11]);
        BENCH.assertDropped(ChannelDropReason.TOO_MANY_EARLY_FRAMES, 1);
        arrive(halfOpen.running(), new byte[10]);
        BENCH.assertDropped(ChannelDropReason.TOO_MANY_EARLY_FRAMES, 1);
        stop(halfOpen.running());
    }

    @Test
    void responderGivesUpOnWeakEphemeralKey() {
        Running running = start(Role.RESPONDER);
        arrive(running, filled(0));
        assertFailed(running, "MESSAGE_2: WEAK_KEY");
    }

    @Test
    void responderFailsWhenTheWayBackIsGone() {
        Running running = start(Role.RESPONDER);
        hop.send(Route.of("remote"), Route.of("nobody"), done(initiator().write(NOTHING)));
        run(
                running,
                new Receiver.Arrived(Objects.requireNonNull(remote.arrived().poll())));
        assertFailed(running, "MESSAGE_2: NO_SUCH_ADDRESS");
    }

    @Test
    void responderFailsWhenThereIsNoWayBack() {
        Running running = start(Role.RESPONDER);
        hop.send(Route.of("remote"), Route.empty(), done(initiator().write(NOTHING)));
        run(
                running,
                new Receiver.Arrived(Objects.requireNonNull(remote.arrived().poll())));
        assertFailed(running, "MESSAGE_2: INCOMPLETE_ROUTE");
    }

    // ---- who the peer is ----

    /** The peer says this in its message; the result, at the tested side in this role. */
    private void assertPeerRefused(Role role, byte[] payload, String reason) {
        if (role == Role.INITIATOR) {
            Running running = start(role);
            arrive(running, message2(responder(), payload));
            assertFailed(running, "MESSAGE_2: " + reason);
        } else {
            HalfOpen halfOpen = halfOpen();
            arrive(halfOpen.running(), done(halfOpen.initiator().write(payload)));
            assertFailed(halfOpen.running(), "MESSAGE_3: " + reason);
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusesPayloadThatIsNoIdentity(Role role) {
        assertPeerRefused(role, NOTHING, "PAYLOAD_MALFORMED");
    }

    @ParameterizedTest
    @EnumSource
    void refusesPayloadWithoutListOfCredentials(Role role) { // secure channel, section 4.10
        byte[] payload = peersPayload();
        payload[payload.length - 1] = (byte) 0xf6;
        assertPeerRefused(role, payload, "PAYLOAD_MALFORMED");
    }

    @ParameterizedTest
    @EnumSource
    void refusesForgedHistory(Role role) {
        assertPeerRefused(role, flipped(peersPayload(), 120), "IDENTITY_INVALID");
    }

    @ParameterizedTest
    @EnumSource
    void refusesForgedAttestation(Role role) {
        byte[] payload = peersPayload();
        assertPeerRefused(role, flipped(payload, payload.length - 2), "ATTESTATION_INVALID");
    }

    @ParameterizedTest
    @EnumSource
    void refusesAttestationOfAnotherKey(Role role) { // secure channel, section 9, item 8
        byte[] ofAnotherKey = peersPayload();
        AgreementKey used = peersVault.keys.importAgreementKey(filled(3));
        if (role == Role.INITIATOR) {
            Running running = start(role);
            arrive(running, message2(new NoiseHandshake(peersVault, Role.RESPONDER, used), ofAnotherKey));
            assertFailed(running, "MESSAGE_2: KEY_MISMATCH");
        } else {
            HalfOpen halfOpen = halfOpen(new NoiseHandshake(peersVault, Role.INITIATOR, used));
            arrive(halfOpen.running(), done(halfOpen.initiator().write(ofAnotherKey)));
            assertFailed(halfOpen.running(), "MESSAGE_3: KEY_MISMATCH");
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusesHistoryThatIsOlderThanTheKnownOne(Role role) { // secure channel, section 9, item 23
        byte[] before = peersPayload();
        done(identities.importHistory(done(peers.rotate(peer)).export()));
        assertPeerRefused(role, before, "IDENTITY_CONFLICT");
    }

    @ParameterizedTest
    @EnumSource
    void refusesPeerThatThePolicyDoesNotTrust(Role role) { // secure channel, section 9, item 14
        policy = TrustPolicy.identifier(me.identifier());
        assertPeerRefused(role, peersPayload(), "POLICY_REFUSED");
        assertThat(verifier.begun).as("signatures: that of the own key").isOne();
        assertThat(done(identities.history(peer.identifier()))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void remembersNobodyWhomThePolicyDoesNotTrust(Role role) {
        policy = somebody -> false;
        assertPeerRefused(role, peersPayload(), "POLICY_REFUSED");
        assertThat(done(identities.history(peer.identifier()))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void refusesWithoutAnySignatureWhoseHistoryIsTooLong(Role role) {
        policy = TrustPolicy.identifier(peer.identifier());
        rotatePeer(LIMITS.maxChanges());
        assertPeerRefused(role, peersPayload(), "IDENTITY_TOO_LONG");
        assertThat(verifier.begun).as("signatures: that of the own key").isOne();
    }

    private void rotatePeer(int times) {
        for (int i = 0; i < times; i++) {
            done(peers.rotate(peer));
        }
        peersKey = done(peers.secureChannelKey(peer));
    }

    @ParameterizedTest
    @EnumSource
    void refusesWhoseHistoryIsTooLongForOneWhoIsNotNamed(Role role) {
        rotatePeer(LIMITS.maxChanges() - 1);
        policy = somebody -> true;
        assertPeerRefused(role, peersPayload(), "IDENTITY_TOO_LONG");
    }

    @Test
    void acceptsALongerHistoryOfOneWhomThePolicyNames() {
        rotatePeer(LIMITS.maxChanges() - 1);
        policy = TrustPolicy.identifier(peer.identifier()).and(somebody -> true);
        Running running = start(Role.INITIATOR);
        arrive(running, message2());
        hop.next();
        handshakeDone().sealingKey().erase();
        stop(running);
        assertThat(done(repository.retention(peer.identifier()))).contains(Retention.NAMED);
    }

    @ParameterizedTest
    @ValueSource(classes = {AssertionError.class, StackOverflowError.class, NoClassDefFoundError.class})
    void policyThatEndsWithAnErrorTrustsNoOne(Class<? extends Error> kind) throws ReflectiveOperationException {
        Error error = kind.getDeclaredConstructor().newInstance();
        policy = somebody -> {
            throw error;
        };
        assertPeerRefused(Role.INITIATOR, peersPayload(), "INTERNAL");
        policy = new TrustPolicy() {
            @Override
            public boolean trusts(Identifier somebody) {
                return true;
            }

            @Override
            public Expectation expects(Identifier claimed) {
                throw error;
            }
        };
        assertPeerRefused(Role.INITIATOR, peersPayload(), "INTERNAL");
    }

    @Test
    void policyThatThrowsAboutAClaimTrustsNoOne() {
        policy = new TrustPolicy() {
            @Override
            public boolean trusts(Identifier somebody) {
                return true;
            }

            @Override
            public Expectation expects(Identifier claimed) {
                throw new IllegalStateException("a bug");
            }
        };
        assertPeerRefused(Role.INITIATOR, peersPayload(), "INTERNAL");
    }

    @Test
    void saysOfWhomThePolicyRefusesWhetherThatIsProved() {
        policy = TrustPolicy.identifier(me.identifier());
        assertThat(whyRefused()).isEqualTo("MESSAGE_2: POLICY_REFUSED (the peer only claimed to be " + peer + ")");

        policy = somebody -> false;
        assertThat(whyRefused()).isEqualTo("MESSAGE_2: POLICY_REFUSED (the peer is " + peer + ")");
    }

    private String whyRefused() {
        Running running = start(Role.INITIATOR);
        arrive(running, message2());
        String text = String.valueOf(
                ((HandshakeFailed) parent.receiveMessage()).failure().getMessage());
        stop(running);
        return text;
    }

    @ParameterizedTest
    @EnumSource
    void policyThatThrowsTrustsNoOne(Role role) {
        policy = somebody -> {
            throw new IllegalStateException("a bug");
        };
        assertPeerRefused(role, peersPayload(), "INTERNAL");
    }

    @Test
    void policyIsAskedAfterTheProofAndOnce() {
        int[] asked = {0};
        policy = somebody -> {
            asked[0]++;
            return somebody.equals(peer.identifier());
        };
        Running running = start(Role.INITIATOR);
        byte[] m2 = message2();
        arrive(running, flipped(m2, m2.length - 1));
        assertThat(asked[0]).isZero();
        arrive(running, m2);
        assertThat(asked[0]).isEqualTo(1);
        hop.next();
        handshakeDone().sealingKey().erase();
        stop(running);
    }

    // ---- keys that are replaced meanwhile ----

    private enum Replaced {
        PURPOSE_KEY,
        IDENTITY_KEY
    }

    @ParameterizedTest
    @EnumSource
    void initiatorTakesTheNewKeyWhenItsOwnIsReplacedMeanwhile(Replaced replaced) { // secure channel, section 4.7
        Running running = start(Role.INITIATOR);
        NoiseHandshake noise = responder();
        byte[] m2 = message2(noise, peersPayload());
        switch (replaced) {
            case PURPOSE_KEY -> done(identities.rotateSecureChannelKey(me));
            case IDENTITY_KEY ->
                done(peers.importHistory(done(identities.rotate(me)).export()));
        }

        arrive(running, m2);

        IdentityAndCredentials shown = IdentityAndCredentials.decode(
                        ByteString.fromArray(done(noise.read(bytes(hop.next())))))
                .orElseThrow();
        assertShowsWhoIAm(shown, noise);
        assertThat(noise.remoteStatic())
                .isEqualTo(done(identities.secureChannelKey(me)).key().publicKey());
        assertOpen(running, noise.split(), handshakeDone());
    }

    @Test
    void responderTakesTheNewKeyWhenItsOwnIsReplacedWhileItAnswers() {
        done(identities.secureChannelKey(me));
        vault.hold();
        Running running = startWithout(Role.RESPONDER);
        release(running); // it has its key
        NoiseHandshake noise = initiator();
        arrive(running, done(noise.write(NOTHING)));
        Identities unhindered =
                Identities.create(Vault.of(vault.keys, vault.keys, vault.keys), repository, Bench.CLOCK);
        SecureChannelKey next = done(unhindered.rotateSecureChannelKey(me));

        vault.releaseAll();
        drain(running);

        IdentityAndCredentials shown = IdentityAndCredentials.decode(
                        ByteString.fromArray(done(noise.read(bytes(hop.next())))))
                .orElseThrow();
        assertShowsWhoIAm(shown, noise);
        assertThat(noise.remoteStatic()).isEqualTo(next.key().publicKey());
        parent.expectMessage(SecureChannelActor.AwaitingMessage3.INSTANCE);
        arrive(running, done(noise.write(peersPayload())));
        assertOpen(running, noise.split(), handshakeDone());
    }

    private static Stream<RuntimeException> ownFailures() {
        return Stream.of(
                new IllegalStateException("out of order"),
                new VaultException(VaultException.Reason.UNKNOWN_KEY, "the vault does not have this key"),
                new IdentityException(IdentityException.Reason.CHANGED_CONCURRENTLY, "somebody else was faster"),
                new IdentityException(IdentityException.Reason.ATTESTATION_EXPIRED, "the attestation has expired"));
    }

    @Test
    void initiatorGoesOnWithItsKeyWhenItsHistoryCannotBeReadNow() {
        Running running = start(Role.INITIATOR);
        NoiseHandshake noise = responder();
        byte[] m2 = message2(noise, peersPayload());
        repository.failsToRead(me.identifier());

        arrive(running, m2);

        IdentityAndCredentials shown = IdentityAndCredentials.decode(
                        ByteString.fromArray(done(noise.read(bytes(hop.next())))))
                .orElseThrow();
        assertShowsWhoIAm(shown, noise);
        assertOpen(running, noise.split(), handshakeDone());
    }

    @ParameterizedTest
    @MethodSource("ownFailures")
    void doesNotBlameThePeerWhenTheKeyOfARotatedIdentityCannotBeHad(RuntimeException failure) {
        Running running = start(Role.INITIATOR);
        byte[] m2 = message2();
        done(identities.rotate(me));
        repository.failsOwn(failure);

        arrive(running, m2);

        assertFailed(running, "MESSAGE_3: OWN_KEY_UNAVAILABLE", " (" + failure.getMessage() + ")");
    }

    @ParameterizedTest
    @MethodSource("ownFailures")
    void doesNotBlameThePeerWhenAReplacedKeyCannotBeHad(RuntimeException failure) {
        Running answering = start(Role.RESPONDER);
        byte[] m1 = done(initiator().write(NOTHING));
        done(identities.rotateSecureChannelKey(me));
        repository.failsOwn(failure);

        arrive(answering, m1);

        assertFailed(answering, "MESSAGE_2: OWN_KEY_UNAVAILABLE", " (" + failure.getMessage() + ")");
    }

    @Test
    void givesUpWhenTheVaultNeverHasTheKeyThatItIsSaidToHave() {
        Running running = start(Role.INITIATOR);
        AgreementKey gone = done(vault.keys.generateAgreementKey());
        done(vault.keys.deleteAgreementKey(gone));
        vault.pretend(done(identities.secureChannelKey(me)).key().publicKey(), gone);

        arrive(running, message2());

        assertFailed(running, "MESSAGE_3: OWN_KEY_UNAVAILABLE");
    }

    // ---- this side ----

    @ParameterizedTest
    @EnumSource
    void failsWhenThereIsNoOwnKey(Role role) {
        done(identities.secureChannelKey(me));
        vault.failAfter(0);
        assertFailed(startWithout(role), "PREPARE: OWN_KEY_UNAVAILABLE");
    }

    @Test
    void hasAKeyMadeWhenThereIsNone() { // secure channel, section 9, item 7
        Running running = startWithout(Role.INITIATOR);
        arrive(running, message2());
        assertThat(vault.keys.keyCounts()).isEqualTo(new KeyCounts(1, 1, 0, 2));
        hop.next();
        handshakeDone().sealingKey().erase();
        stop(running);
    }

    /** 514 changes fit into the payload's own bound but not into a message; 520 do not even fit into the first. */
    @ParameterizedTest
    @CsvSource({"INITIATOR, 514", "INITIATOR, 520", "RESPONDER, 514", "RESPONDER, 520"})
    void failsWhenTheOwnHistoryDoesNotFit(Role role, int changes) { // secure channel, section 2.3
        OwnIdentity known = done(repository.own(me.identifier())).orElseThrow();
        ByteString change = known.history().export().drop(1);
        CborWriter history = CborWriter.create(70_000).array(changes);
        for (int i = 0; i < changes; i++) {
            history.raw(change);
        }
        ChangeHistory longHistory = ChangeHistory.decode(history.toByteString()).orElseThrow();
        assertThat(done(repository.storeOwn(known.withRotation(longHistory, known.key()))))
                .isTrue();

        Running running = start(role);
        if (role == Role.INITIATOR) {
            arrive(running, message2());
            assertFailed(running, "MESSAGE_3: MESSAGE_TOO_LONG");
        } else {
            arrive(running, done(initiator().write(NOTHING)));
            assertFailed(running, "MESSAGE_2: MESSAGE_TOO_LONG");
        }
    }

    @Test
    void failureOfTheVaultEndsTheHandshake() {
        Running running = start(Role.INITIATOR);
        byte[] m2 = message2();
        vault.failAfter(0);
        arrive(running, m2);
        assertFailed(running, "MESSAGE_2: INTERNAL");
    }

    // ---- time ----

    /** Moves an initiator on by this many results of curve operations; a message 2 arrives when it can be read. */
    private Running initiatorAfter(int operations) {
        done(identities.secureChannelKey(me));
        vault.hold();
        Running running = startWithout(Role.INITIATOR);
        for (int i = 0; i < operations; i++) {
            release(running);
            if (i == 1) {
                arrive(running, message2());
            }
        }
        assertThat(vault.isHolding()).isTrue();
        return running;
    }

    /** The same for a responder: its message 1 arrives immediately, message 3 when it can be read. */
    private Running responderAfter(int operations) {
        done(identities.secureChannelKey(me));
        vault.hold();
        Running running = startWithout(Role.RESPONDER);
        NoiseHandshake noise = initiator();
        for (int i = 0; i < operations; i++) {
            release(running);
            if (i == 0) {
                arrive(running, done(noise.write(NOTHING)));
            }
            if (i == 3) {
                done(noise.read(bytes(hop.next())));
                parent.expectMessage(SecureChannelActor.AwaitingMessage3.INSTANCE);
                arrive(running, done(noise.write(peersPayload())));
            }
        }
        assertThat(vault.isHolding()).isTrue();
        return running;
    }

    @ParameterizedTest
    @CsvSource({
        "0, PREPARE", // the key is looked at
        "1, MESSAGE_1", // ephemeral key
        "2, MESSAGE_2", // ee
        "3, MESSAGE_2", // es
        "4, MESSAGE_3" // se
    })
    void initiatorTimesOutWhileItComputes(int operations, String step) { // secure channel, section 9, item 13
        Running running = initiatorAfter(operations);
        run(running, running.timedOut());
        assertFailed(running, step + ": TIMED_OUT");
    }

    @ParameterizedTest
    @CsvSource({
        "0, PREPARE", // the key is looked at
        "1, MESSAGE_2", // ephemeral key
        "2, MESSAGE_2", // ee
        "3, MESSAGE_2", // es
        "4, MESSAGE_3" // se
    })
    void responderTimesOutWhileItComputes(int operations, String step) {
        Running running = responderAfter(operations);
        run(running, running.timedOut());
        assertFailed(running, step + ": TIMED_OUT");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void stoppedWhileItComputesItLeavesNothing(int operations) { // secure channel, section 9, item 6
        stop(initiatorAfter(operations));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void stoppedResponderLeavesNothing(int operations) { // secure channel, section 9, item 6
        stop(responderAfter(operations));
    }

    @Test
    void timesOutWhileItWaits() { // secure channel, section 9, item 13
        Running initiator = start(Role.INITIATOR);
        hop.next();
        run(initiator, initiator.timedOut());
        assertFailed(initiator, "MESSAGE_2: TIMED_OUT", " (no reply along 0#hop => 0#listener within 30s)");
    }

    @Test
    void responderTimesOutWhileItWaits() {
        Running neverCalled = start(Role.RESPONDER);
        run(neverCalled, neverCalled.timedOut());
        assertFailed(neverCalled, "MESSAGE_1: TIMED_OUT", " (it did not arrive within 30s)");

        HalfOpen halfOpen = halfOpen();
        run(halfOpen.running(), halfOpen.running().timedOut());
        assertFailed(halfOpen.running(), "MESSAGE_3: TIMED_OUT", " (it did not arrive within 30s)");
    }

    @Test
    void timesOutWhileThePeerIsBeingVerified() {
        Running running = start(Role.INITIATOR);
        byte[] m2 = message2();
        verifier.holding = true;
        arrive(running, m2);
        assertThat(verifier.held).isNotEmpty();

        run(running, running.timedOut());

        assertFailed(running, "MESSAGE_2: TIMED_OUT", " (not done within 30s)");
    }

    @Test
    void dropsItsPlaceAmongStrangersWhenItIsOver() {
        SignatureQueue.Turn another = strangers.turn((key, message, signature) -> new CompletableFuture<>());
        var unanswered = another.verify(me.changeHistory().latest().content().publicKey(), NOTHING, signature());
        HalfOpen timingOut = halfOpen();
        arrive(timingOut.running(), message3(timingOut));
        HalfOpen stopped = halfOpen();
        arrive(stopped.running(), message3(stopped));
        int before = verifier.begun;

        run(timingOut.running(), timingOut.running().timedOut());
        stopped.running().kit().signal(PostStop.instance());
        another.leave();

        assertThat(verifier.begun).isEqualTo(before);
        assertThat(unanswered.toCompletableFuture()).isNotDone();
        assertFailed(timingOut.running(), "MESSAGE_3: TIMED_OUT", " (not done within 30s)");
    }

    private Signature signature() {
        return me.changeHistory().latest().signature();
    }

    @Test
    void knownPeerDoesNotWaitForStrangers() {
        done(identities.importHistory(peer.export()));
        SignatureQueue.Turn another = strangers.turn((key, message, signature) -> new CompletableFuture<>());
        var unanswered = another.verify(me.changeHistory().latest().content().publicKey(), NOTHING, signature());
        Running running = start(Role.INITIATOR);

        arrive(running, message2());

        hop.next();
        handshakeDone().sealingKey().erase();
        stop(running);
        assertThat(unanswered.toCompletableFuture()).isNotDone();
    }

    @Test
    void leavesNothingWhenItIsStoppedWhileThePeerIsBeingVerified() {
        HalfOpen halfOpen = halfOpen();
        byte[] m3 = message3(halfOpen);
        verifier.holding = true;
        arrive(halfOpen.running(), m3);
        assertThat(verifier.held).isNotEmpty();

        stop(halfOpen.running());

        assertThat(parent.hasMessages()).isFalse();
    }

    @Test
    void leavesOnlyTheKeyItHasGivenAwayWhenItIsStoppedBeforeItIsOpen() {
        Running running = start(Role.INITIATOR);
        arrive(running, message2());
        HandshakeDone handshake = handshakeDone();
        assertThat(vault.keys.keyCounts()).isEqualTo(new KeyCounts(1, 1, 0, 2));

        running.kit().signal(PostStop.instance());

        assertThat(vault.keys.keyCounts()).isEqualTo(new KeyCounts(1, 1, 0, 1));
        handshake.sealingKey().erase();
        assertNoSecrets();
    }
}
