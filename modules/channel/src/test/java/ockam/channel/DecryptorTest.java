// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import static ockam.channel.ChannelTests.NOTHING;
import static ockam.channel.ChannelTests.cut;
import static ockam.channel.ChannelTests.flipped;
import static ockam.channel.ChannelTests.join;
import static ockam.fixtures.Stages.done;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.Effect;
import akka.actor.testkit.typed.javadsl.BehaviorTestKit;
import akka.actor.testkit.typed.javadsl.TestInbox;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.Behaviors;
import akka.util.ByteString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import ockam.channel.Bench.Place;
import ockam.fixtures.Hex;
import ockam.identity.AttestedAttributes;
import ockam.identity.Change;
import ockam.identity.ChangeHistory;
import ockam.identity.CredentialAndPurposeKey;
import ockam.identity.CredentialOptions;
import ockam.identity.HistoryLimits;
import ockam.identity.Identities;
import ockam.identity.Identity;
import ockam.routing.AccessControl;
import ockam.routing.Metadata;
import ockam.routing.Peer;
import ockam.routing.PeerAttributes;
import ockam.routing.RoutingDropReason;
import ockam.routing.spi.Delivery;
import ockam.routing.spi.EndpointSpec;
import ockam.vault.KeyCounts;
import ockam.vault.SoftwareVault;
import ockam.wire.Address;
import ockam.wire.Attributes;
import ockam.wire.Identifier;
import ockam.wire.LocalInfo;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.Level;

/**
 * The receiving half of an open channel (secure channel, sections 5.5 to 5.7, 6.2 and 6.3; secure channel, section 9, items 40, 41, 43, 50,
 * 53 and 61).
 */
class DecryptorTest {
    @RegisterExtension
    static final Bench BENCH = new Bench();

    private static final Address ENCRYPTOR = Address.of("encryptor");
    private static final Address PEERS_DECRYPTOR = Address.of("peer-decryptor");
    private static final ChangeHistory ALICE = ChangeHistory.decode(ByteString.fromArray(WorkedExample.ALICE_HISTORY))
            .orElseThrow();
    private static final byte[] HELLO = Hex.bytes("8282008183818200466563686f657281820043617070460548656c6c6f40");
    private static final byte[] CLOSE = Hex.bytes("8282028040");

    private final SoftwareVault vault = SoftwareVault.create(Runnable::run);
    private final ScriptedRepository repository = new ScriptedRepository();
    private final ScriptedAttributes attributes = new ScriptedAttributes();
    private final Identities identities =
            Identities.create(SoftwareVault.create(Runnable::run), repository, attributes, Bench.CLOCK);
    private final TestInbox<SecureChannelActor.Command> parent = TestInbox.create();
    private final TestInbox<Encryptor.Command> encryptor = TestInbox.create();
    private final PlainFrames plain = new PlainFrames(WorkedExample.K1);

    private final List<Place> own = BENCH.places(
            EndpointSpec.open(Address.of("remote")),
            new EndpointSpec(
                    Address.of("internal"), AccessControl.denyAll(), AccessControl.allowAll(), Metadata.none()));
    private final Place remote = own.get(0);
    private final Place internal = own.get(1);
    private final Place echoer = BENCH.place("echoer");
    private final Place hop = BENCH.place("hop");

    private Identifier subject = ALICE.identifier();
    private boolean named;
    /** What was to be logged, if that is news. */
    private final List<String> asked = new ArrayList<>();

    private Credentials credentials = Credentials.NONE;
    private HistoryLimits limits = new HistoryLimits(64, 4_096);
    private final SignatureQueue refreshes = new SignatureQueue(Runnable::run);

    private final Idleness idleness = new Idleness(Optional.empty());

    private BehaviorTestKit<Receiver.Command> start(Role role) {
        Receiver.Setup setup = new Receiver.Setup(
                role,
                remote.endpoint(),
                internal.endpoint(),
                done(identities.create()),
                new OwnHistories(),
                peer -> true,
                credentials,
                Duration.ofSeconds(1),
                new SecureChannelSettings(
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1),
                        1,
                        1,
                        1,
                        Optional.empty(),
                        Duration.ofSeconds(1),
                        ChannelTests.LIVENESS,
                        1,
                        1,
                        1,
                        limits,
                        ChannelTests.REFRESH,
                        Duration.ofDays(1)),
                new SignatureQueue(Runnable::run),
                refreshes,
                new RateLimit(0, () -> 0),
                asked::add,
                () -> 0,
                parent.getRef());
        return BehaviorTestKit.create(Behaviors.setup(context -> Behaviors.withTimers(timers -> new Decryptor(
                context,
                timers,
                setup,
                new FrameOpener(vault.aeadKey(vault.secretOf(WorkedExample.K1)), ChannelTests.noCatchUp()),
                new Peer(subject),
                named,
                new Rotations(identities, Set.of()),
                PEERS_DECRYPTOR,
                new Receiver.Opened(encryptor.getRef(), ENCRYPTOR, idleness)))));
    }

    private void arrive(BehaviorTestKit<Receiver.Command> kit, LocalMessage message) {
        hop.send(message);
        Delivery delivery = Objects.requireNonNull(remote.arrived().poll());
        kit.run(new Receiver.Arrived(delivery));
        drain(kit);
        assertThat(kit.isAlive()).isTrue();
    }

    private static void drain(BehaviorTestKit<Receiver.Command> kit) {
        while (kit.selfInbox().hasMessages()) {
            kit.runOne();
        }
    }

    /** What it has warned of, up to the semicolon. */
    private static List<String> warnings(BehaviorTestKit<Receiver.Command> kit) {
        return kit.getAllLogEntries().stream()
                .filter(entry -> entry.level() == Level.WARN)
                .map(entry -> entry.message().substring(0, entry.message().indexOf(';')))
                .toList();
    }

    /** The pause that began last is over; it was one of so many seconds, and up to half of that more. */
    private static void pauseEnds(BehaviorTestKit<Receiver.Command> kit, int seconds) {
        Duration least = Duration.ofSeconds(seconds);
        pauseEnds(kit, least, least.plus(least.dividedBy(2)));
    }

    /** Returns how long the pause was. */
    private static Duration pauseEnds(BehaviorTestKit<Receiver.Command> kit, Duration least, Duration most) {
        Effect.TimerScheduled<?> timer = kit.getAllEffects().stream()
                .filter(Effect.TimerScheduled.class::isInstance)
                .map(effect -> (Effect.TimerScheduled<?>) effect)
                .reduce((first, last) -> last)
                .orElseThrow();
        assertThat(timer.duration()).isBetween(least, most);
        kit.run((Receiver.Command) timer.msg());
        drain(kit);
        return timer.duration();
    }

    /** A frame that arrived over these hops. */
    private void arrive(BehaviorTestKit<Receiver.Command> kit, byte[] frame, String... hops) {
        arrive(kit, LocalMessage.of(Route.of("remote"), Route.of(hops), ByteString.fromArray(frame)));
    }

    private void arrive(BehaviorTestKit<Receiver.Command> kit, long nonce, byte[] plaintext, String... hops) {
        arrive(kit, plain.frame(nonce, plaintext), hops);
    }

    // ---- what is forwarded ----

    private record Note(String text) implements LocalInfo {}

    @Test
    void forwardsWhatAFrameCarriesAsComingFromThePeer() { // secure channel, section 9, item 50
        BehaviorTestKit<Receiver.Command> kit = start(Role.INITIATOR);
        arrive(
                kit,
                LocalMessage.of(Route.of("remote"), Route.of("h3", "h2"), ByteString.fromArray(plain.frame(0, HELLO)))
                        .withLocalInfo(List.of(new Note("outer"), new Peer(identifierOfSomebodyElse()))));

        Delivery delivery = Objects.requireNonNull(echoer.arrived().poll());
        assertThat(delivery.source()).isEqualTo(internal.address());
        assertThat(delivery.message())
                .isEqualTo(LocalMessage.of(
                                Route.of("echoer"),
                                Route.of(ENCRYPTOR, Address.of("app")),
                                ByteString.fromArray(Hex.bytes("0548656c6c6f")))
                        .withLocalInfo(List.of(new Peer(ALICE.identifier()))));
        assertThat(parent.hasMessages()).isFalse();
        BENCH.assertNothingDropped();
    }

    private Identifier identifierOfSomebodyElse() {
        return done(identities.create()).identifier();
    }

    @Test
    void onlyAuthenticFramesAreUse() {
        BehaviorTestKit<Receiver.Command> kit = start(Role.RESPONDER);
        idleness.look();
        idleness.look();

        arrive(kit, flipped(plain.frame(0, HELLO), 8));
        assertThat(idleness.looks()).isEqualTo(1);

        arrive(kit, 0, HELLO);
        assertThat(idleness.looks()).isZero();
        assertThat(echoer.arrived()).hasSize(1);
    }

    @Test
    void forwardsFramesInAnyOrderAndNoneTwice() { // secure channel, section 9, item 40
        BehaviorTestKit<Receiver.Command> kit = start(Role.RESPONDER);
        for (long nonce : new long[] {2, 0, 1, 2, 0, 32, 1, 33, 32}) {
            arrive(kit, nonce, HELLO);
        }

        assertThat(echoer.arrived()).hasSize(5);
        BENCH.assertDropped(ChannelDropReason.FRAME_REFUSED, 4);
    }

    @Test
    void whatCannotBeForwardedIsDroppedAndTheChannelGoesOn() {
        BehaviorTestKit<Receiver.Command> kit = start(Role.INITIATOR);
        arrive(kit, 0, Hex.bytes("82 820081 83 8182004178 80 40 40")); // nothing lives at x
        arrive(kit, 1, Hex.bytes("82 820081 83 80 80 40 40")); // an empty route
        BENCH.assertDropped(RoutingDropReason.NO_SUCH_ADDRESS, 1);
        BENCH.assertDropped(RoutingDropReason.INCOMPLETE_ROUTE, 1);

        arrive(kit, 2, HELLO);

        assertThat(echoer.arrived()).hasSize(1);
    }

    // ---- what is refused ----

    @Test
    void dropsWhatIsNotAnAuthenticFrameAndGoesOn() { // secure channel, section 9, items 40 and 41
        BehaviorTestKit<Receiver.Command> kit = start(Role.INITIATOR);
        byte[] frame = plain.frame(0, HELLO);
        List<byte[]> wrong = List.of(
                NOTHING,
                new byte[7],
                new byte[8],
                new byte[24],
                cut(frame, frame.length - 1),
                join(frame, new byte[1]),
                flipped(frame, 7),
                flipped(frame, 8),
                flipped(frame, frame.length - 1),
                PlainFrames.frame(WorkedExample.K2, 0, HELLO),
                plain.frame(1_000_000, HELLO));
        wrong.forEach(each -> arrive(kit, each));
        BENCH.assertDropped(ChannelDropReason.FRAME_REFUSED, wrong.size());
        echoer.assertNothingArrived();

        arrive(kit, frame);

        assertThat(echoer.arrived()).hasSize(1);
        assertThat(parent.hasMessages()).isFalse();
    }

    @Test
    void authenticFrameWithUnknownContentIsDroppedAndUsesItsNonceUp() { // secure channel, section 5.4
        BehaviorTestKit<Receiver.Command> kit = start(Role.INITIATOR);
        List<byte[]> unknown = List.of(
                NOTHING, Hex.bytes("82820380 40"), Hex.bytes("81820280"), Hex.bytes("82820280f6"), Hex.bytes("00"));
        for (int nonce = 0; nonce < unknown.size(); nonce++) {
            arrive(kit, nonce, unknown.get(nonce));
        }
        BENCH.assertDropped(ChannelDropReason.FRAME_CONTENT_UNKNOWN, unknown.size());

        arrive(kit, 0, HELLO);
        BENCH.assertDropped(ChannelDropReason.FRAME_REFUSED, 1);
        arrive(kit, unknown.size(), HELLO);

        assertThat(echoer.arrived()).hasSize(1);
        assertThat(parent.hasMessages()).isFalse();
    }

    @Test
    void leavesThePayloadOfTheMessageAsItIs() {
        BehaviorTestKit<Receiver.Command> kit = start(Role.INITIATOR);
        byte[] frame = plain.frame(0, HELLO);
        ByteString shared = ByteString.fromArrayUnsafe(frame.clone());

        arrive(kit, LocalMessage.of(Route.of("remote"), Route.empty(), shared));

        assertThat(shared.toArray()).isEqualTo(frame);
    }

    // ---- close ----

    @Test
    void tellsItsParentThatThePeerCloses() { // secure channel, section 9, item 43
        BehaviorTestKit<Receiver.Command> kit = start(Role.INITIATOR);
        arrive(kit, 0, CLOSE);

        parent.expectMessage(SecureChannelActor.PeerClosed.INSTANCE);
        assertThat(parent.hasMessages()).isFalse();
        BENCH.assertNothingDropped();
    }

    @Test
    void closeMayHavePaddingOrElementsInside() { // secure channel, section 5.2
        BehaviorTestKit<Receiver.Command> kit = start(Role.RESPONDER);
        arrive(kit, 0, Hex.bytes("82 820280 43 010203"));
        parent.expectMessage(SecureChannelActor.PeerClosed.INSTANCE);
        arrive(kit, 1, Hex.bytes("82 820281 f6 40"));
        parent.expectMessage(SecureChannelActor.PeerClosed.INSTANCE);
    }

    @Test
    void replayedCloseIsRefused() {
        BehaviorTestKit<Receiver.Command> kit = start(Role.INITIATOR);
        arrive(kit, 0, CLOSE);
        arrive(kit, 0, CLOSE);

        parent.expectMessage(SecureChannelActor.PeerClosed.INSTANCE);
        assertThat(parent.hasMessages()).isFalse();
        BENCH.assertDropped(ChannelDropReason.FRAME_REFUSED, 1);
    }

    // ---- refreshed credentials ----

    private static byte[] refresh(byte[] history) {
        return join(
                Hex.bytes("82 820181 82"), history, Hex.bytes("81"), WorkedExample.ALICE_CREDENTIAL, Hex.bytes("40"));
    }

    @Test
    void keepsNewerHistoryOfThePeer() { // secure channel, section 5.7
        BehaviorTestKit<Receiver.Command> kit = start(Role.INITIATOR);
        arrive(kit, 0, refresh(WorkedExample.ALICE_HISTORY));
        arrive(kit, 1, refresh(WorkedExample.ALICE_ROTATED_HISTORY));

        assertThat(done(identities.history(ALICE.identifier())).orElseThrow().changes())
                .hasSize(2);
        BENCH.assertNothingDropped();
        assertThat(parent.hasMessages()).isFalse();
        assertThat(encryptor.hasMessages()).isFalse();
    }

    @Test
    void dropsHistoryOfAnotherIdentityForgedOrOlder() { // secure channel, section 9, item 61
        BehaviorTestKit<Receiver.Command> kit = start(Role.INITIATOR);
        arrive(kit, 0, refresh(flipped(WorkedExample.ALICE_ROTATED_HISTORY, 356)));
        arrive(kit, 1, refresh(WorkedExample.ALICE_ROTATED_HISTORY));

        arrive(kit, 2, refresh(WorkedExample.BOB_HISTORY));
        BENCH.assertDropped(ChannelDropReason.FRAME_CONTENT_UNKNOWN, 2);
        arrive(kit, 3, refresh(WorkedExample.ALICE_HISTORY));
        BENCH.assertDropped(ChannelDropReason.REFRESH_SUPERSEDED, 1);

        assertThat(done(identities.history(ALICE.identifier())).orElseThrow().export())
                .isEqualTo(ByteString.fromArray(WorkedExample.ALICE_ROTATED_HISTORY));
        arrive(kit, 4, HELLO);
        assertThat(echoer.arrived()).hasSize(1);
        assertThat(parent.hasMessages()).isFalse();
    }

    @Test
    void dropsHistoryThatIsTooLong() {
        limits = new HistoryLimits(1, 4_096);
        BehaviorTestKit<Receiver.Command> kit = start(Role.INITIATOR);
        arrive(kit, 0, refresh(WorkedExample.ALICE_ROTATED_HISTORY));

        BENCH.assertDropped(ChannelDropReason.FRAME_CONTENT_UNKNOWN, 1);
        assertThat(done(identities.history(ALICE.identifier()))).isEmpty();
    }

    @Test
    void historyWaitsForItsTurnAndIsDroppedWhenTheChannelEndsBefore() {
        Change change = ALICE.latest();
        SignatureQueue.Turn another = refreshes.turn((key, message, signature) -> new CompletableFuture<>());
        var unanswered = another.verify(change.content().publicKey(), new byte[0], change.signature());
        BehaviorTestKit<Receiver.Command> ending = start(Role.INITIATOR);
        arrive(ending, 0, refresh(WorkedExample.ALICE_ROTATED_HISTORY));
        arrive(ending, 1, refresh(WorkedExample.ALICE_ROTATED_HISTORY));
        assertThat(done(identities.history(ALICE.identifier()))).isEmpty();
        BENCH.assertNothingDropped();

        ending.signal(PostStop.instance());
        another.leave();

        assertThat(unanswered.toCompletableFuture()).isNotDone();
        assertThat(done(identities.history(ALICE.identifier()))).isEmpty();
    }

    @Test
    void theNewestOfThoseThatComeMeanwhileIsTakenNext() {
        SignatureQueue.Turn another = refreshes.turn((key, message, signature) -> new CompletableFuture<>());
        var unanswered = another.verify(
                ALICE.latest().content().publicKey(),
                new byte[0],
                ALICE.latest().signature());
        BehaviorTestKit<Receiver.Command> kit = start(Role.INITIATOR);
        arrive(kit, 0, refresh(WorkedExample.ALICE_HISTORY));
        arrive(kit, 1, refresh(WorkedExample.BOB_HISTORY));
        BENCH.assertNothingDropped();
        arrive(kit, 2, refresh(WorkedExample.BOB_HISTORY));
        arrive(kit, 3, refresh(WorkedExample.ALICE_ROTATED_HISTORY));
        BENCH.assertDropped(ChannelDropReason.REFRESH_SUPERSEDED, 2);

        another.leave();
        drain(kit);

        assertThat(unanswered.toCompletableFuture()).isNotDone();
        assertThat(done(identities.history(ALICE.identifier())).orElseThrow().changes())
                .hasSize(2);
        BENCH.assertDropped(ChannelDropReason.FRAME_CONTENT_UNKNOWN, 0);
    }

    @Test
    void whatAStoreFailsToKeepIsTriedAgainAndIsNoUnknownContent() {
        BehaviorTestKit<Receiver.Command> kit = start(Role.INITIATOR);
        repository.fails(true);
        arrive(kit, 0, refresh(WorkedExample.ALICE_ROTATED_HISTORY));
        pauseEnds(kit, 1);
        pauseEnds(kit, 2);
        repository.fails(false);
        assertThat(done(identities.history(ALICE.identifier()))).isEmpty();
        assertThat(warnings(kit)).containsExactly("Newer credentials of " + ALICE.identifier() + " could not be taken");

        pauseEnds(kit, 4);

        assertThat(done(identities.history(ALICE.identifier())).orElseThrow().changes())
                .hasSize(2);
        BENCH.assertNothingDropped();
        kit.signal(PostStop.instance());
        BENCH.assertNothingDropped();
    }

    @Test
    void whatAStoreCouldNotKeepIsDroppedForANewerOne() {
        BehaviorTestKit<Receiver.Command> kit = start(Role.INITIATOR);
        repository.fails(true);
        arrive(kit, 0, refresh(WorkedExample.ALICE_HISTORY));
        repository.fails(false);

        arrive(kit, 1, refresh(WorkedExample.ALICE_ROTATED_HISTORY));

        BENCH.assertDropped(ChannelDropReason.REFRESH_FAILED, 1);
        assertThat(done(identities.history(ALICE.identifier())))
                .as("the pause goes on")
                .isEmpty();
        pauseEnds(kit, 1);
        BENCH.assertDropped(ChannelDropReason.FRAME_CONTENT_UNKNOWN, 0);
        assertThat(done(identities.history(ALICE.identifier())).orElseThrow().changes())
                .hasSize(2);
    }

    @Test
    void aStoreThatFailsIsWarnedOfAndSparedAlsoWhenANewerOneWaits() {
        SignatureQueue.Turn another = refreshes.turn((key, message, signature) -> new CompletableFuture<>());
        var unanswered = another.verify(
                ALICE.latest().content().publicKey(),
                new byte[0],
                ALICE.latest().signature());
        BehaviorTestKit<Receiver.Command> kit = start(Role.INITIATOR);
        arrive(kit, 0, refresh(WorkedExample.ALICE_HISTORY));
        arrive(kit, 1, refresh(WorkedExample.ALICE_ROTATED_HISTORY));
        repository.failsOnce();
        another.leave();
        drain(kit);

        assertThat(unanswered.toCompletableFuture()).isNotDone();
        assertThat(warnings(kit)).containsExactly("Newer credentials of " + ALICE.identifier() + " could not be taken");
        assertThat(done(identities.history(ALICE.identifier())))
                .as("there is a pause")
                .isEmpty();
        BENCH.assertDropped(ChannelDropReason.REFRESH_FAILED, 1);
        pauseEnds(kit, 1);
        assertThat(done(identities.history(ALICE.identifier())).orElseThrow().changes())
                .hasSize(2);
        BENCH.assertDropped(ChannelDropReason.REFRESH_FAILED, 1);
    }

    @Test
    void whatAStoreCouldNotKeepIsDroppedWhenTheChannelEnds() {
        BehaviorTestKit<Receiver.Command> kit = start(Role.INITIATOR);
        repository.fails(true);
        arrive(kit, 0, refresh(WorkedExample.ALICE_HISTORY));
        BENCH.assertNothingDropped();

        kit.signal(PostStop.instance());

        BENCH.assertDropped(ChannelDropReason.REFRESH_FAILED, 1);
    }

    @Test
    void refusesARefreshThatIsLongerThanAHandshakeMessage() {
        BehaviorTestKit<Receiver.Command> kit = start(Role.INITIATOR);
        byte[] unpadded = join(Hex.bytes("82 820181 82"), WorkedExample.ALICE_HISTORY, Hex.bytes("80"));
        int padding = TakenRefreshes.MAX_LENGTH - unpadded.length - 3;
        arrive(kit, 0, join(unpadded, padding(padding)));
        BENCH.assertNothingDropped();

        arrive(kit, 1, join(unpadded, padding(padding + 1)));

        BENCH.assertDropped(ChannelDropReason.FRAME_CONTENT_UNKNOWN, 1);
    }

    private static byte[] padding(int length) {
        return join(new byte[] {0x59, (byte) (length >> 8), (byte) length}, new byte[length]);
    }

    // ---- what authorities say ----

    private Peer seen(BehaviorTestKit<Receiver.Command> kit, long nonce) {
        arrive(kit, nonce, HELLO);
        return Peer.of(Objects.requireNonNull(echoer.arrived().poll()).message())
                .orElseThrow();
    }

    @Test
    void aLookUpThatFailsIsRepeated() {
        credentials = Credentials.NONE.believing(authority.identifier());
        BehaviorTestKit<Receiver.Command> kit = start(Role.INITIATOR);
        drain(kit);
        assertThat(seen(kit, 0).attributes()).isEmpty();
        CredentialAndPurposeKey credential = done(identities.issueCredential(
                authority,
                CredentialOptions.of(
                        ALICE.identifier(), Attributes.ofTexts(Map.of("role", "member")), Duration.ofMinutes(1))));
        attributes.failsToFind(true);
        assertThat(done(identities.acceptCredentials(
                        List.of(credential), ALICE.identifier(), Set.of(authority.identifier()), vault)))
                .isEmpty();
        drain(kit);
        pauseEnds(kit, 1);
        assertThat(seen(kit, 1).attributes()).isEmpty();
        assertThat(warnings(kit))
                .containsExactly("What authorities say about " + ALICE.identifier() + " could not be looked up");
        attributes.failsToFind(false);

        pauseEnds(kit, 2);

        assertThat(seen(kit, 2).attributes(authority.identifier()).flatMap(said -> said.text("role")))
                .contains("member");
    }

    private final Identity authority = done(identities.create());
    private final Identity other = done(identities.create());

    private void says(Identity by, String role) {
        CredentialAndPurposeKey credential = done(identities.issueCredential(
                by,
                CredentialOptions.of(
                        ALICE.identifier(), Attributes.ofTexts(Map.of("role", role)), Duration.ofMinutes(1))));
        assertThat(done(identities.acceptCredentials(
                        List.of(credential), ALICE.identifier(), Set.of(by.identifier()), vault)))
                .isEmpty();
    }

    private Map<Identifier, String> rolesSeen(BehaviorTestKit<Receiver.Command> kit, long nonce) {
        return seen(kit, nonce).attributes().stream()
                .collect(Collectors.toMap(
                        PeerAttributes::authority, said -> said.text("role").orElseThrow()));
    }

    /** Of a peer about which both say something. */
    private BehaviorTestKit<Receiver.Command> startKnown() {
        credentials = Credentials.NONE.believing(authority.identifier(), other.identifier());
        says(authority, "owner");
        says(other, "guest");
        BehaviorTestKit<Receiver.Command> kit = start(Role.INITIATOR);
        drain(kit);
        assertThat(rolesSeen(kit, 0)).isEqualTo(Map.of(authority.identifier(), "owner", other.identifier(), "guest"));
        return kit;
    }

    @Test
    void aRotationOfAnAuthorityVoidsWhatItSaidAlsoWhenTheStoreFails() { // secure channel, section 4.8
        BehaviorTestKit<Receiver.Command> kit = startKnown();
        attributes.failsToFind(true);

        Identity rotated = done(identities.rotate(authority));
        drain(kit);

        assertThat(rolesSeen(kit, 1)).isEqualTo(Map.of(other.identifier(), "guest"));
        pauseEnds(kit, Duration.ZERO, AttributeLookUps.SPREAD);
        assertThat(rolesSeen(kit, 2)).isEqualTo(Map.of(other.identifier(), "guest"));
        attributes.failsToFind(false);
        says(rotated, "member");
        drain(kit);
        assertThat(rolesSeen(kit, 3)).isEqualTo(Map.of(authority.identifier(), "member", other.identifier(), "guest"));
    }

    @Test
    void aLookUpThatARotationOvertookBringsNothingBack() {
        BehaviorTestKit<Receiver.Command> kit = startKnown();
        says(other, "another guest");
        repository.holds(true);
        drain(kit);
        repository.answersOne();
        repository.holds(false);
        assertThat(repository.waiting()).isEqualTo(1);
        assertThat(rolesSeen(kit, 1)).containsEntry(other.identifier(), "guest");

        Identity rotated = done(identities.rotate(authority));
        drain(kit);
        assertThat(rolesSeen(kit, 2)).isEqualTo(Map.of(other.identifier(), "guest"));
        repository.answersOne();
        drain(kit);
        assertThat(rolesSeen(kit, 3)).isEqualTo(Map.of(other.identifier(), "guest"));

        pauseEnds(kit, Duration.ZERO, AttributeLookUps.SPREAD);
        assertThat(rolesSeen(kit, 4)).isEqualTo(Map.of(other.identifier(), "another guest"));
        says(rotated, "member");
        drain(kit);
        assertThat(rolesSeen(kit, 5)).containsEntry(authority.identifier(), "member");
    }

    @Test
    void afterARotationNotAllChannelsLookUpTogether() {
        List<BehaviorTestKit<Receiver.Command>> kits = new ArrayList<>();
        credentials = Credentials.NONE.believing(authority.identifier());
        for (int i = 0; i < 20; i++) {
            BehaviorTestKit<Receiver.Command> kit = start(Role.INITIATOR);
            drain(kit);
            kits.add(kit);
        }
        int before = attributes.asked();

        done(identities.rotate(authority));
        kits.forEach(DecryptorTest::drain);

        assertThat(attributes.asked()).isEqualTo(before);
        Set<Duration> pauses = new HashSet<>();
        kits.forEach(kit -> pauses.add(pauseEnds(kit, Duration.ZERO, AttributeLookUps.SPREAD)));
        assertThat(pauses).hasSizeGreaterThan(10);
        assertThat(attributes.asked()).isEqualTo(before + 20);
    }

    @Test
    void whoHasStoppedIsToldOfNoRotation() {
        BehaviorTestKit<Receiver.Command> kit = startKnown();
        done(identities.rotate(authority));
        drain(kit);
        kit.signal(PostStop.instance());

        done(identities.rotate(other));

        assertThat(kit.selfInbox().hasMessages()).isFalse();
        assertThat(kit.getAllEffects()).last().isInstanceOf(Effect.TimerCancelled.class);
    }

    /** The peer shows a credential on the open channel, which is a member's, after something has happened. */
    private void countsAfterwards(
            Consumer<AttestedAttributes> before, Consumer<BehaviorTestKit<Receiver.Command>> after) {
        Identity peer = done(identities.create());
        Set<Identifier> authorities = Set.of(authority.identifier());
        credentials = Credentials.NONE.believing(authority.identifier());
        CredentialAndPurposeKey credential = done(identities.issueCredential(
                authority,
                CredentialOptions.of(
                        peer.identifier(), Attributes.ofTexts(Map.of("role", "member")), Duration.ofMinutes(1))));
        subject = peer.identifier();
        BehaviorTestKit<Receiver.Command> kit = start(Role.INITIATOR);
        drain(kit);
        before.accept(done(identities.verifyCredential(credential, subject, authorities)));
        ChannelMessage refresh = new ChannelMessage.RefreshCredentials(peer.changeHistory(), List.of(credential));
        byte[] plaintext = new byte[refresh.encodedSize()];
        refresh.writeTo(plaintext, 0);
        assertThat(seen(kit, 0).attributes()).isEmpty();

        arrive(kit, 1, plaintext);
        after.accept(kit);

        assertThat(seen(kit, 2).attributes(authority.identifier()).flatMap(said -> said.text("role")))
                .contains("member");
        BENCH.assertNothingDropped();
    }

    @Test
    void aCredentialThatCouldNotBeKeptIsTriedAgain() {
        countsAfterwards(said -> attributes.failsToStore(true), kit -> {
            attributes.failsToStore(false);
            pauseEnds(kit, 1);
        });
    }

    @Test
    void aCredentialCountsThatWasKeptAlthoughKeepingItHasFailed() {
        countsAfterwards(said -> attributes.failsAfterwards(true), kit -> {
            attributes.failsAfterwards(false);
            pauseEnds(kit, 1);
        });
    }

    @Test
    void aCredentialCountsThatAnotherProcessHasKeptFirst() {
        countsAfterwards(said -> assertThat(done(attributes.store(said))).isTrue(), DecryptorTest::drain);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void strangersHideNoCredentialOfANamedPeerThatDoesNotCount(boolean isNamed) {
        named = isNamed;
        credentials = Credentials.NONE.believing(authority.identifier());
        BehaviorTestKit<Receiver.Command> kit = start(Role.RESPONDER);

        arrive(kit, 0, refresh(WorkedExample.ALICE_HISTORY));

        assertThat(asked)
                .containsExactly("credential of a " + (isNamed ? "friend" : "stranger") + ": UNKNOWN_AUTHORITY");
    }

    // ---- routes ----

    private void expectRoute(String... hops) {
        encryptor.expectMessage(new Encryptor.RouteChanged(Route.of(hops).append(PEERS_DECRYPTOR)));
        assertThat(encryptor.hasMessages()).isFalse();
    }

    private void expectNoChange() {
        assertThat(encryptor.hasMessages()).isFalse();
    }

    @Test
    void responderAnswersTheWayTheNewestPayloadCame() { // secure channel, section 9, item 53
        BehaviorTestKit<Receiver.Command> kit = start(Role.RESPONDER);
        arrive(kit, 0, HELLO, "h3", "h2");
        expectNoChange(); // nonce 0 never counts
        arrive(kit, 1, HELLO, "h3", "h2");
        expectRoute("h3", "h2");
        arrive(kit, 5, HELLO, "other");
        expectRoute("other");
        arrive(kit, 3, HELLO, "h3", "h2");
        expectNoChange(); // late
        arrive(kit, 6, HELLO, "other");
        expectNoChange(); // the same again
        arrive(kit, 4, HELLO, "h3", "h2");
        expectNoChange();
        arrive(kit, 7, HELLO);
        expectRoute();
    }

    @Test
    void onlyPayloadsAreFollowed() { // secure channel, section 6.3
        BehaviorTestKit<Receiver.Command> kit = start(Role.RESPONDER);
        arrive(kit, 1, refresh(WorkedExample.ALICE_HISTORY), "h9");
        arrive(kit, 2, Hex.bytes("82820380 40"), "h9");
        arrive(kit, flipped(plain.frame(3, HELLO), 20), "h9");
        arrive(kit, PlainFrames.frame(WorkedExample.K2, 40, HELLO), "h9");
        expectNoChange();
        arrive(kit, 3, HELLO, "h1");
        expectRoute("h1");
        arrive(kit, 4, CLOSE, "h9");
        expectNoChange();
    }

    @Test
    void initiatorIsNotLedElsewhere() { // secure channel, section 9, item 53
        BehaviorTestKit<Receiver.Command> kit = start(Role.INITIATOR);
        arrive(kit, 0, HELLO, "h3");
        arrive(kit, 1, HELLO, "other");
        expectNoChange();
        assertThat(echoer.arrived()).hasSize(2);
    }

    // ---- the end ----

    @Test
    void erasesItsKeysWhenItStops() {
        BehaviorTestKit<Receiver.Command> kit = start(Role.INITIATOR);
        for (int nonce = 0; nonce < 70; nonce++) {
            arrive(kit, nonce, HELLO);
        }
        assertThat(vault.keyCounts()).isEqualTo(new KeyCounts(0, 0, 0, 2));

        kit.signal(PostStop.instance());

        assertThat(vault.keyCounts()).isEqualTo(new KeyCounts(0, 0, 0, 0));
    }
}
