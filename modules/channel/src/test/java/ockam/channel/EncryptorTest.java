// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import static ockam.fixtures.Stages.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.testkit.typed.Effect;
import akka.actor.testkit.typed.javadsl.BehaviorTestKit;
import akka.actor.testkit.typed.javadsl.TestInbox;
import akka.actor.typed.PostStop;
import akka.util.ByteString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import ockam.channel.Bench.Place;
import ockam.channel.Encryptor.Farewell;
import ockam.fixtures.Hex;
import ockam.identity.CredentialAndPurposeKey;
import ockam.identity.Identities;
import ockam.identity.Identity;
import ockam.identity.Timestamp;
import ockam.routing.AccessControl;
import ockam.routing.FlowControlId;
import ockam.routing.Metadata;
import ockam.routing.RoutingDropReason;
import ockam.routing.spi.Delivery;
import ockam.routing.spi.EndpointSpec;
import ockam.vault.KeyCounts;
import ockam.vault.SoftwareVault;
import ockam.vault.VaultException;
import ockam.wire.Address;
import ockam.wire.LocalInfo;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The sending half of a channel (secure channel, section 6.1; secure channel, section 9, items 38 and 47). */
class EncryptorTest {
    @RegisterExtension
    static final Bench BENCH = new Bench();

    private static final Address OWN_DECRYPTOR = Address.of("decryptor");
    private static final Address DECRYPTOR = Address.of("peer-decryptor");

    private final SoftwareVault vault = SoftwareVault.create(Runnable::run);
    private final TestInbox<SecureChannelActor.Command> parent = TestInbox.create();
    private final Idleness idleness = new Idleness(Optional.empty());
    private final ScriptedRepository repository = new ScriptedRepository();
    private final Identities identities =
            Identities.create(SoftwareVault.create(Runnable::run), repository, Bench.CLOCK);
    private final OwnHistories histories = new OwnHistories();
    private final Identity me = done(identities.create());
    private final ScriptedRetriever retriever = new ScriptedRetriever();
    private final PlainFrames plain = new PlainFrames(WorkedExample.K2);
    private final Place encryptor = BENCH.place("encryptor");
    private final Place hop = BENCH.place("hop");
    private final Place app = BENCH.place("app");

    private Refreshes.Terms credentials = new Refreshes.Terms(null, me, histories, List.of());

    private BehaviorTestKit<Encryptor.Command> start(FrameSealer sealer) {
        return BehaviorTestKit.create(Encryptor.create(
                BENCH.router(),
                encryptor.endpoint(),
                OWN_DECRYPTOR,
                sealer,
                idleness,
                Route.of(hop.address(), DECRYPTOR),
                credentials,
                parent.getRef()));
    }

    private FrameSealer sealer(long nonce) {
        return new FrameSealer(vault.aeadKey(vault.secretOf(WorkedExample.K2)), nonce);
    }

    /** Sends through the encryptor. */
    private void send(BehaviorTestKit<Encryptor.Command> kit, LocalMessage message) {
        app.send(message);
        Delivery arrived = Objects.requireNonNull(encryptor.arrived().poll());
        kit.run(new Encryptor.Arrived(arrived));
    }

    private LocalMessage hello() {
        return LocalMessage.of(
                Route.of("encryptor", "echoer"), Route.of("app"), ByteString.fromArray(Hex.bytes("0548656c6c6f")));
    }

    private byte[] opened(LocalMessage frame) {
        byte[] bytes = frame.payload().toArray();
        return Objects.requireNonNull(PlainFrames.open(plain.key(Frames.nonceOf(bytes)), bytes));
    }

    @Test
    void sendsTheFrameOfTheWorkedExampleWithoutReturnRoute() {
        send(start(sealer(0)), hello());

        LocalMessage frame = hop.next();
        assertThat(frame.onwardRoute()).isEqualTo(Route.of(hop.address(), DECRYPTOR));
        assertThat(frame.returnRoute().isEmpty()).isTrue();
        assertThat(frame.payload().toArray())
                .isEqualTo(
                        Hex.bytes("0000000000000000730a7fb64a78d67042e6e239c46e13d84c96427982db85ec27d457a5b1d4734b8dbc"
                                + "005dcce94cc167df7f6f9635"));
        hop.assertNothingArrived();
        assertThat(parent.hasMessages()).isFalse();
    }

    @Test
    void whatIsSentIsUse() {
        idleness.look();
        idleness.look();

        send(start(sealer(0)), hello());

        assertThat(idleness.looks()).isZero();
        hop.next();
    }

    @Test
    void leavesLocalInfoBehind() {
        record Note(String text) implements LocalInfo {}

        send(start(sealer(0)), hello().withLocalInfo(List.of(new Note("secret"))));

        LocalMessage frame = hop.next();
        assertThat(frame.localInfo()).isEmpty();
        assertThat(frame.payload().length()).isEqualTo(54);
    }

    @Test
    void sendsWhatHasNoRouteOnThePeersNode() { // secure channel, section 6.1
        send(start(sealer(0)), hello().withOnwardRoute(Route.of("encryptor")));

        assertThat(ChannelMessage.decode(opened(hop.next())).orElseThrow())
                .isEqualTo(new ChannelMessage.Payload(
                        Route.empty(), Route.of("app"), ByteString.fromArray(Hex.bytes("0548656c6c6f"))));
    }

    @Test
    void countsEveryMessageAndChangesItsKey() {
        BehaviorTestKit<Encryptor.Command> kit = start(sealer(0));
        for (int i = 0; i < 70; i++) {
            send(kit, hello());
            LocalMessage frame = hop.next();
            assertThat(Frames.nonceOf(frame.payload().toArray())).isEqualTo(i);
            assertThat(opened(frame))
                    .isEqualTo(Hex.bytes("8282008183818200466563686f657281820043617070460548656c6c6f40"));
        }
        assertThat(vault.keyCounts()).isEqualTo(new KeyCounts(0, 0, 0, 1));
    }

    @Test
    void followsChangeOfRoute() {
        Place other = BENCH.place("other");
        BehaviorTestKit<Encryptor.Command> kit = start(sealer(0));
        kit.run(new Encryptor.RouteChanged(Route.of(other.address(), DECRYPTOR)));

        send(kit, hello());

        hop.assertNothingArrived();
        assertThat(other.next().onwardRoute()).isEqualTo(Route.of(other.address(), DECRYPTOR));
    }

    @Test
    void updatedRouteStillEndsAtThePeersDecryptorAndLetsAnswersIn() { // secure channel, sections 6.3 and 6.5
        Place tunnel = BENCH.place("tunnel");
        FlowControlId id = FlowControlId.random();
        BENCH.router().flowControls().addProducer(tunnel.address(), id, null, List.of());
        BehaviorTestKit<Encryptor.Command> kit = start(sealer(0));
        kit.run(new Encryptor.UpdateRoute(Route.of("tunnel", "h2")));
        hop.assertNothingArrived(); // nothing is sent at that moment
        tunnel.assertNothingArrived();

        send(kit, hello());

        assertThat(tunnel.next().onwardRoute()).isEqualTo(Route.of(tunnel.address(), Address.of("h2"), DECRYPTOR));
        assertThat(BENCH.router().flowControls().consumedBy(OWN_DECRYPTOR)).containsExactly(id);
    }

    @Test
    void routeToThePeersNodeMayBeEmpty() { // secure channel, section 6.3: it is this one
        Place peer = BENCH.place("peer-decryptor");
        BehaviorTestKit<Encryptor.Command> kit = start(sealer(0));
        kit.run(new Encryptor.UpdateRoute(Route.empty()));

        send(kit, hello());

        assertThat(peer.next().onwardRoute()).isEqualTo(Route.of(DECRYPTOR));
    }

    @Test
    void messageThatCannotBeSentIsDroppedAndTheChannelGoesOn() {
        BehaviorTestKit<Encryptor.Command> kit = start(sealer(0));
        kit.run(new Encryptor.RouteChanged(Route.of("nobody")));
        send(kit, hello());
        BENCH.assertDropped(RoutingDropReason.NO_SUCH_ADDRESS, 1);

        kit.run(new Encryptor.RouteChanged(Route.of(hop.address(), DECRYPTOR)));
        send(kit, hello());

        assertThat(Frames.nonceOf(hop.next().payload().toArray()))
                .as("the nonce is used up")
                .isEqualTo(1);
    }

    @Test
    void sendsCloseBehindWhatWasSent() {
        BehaviorTestKit<Encryptor.Command> kit = start(sealer(0));
        send(kit, hello());
        kit.run(new Encryptor.Finish(Farewell.SAID));

        assertThat(kit.isAlive()).isFalse();
        hop.next();
        LocalMessage close = hop.next();
        assertThat(close.payload().toArray())
                .isEqualTo(Hex.bytes("000000000000000162c77908c4b022eac02358e72ed42e5e115c41fe3a"));
        assertThat(close.returnRoute().isEmpty()).isTrue();
    }

    @Test
    void sendsNoCloseWhenThePeerHasClosed() {
        BehaviorTestKit<Encryptor.Command> kit = start(sealer(0));
        kit.run(new Encryptor.Finish(Farewell.UNSAID));

        assertThat(kit.isAlive()).isFalse();
        hop.assertNothingArrived();
    }

    @Test
    void stoppingNodeTellsOnlyPeersOnOtherNodes() {
        BehaviorTestKit<Encryptor.Command> local = start(sealer(0));
        local.run(new Encryptor.Finish(Farewell.SAID_TO_OTHER_NODES));
        assertThat(local.isAlive()).isFalse();
        hop.assertNothingArrived();

        Place connection = BENCH.places(terminal("connection", Map.of())).get(0);
        BehaviorTestKit<Encryptor.Command> remote = start(sealer(0));
        remote.run(new Encryptor.RouteChanged(Route.of(hop.address(), connection.address(), DECRYPTOR)));
        remote.run(new Encryptor.Finish(Farewell.SAID_TO_OTHER_NODES));
        assertThat(opened(hop.next())).isEqualTo(Hex.bytes("8282028040"));

        // An outer channel stops in the same step.
        Place outer = BENCH.places(terminal("outer", Map.of(SecureChannelActor.PEER_ATTRIBUTE, "peer")))
                .get(0);
        BehaviorTestKit<Encryptor.Command> nested = start(sealer(0));
        nested.run(new Encryptor.RouteChanged(Route.of(outer.address(), DECRYPTOR)));
        nested.run(new Encryptor.Finish(Farewell.SAID_TO_OTHER_NODES));
        outer.assertNothingArrived();
    }

    private static EndpointSpec terminal(String address, Map<String, String> attributes) {
        return new EndpointSpec(
                Address.of(address), AccessControl.allowAll(), AccessControl.allowAll(), Metadata.terminal(attributes));
    }

    @Test
    void lastNonceIsUsedAndThenTheChannelIsAtItsEnd() { // secure channel, section 9, item 38
        BehaviorTestKit<Encryptor.Command> kit = start(sealer(-2));
        send(kit, hello());
        assertThat(Frames.nonceOf(hop.next().payload().toArray())).isEqualTo(-2);
        assertThat(parent.hasMessages()).isFalse();

        send(kit, hello());

        parent.expectMessage(SecureChannelActor.NoncesExhausted.INSTANCE);
        BENCH.assertDropped(ChannelDropReason.CHANNEL_CLOSED, 1);
        kit.run(new Encryptor.Finish(Farewell.SAID));
        assertThat(kit.isAlive()).isFalse();
        hop.assertNothingArrived();
    }

    @Test
    void erasesItsKeyWhenItStops() {
        BehaviorTestKit<Encryptor.Command> kit = start(sealer(0));
        send(kit, hello());

        kit.signal(PostStop.instance());

        assertThat(vault.keyCounts()).isEqualTo(new KeyCounts(0, 0, 0, 0));
    }

    /** It must not continue after an exception: a restart would begin with nonce 0 again. */
    @Test
    void exceptionIsNotCaught() {
        FrameSealer erased = sealer(0);
        erased.erase();
        BehaviorTestKit<Encryptor.Command> kit = start(erased);

        assertThatThrownBy(() -> send(kit, hello())).isInstanceOf(VaultException.class);
        hop.assertNothingArrived();
    }

    @Test
    void sendsMebibytes() {
        ByteString large = ByteString.fromArray(ChannelTests.random(ChannelTests.random(), 3 * 1024 * 1024));
        send(start(sealer(0)), LocalMessage.of(Route.of("encryptor", "echoer"), Route.empty(), large));

        assertThat(ChannelMessage.decode(opened(hop.next())).orElseThrow())
                .isEqualTo(new ChannelMessage.Payload(Route.of("echoer"), Route.empty(), large));
    }

    // ---- newer credentials (secure channel, section 5.7) ----

    private static CredentialAndPurposeKey credential(int number) {
        return Credentialing.numbered(number, Timestamp.of(Bench.CLOCK.instant()), Duration.ofMinutes(1));
    }

    /** Starts one whose peer was shown this in the handshake. */
    private BehaviorTestKit<Encryptor.Command> presenting(CredentialAndPurposeKey... shown) {
        credentials = new Refreshes.Terms(retriever, me, histories, List.of(shown));
        BehaviorTestKit<Encryptor.Command> kit = start(sealer(0));
        drain(kit);
        return kit;
    }

    private static void drain(BehaviorTestKit<Encryptor.Command> kit) {
        while (kit.selfInbox().hasMessages()) {
            kit.runOne();
        }
    }

    /** The pause after a refresh is over. */
    private static void pauseEnds(BehaviorTestKit<Encryptor.Command> kit) {
        assertThat(nextPauseEnds(kit)).isEqualTo(Refreshes.PAUSE);
    }

    /** The pause that began last is over; returns how long it was. */
    private static Duration nextPauseEnds(BehaviorTestKit<Encryptor.Command> kit) {
        Effect.TimerScheduled<?> timer = kit.getAllEffects().stream()
                .filter(Effect.TimerScheduled.class::isInstance)
                .map(effect -> (Effect.TimerScheduled<?>) effect)
                .reduce((first, last) -> last)
                .orElseThrow();
        kit.run((Encryptor.Command) timer.msg());
        drain(kit);
        return timer.duration();
    }

    private static void assertBackoff(Duration pause, int seconds) {
        Duration least = Duration.ofSeconds(seconds);
        assertThat(pause).isBetween(least, least.plus(least.dividedBy(2)));
    }

    private ChannelMessage.RefreshCredentials refresh() {
        return (ChannelMessage.RefreshCredentials)
                ChannelMessage.decode(opened(hop.next())).orElseThrow();
    }

    @Test
    void showsEachNewerCredentialWithTheHistoryOnce() { // authority, section 10, item 29
        retriever.has(credential(1));
        BehaviorTestKit<Encryptor.Command> kit = presenting(credential(1));
        retriever.changes();
        drain(kit);
        hop.assertNothingArrived();

        retriever.has(credential(2));
        drain(kit);
        retriever.changes();
        drain(kit);

        assertThat(refresh())
                .isEqualTo(new ChannelMessage.RefreshCredentials(me.changeHistory(), List.of(credential(2))));
        pauseEnds(kit);
        hop.assertNothingArrived();
    }

    @Test
    void showsWhatHasBecomeNewerSinceTheHandshake() {
        retriever.has(credential(2));
        presenting(credential(1));

        assertThat(refresh().credentials()).containsExactly(credential(2));
    }

    @Test
    void theFirstCredentialMayComeLater() { // authority, section 10, item 32
        BehaviorTestKit<Encryptor.Command> kit = presenting();
        hop.assertNothingArrived();

        retriever.has(credential(1));
        drain(kit);

        assertThat(refresh().credentials()).containsExactly(credential(1));
    }

    @Test
    void aRefreshHasItsPlaceAmongTheMessages() {
        retriever.has(credential(1));
        BehaviorTestKit<Encryptor.Command> kit = presenting(credential(1));
        send(kit, hello());
        retriever.has(credential(2));
        drain(kit);
        send(kit, hello());

        for (int nonce = 0; nonce < 3; nonce++) {
            byte[] frame = hop.next().payload().toArray();
            assertThat(Frames.nonceOf(frame)).isEqualTo(nonce);
            assertThat(
                            ChannelMessage.decode(Objects.requireNonNull(PlainFrames.open(plain.key(nonce), frame)))
                                            .orElseThrow()
                                    instanceof ChannelMessage.RefreshCredentials)
                    .isEqualTo(nonce == 1);
        }
    }

    @Test
    void aRetrieverInAHurryDoesNotFloodThePeer() {
        retriever.has(credential(0));
        BehaviorTestKit<Encryptor.Command> kit = presenting(credential(0));
        for (int number = 1; number <= 100; number++) {
            retriever.has(credential(number));
            drain(kit);
        }
        assertThat(refresh().credentials()).containsExactly(credential(1));
        hop.assertNothingArrived();
        int asked = retriever.asked();

        pauseEnds(kit);

        assertThat(refresh().credentials()).containsExactly(credential(100));
        hop.assertNothingArrived();
        assertThat(retriever.asked()).isEqualTo(asked + 1);
    }

    @Test
    void asksOneAtATime() {
        retriever.has(credential(0));
        BehaviorTestKit<Encryptor.Command> kit = presenting(credential(0));
        retriever.keepsWaiting();
        int asked = retriever.asked();
        for (int i = 0; i < 3; i++) {
            retriever.changes();
            drain(kit);
        }
        assertThat(retriever.asked()).isEqualTo(asked + 1);

        retriever.has(credential(1));
        drain(kit);

        assertThat(retriever.asked()).isEqualTo(asked + 1);
        assertThat(refresh().credentials()).containsExactly(credential(1));
        pauseEnds(kit);
        assertThat(retriever.asked()).isEqualTo(asked + 2);
        hop.assertNothingArrived();
    }

    @Test
    void aRefreshThatCouldNotBeSentIsTriedAgain() {
        retriever.has(credential(1));
        BehaviorTestKit<Encryptor.Command> kit = presenting(credential(1));
        kit.run(new Encryptor.RouteChanged(Route.of("nobody")));
        retriever.has(credential(2));
        drain(kit);
        pauseEnds(kit);
        hop.assertNothingArrived();

        kit.run(new Encryptor.RouteChanged(Route.of(hop.address(), DECRYPTOR)));
        pauseEnds(kit);

        assertThat(refresh().credentials()).containsExactly(credential(2));
        pauseEnds(kit);
        hop.assertNothingArrived();
    }

    @Test
    void whatMayHaveBeenLostIsShownAgain() {
        retriever.has(credential(1));
        BehaviorTestKit<Encryptor.Command> kit = presenting(credential(1));
        retriever.has(credential(2));
        drain(kit);
        assertThat(refresh().credentials()).containsExactly(credential(2));
        pauseEnds(kit);

        kit.run(Encryptor.LeadsOnAgain.INSTANCE);
        drain(kit);
        assertThat(refresh().credentials()).containsExactly(credential(2));

        for (int i = 0; i < 10; i++) {
            kit.run(Encryptor.LeadsOnAgain.INSTANCE);
            kit.run(new Encryptor.RouteChanged(Route.of(hop.address(), DECRYPTOR)));
            kit.run(new Encryptor.UpdateRoute(Route.of(hop.address())));
            drain(kit);
        }
        hop.assertNothingArrived(); // at most one in a second
        pauseEnds(kit);
        assertThat(refresh().credentials()).containsExactly(credential(2));
        pauseEnds(kit);
        hop.assertNothingArrived();
    }

    @Test
    void whatIsLostWhileItIsAskedForIsShownAgain() {
        retriever.has(credential(1));
        BehaviorTestKit<Encryptor.Command> kit = presenting(credential(1));
        retriever.has(credential(2));
        drain(kit);
        refresh();
        pauseEnds(kit);
        retriever.keepsWaiting();
        retriever.changes();
        drain(kit);
        kit.run(Encryptor.LeadsOnAgain.INSTANCE);

        retriever.has(credential(2));
        drain(kit);

        assertThat(refresh().credentials()).containsExactly(credential(2));
    }

    @Test
    void whatTheHandshakeHasShownIsNotShownAgain() {
        retriever.has(credential(1));
        BehaviorTestKit<Encryptor.Command> kit = presenting(credential(1));
        int asked = retriever.asked();

        kit.run(Encryptor.LeadsOnAgain.INSTANCE);
        kit.run(new Encryptor.RouteChanged(Route.of(hop.address(), DECRYPTOR)));
        drain(kit);

        hop.assertNothingArrived();
        assertThat(retriever.asked()).isEqualTo(asked);
    }

    @Test
    void aRetrieverThatFailsChangesNothing() {
        retriever.has(credential(1));
        BehaviorTestKit<Encryptor.Command> kit = presenting(credential(1));
        retriever.fails();
        drain(kit);
        hop.assertNothingArrived();

        retriever.has(credential(2));
        drain(kit);

        assertThat(refresh().credentials()).containsExactly(credential(2));
    }

    @Test
    void aHistoryThatCannotBeReadIsTriedAgainLaterEachTime() {
        retriever.has(credential(1));
        BehaviorTestKit<Encryptor.Command> kit = presenting(credential(1));
        repository.fails(true);
        retriever.has(credential(2));
        drain(kit);
        for (int seconds : new int[] {1, 2, 4}) {
            assertBackoff(nextPauseEnds(kit), seconds);
        }
        retriever.has(credential(3));
        drain(kit);
        repository.fails(false);
        hop.assertNothingArrived();

        assertBackoff(nextPauseEnds(kit), 8);

        assertThat(refresh().credentials()).containsExactly(credential(3));
        pauseEnds(kit);
        hop.assertNothingArrived();
        repository.fails(true);
        retriever.has(credential(4));
        drain(kit);
        assertBackoff(nextPauseEnds(kit), 1);
    }

    @Test
    void aRetrieverThatFailsByMistakeIsAskedAgain() {
        retriever.has(credential(1));
        BehaviorTestKit<Encryptor.Command> kit = presenting(credential(1));
        retriever.failsBecause(new IllegalStateException("no file"));
        drain(kit);
        int asked = retriever.asked();
        retriever.hasQuietly(credential(2));

        assertBackoff(nextPauseEnds(kit), 1);

        assertThat(retriever.asked()).isEqualTo(asked + 1);
        assertThat(refresh().credentials()).containsExactly(credential(2));
    }

    @Test
    void aRetrieverThatHasNoneIsNotAskedAgainBeforeItSaysSo() {
        retriever.has(credential(1));
        BehaviorTestKit<Encryptor.Command> kit = presenting(credential(1));
        kit.getAllEffects();
        retriever.fails();
        drain(kit);

        assertThat(kit.getAllEffects()).noneMatch(Effect.TimerScheduled.class::isInstance);
    }

    @Test
    void manyChannelsReadTheirHistoryOnce() {
        retriever.has(credential(1));
        List<BehaviorTestKit<Encryptor.Command>> kits = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            kits.add(presenting(credential(1)));
        }
        int before = repository.histories();
        repository.holds(true);
        retriever.has(credential(2));
        kits.forEach(EncryptorTest::drain);
        repository.answersOne();
        repository.answersOne();
        kits.forEach(EncryptorTest::drain);

        assertThat(repository.histories()).isEqualTo(before + 2);
        assertThat(hop.arrived()).hasSize(50);
    }

    @Test
    void showsTheHistoryAsItIsByThen() {
        retriever.has(credential(1));
        BehaviorTestKit<Encryptor.Command> kit = presenting(credential(1));
        Identity rotated = done(identities.rotate(me));
        hop.assertNothingArrived();

        retriever.has(credential(2));
        drain(kit);

        assertThat(refresh().changeHistory()).isEqualTo(rotated.changeHistory());
    }

    @Test
    void aRefreshIsNoUse() {
        retriever.has(credential(1));
        BehaviorTestKit<Encryptor.Command> kit = presenting(credential(1));
        idleness.look();
        idleness.look();

        retriever.has(credential(2));
        drain(kit);

        assertThat(idleness.looks()).isEqualTo(1);
        hop.next();
    }

    @Test
    void nobodyWatchesWhenItHasEnded() {
        retriever.has(credential(1));
        BehaviorTestKit<Encryptor.Command> kit = presenting(credential(1));
        assertThat(retriever.watches()).isEqualTo(1);

        kit.signal(PostStop.instance());

        assertThat(retriever.watches()).isZero();
    }
}
