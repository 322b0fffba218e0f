// SPDX-License-Identifier: Apache-2.0

package ockam.tests.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.javadsl.Behaviors;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.node.Connection;
import ockam.node.Hop;
import ockam.node.Mailbox;
import ockam.node.Node;
import ockam.node.Routed;
import ockam.node.Worker;
import ockam.routing.RoutingDropReason;
import ockam.routing.RoutingException;
import ockam.routing.SendResult;
import ockam.tcp.TcpConnectionOptions;
import ockam.tcp.TcpListener;
import ockam.tcp.TcpTransport;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.OckamTestKit;
import ockam.testkit.Party;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What connections can reach, and the routes of messages on the way (routing, sections 1.9, 1.10 and 6.5). */
@ExtendWith(ActorTestKitExtension.class)
class ReachOverTcpTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final OckamTestKit kit;
    private final Node alice;
    private final Node bob;
    private final Node carol;
    private final TcpListener atBob;
    private final TcpListener atCarol;
    private final Mailbox app;
    private final Party alices;
    private final Party bobs;

    ReachOverTcpTest(OckamTestKit kit) {
        this.kit = kit;
        this.alice = kit.node("alice");
        this.bob = kit.node("bob");
        this.carol = kit.node("carol");
        this.atBob = kit.await(TcpTransport.create(bob).listen("127.0.0.1:0"));
        this.atCarol = kit.await(TcpTransport.create(carol).listen("127.0.0.1:0"));
        this.app = alice.mailbox("app");
        this.alices = kit.party();
        this.bobs = kit.party();
    }

    private Connection connect(Node from, TcpListener to) {
        return kit.await(TcpTransport.create(from).connect(to.hostAndPort()));
    }

    /** Keeps what it gets, to answer it by hand. */
    private static List<Routed<String>> keeping(Node node, String name) {
        List<Routed<String>> kept = new CopyOnWriteArrayList<>();
        node.start(Address.of(name), Codec.string(), Behaviors.receiveMessage(message -> {
            kept.add(message.defer());
            return Behaviors.same();
        }));
        return kept;
    }

    private void send(Route route) {
        assertThat(app.send(route, Codec.string(), "Hello")).isEqualTo(SendResult.accepted());
    }

    /** The sender sees no error. */
    private void isDropped(Route route, RoutingDropReason reason) {
        long before = bob.dropped(reason);
        send(route);
        kit.expectDropped(bob, reason, before + 1);
    }

    private String answerTo(Node node, Route route) {
        return kit.await(node.ask(route, Codec.string(), "Hello")).body();
    }

    // ---- routes ----

    @Test
    void routesBetweenTwoNodes() {
        List<Routed<String>> kept = keeping(bob, "echoer");
        bob.allow(Address.of("echoer")).from(atBob);
        Connection toBob = connect(alice, atBob);
        alice.allow(app.address()).from(toBob);

        send(toBob.route("echoer"));

        kit.eventually(() -> assertThat(kept).hasSize(1));
        Address backToAlice = atBob.connections().get(0).address();
        assertThat(kept.get(0).onwardRoute()).isEqualTo(Route.of("echoer"));
        assertThat(kept.get(0).returnRoute()).isEqualTo(Route.of(backToAlice, Address.of("app")));
        kept.get(0).reply("Hello to you");
        Routed<String> answer = kit.await(app.receive(Codec.string(), PATIENCE));
        assertThat(answer.onwardRoute()).isEqualTo(Route.of("app"));
        assertThat(answer.returnRoute()).isEqualTo(Route.of(toBob.address(), Address.of("echoer")));
    }

    @Test
    void routesThroughAHopInTheMiddle() {
        List<Routed<String>> kept = keeping(carol, "echoer");
        carol.allow(Address.of("echoer")).from(atCarol);
        Connection toCarol = connect(bob, atCarol);
        Worker hop = bob.start(Address.of("h1"), Hop.create());
        bob.allow(hop).from(atBob);
        bob.allow(hop).from(toCarol);
        Connection toBob = connect(alice, atBob);
        alice.allow(app.address()).from(toBob);

        send(toBob.route(Route.of(Address.of("h1"), toCarol.address(), Address.of("echoer"))));

        kit.eventually(() -> assertThat(kept).hasSize(1));
        assertThat(kept.get(0).returnRoute())
                .isEqualTo(Route.of(
                        atCarol.connections().get(0).address(),
                        Address.of("h1"),
                        atBob.connections().get(0).address(),
                        Address.of("app")));
        kept.get(0).reply("Hello to you");
        assertThat(kit.await(app.receive(Codec.string(), PATIENCE)).returnRoute())
                .isEqualTo(Route.of(toBob.address(), Address.of("h1"), toCarol.address(), Address.of("echoer")));
    }

    // ---- what can be reached ----

    @Test
    void whatIsNotOpenIsNotReachedAndNobodyIsTold() {
        kit.echoer(bob, "echoer");
        Connection toBob = connect(alice, atBob);

        isDropped(toBob.route("echoer"), RoutingDropReason.OUTGOING_DENIED);

        bob.allow(Address.of("echoer")).from(atBob);
        assertThat(answerTo(alice, toBob.route("echoer"))).isEqualTo("Hello");
    }

    @Test
    void whatIsOpenToOneConnectionIsNotOpenToAnother() {
        Worker echoer = kit.echoer(bob, "echoer");
        Connection first = connect(alice, atBob);
        kit.eventually(() -> assertThat(atBob.connections()).hasSize(1));
        bob.allow(echoer).from(atBob.connections().get(0));
        Connection second = connect(alice, atBob);

        isDropped(second.route("echoer"), RoutingDropReason.OUTGOING_DENIED);

        assertThat(answerTo(alice, first.route("echoer"))).isEqualTo("Hello");
    }

    @Test
    void whatIsOpenToTheListenerIsOpenToItsEarlierAndLaterConnections() {
        Connection earlier = connect(alice, atBob);
        bob.allow(kit.echoer(bob, "echoer")).from(atBob);
        Connection later = connect(alice, atBob);

        assertThat(answerTo(alice, earlier.route("echoer"))).isEqualTo("Hello");
        assertThat(answerTo(alice, later.route("echoer"))).isEqualTo("Hello");
    }

    @Test
    void nodeIsNoProxyIntoItsOtherConnections() {
        List<Routed<String>> kept = keeping(carol, "echoer");
        carol.allow(Address.of("echoer")).from(atCarol);
        Connection toCarol = connect(bob, atCarol);
        Connection toBob = connect(alice, atBob);

        isDropped(toBob.route(Route.of(toCarol.address(), Address.of("echoer"))), RoutingDropReason.OUTGOING_DENIED);

        assertThat(kept).isEmpty();
    }

    @Test
    void connectionThatIsOpenToAListenerLetsThroughWhatItBringsIn() {
        List<Routed<String>> kept = keeping(carol, "echoer");
        carol.allow(Address.of("echoer")).from(atCarol);
        Connection toCarol = kit.await(TcpTransport.create(bob)
                .connect(atCarol.hostAndPort(), TcpConnectionOptions.defaults().withOpenTo(atBob)));
        Connection toBob = connect(alice, atBob);

        send(toBob.route(Route.of(toCarol.address(), Address.of("echoer"))));

        kit.eventually(() -> assertThat(kept).hasSize(1));
        kept.get(0).discard();
    }

    /** Not even if someone opens them. */
    @Test
    void nothingReachesTheAddressesThatMessagesComeFrom() {
        List<Routed<String>> kept = keeping(bob, "worker");
        bob.allow(Address.of("worker")).from(atBob);
        Connection toBob = connect(alice, atBob);
        send(toBob.route("worker"));
        kit.eventually(() -> assertThat(kept).hasSize(1));
        Address receiver = kept.get(0).source();
        kept.get(0).discard();

        for (Address address : List.of(receiver, atBob.address())) {
            isDropped(toBob.route(Route.of(address)), RoutingDropReason.OUTGOING_DENIED);
            bob.allow(address).from(atBob);
            isDropped(toBob.route(Route.of(address)), RoutingDropReason.INCOMING_DENIED);
        }
    }

    @Test
    void answerIsTakenFromTheConnectionThatTheQuestionLeftByAndFromNoOther() {
        TcpListener atAlice = kit.await(TcpTransport.create(alice).listen("127.0.0.1:0"));
        List<Routed<String>> kept = keeping(bob, "worker");
        bob.allow(Address.of("worker")).from(atBob);
        Connection toBob = connect(alice, atBob);
        Connection fromCarol = connect(carol, atAlice);

        CompletionStage<Routed<String>> question = alice.ask(toBob.route("worker"), Codec.string(), "Hello");
        kit.eventually(() -> assertThat(kept).hasSize(1));
        Address asker = kept.get(0).returnRoute().step().next();
        Mailbox guesser = carol.mailbox("guesser");
        guesser.send(fromCarol.route(Route.of(asker)), Codec.string(), "a forged answer");
        kit.expectDropped(alice, RoutingDropReason.OUTGOING_DENIED, 1);
        kept.get(0).reply("the answer");

        assertThat(kit.await(question).body()).isEqualTo("the answer");
    }

    // ---- through channels ----

    /** A channel listener at bob, open to who connects. */
    private SecureChannelListener openApi() {
        SecureChannelListener api = kit.listen(bob, "api", bobs, alices);
        bob.allow(api).from(atBob);
        return api;
    }

    private SecureChannel channelBy(Connection toBob) {
        return kit.channel(alice, toBob.route("api"), alices, bobs);
    }

    /** Secure channel, section 9, items 10 and 54. */
    @Test
    void twoChannelsUseOneConnectionAtTheSameTime() {
        Worker echoer = kit.echoer(bob, "echoer");
        SecureChannelListener api = openApi();
        Connection toBob = connect(alice, atBob);
        SecureChannel first = channelBy(toBob);
        SecureChannel second = channelBy(toBob);

        for (SecureChannel channel : List.of(first, second)) {
            kit.expectRefused( // it is not open yet
                    alice.ask(channel.route("echoer"), Codec.string(), "Hello", Duration.ofMillis(200)),
                    RoutingException.Reason.TIMED_OUT);
        }
        bob.allow(echoer).from(api);

        for (SecureChannel channel : List.of(first, second, first)) {
            assertThat(answerTo(alice, channel.route("echoer"))).isEqualTo("Hello");
        }
    }

    /** Secure channel, section 9, item 53. */
    @Test
    void channelGoesOnByAnotherConnectionAfterItsFirstHasEnded() {
        Worker echoer = kit.echoer(bob, "echoer");
        bob.allow(echoer).from(openApi());
        Connection first = connect(alice, atBob);
        SecureChannel channel = channelBy(first);
        assertThat(answerTo(alice, channel.route("echoer"))).isEqualTo("Hello");
        kit.await(first.disconnect());

        Connection second = connect(alice, atBob);
        channel.updateRoute(Route.of(second.address()));

        assertThat(answerTo(alice, channel.route("echoer"))).isEqualTo("Hello");
        assertThat(answerTo(alice, channel.route("echoer"))).isEqualTo("Hello");
    }

    /** What comes out of a channel is no more trusted than what comes in by a connection (secure channel, section 6.5). */
    @Test
    void whatComesOutOfAChannelDoesNotLeaveByAConnection() {
        List<Routed<String>> kept = keeping(carol, "echoer");
        carol.allow(Address.of("echoer")).from(atCarol);
        Connection toCarol = connect(bob, atCarol);
        openApi();
        Connection toBob = connect(alice, atBob);
        SecureChannel channel = channelBy(toBob);

        isDropped(channel.route(Route.of(toCarol.address(), Address.of("echoer"))), RoutingDropReason.OUTGOING_DENIED);
        isDropped(
                channel.route(Route.of(atBob.connections().get(0).address(), Address.of("app"))),
                RoutingDropReason.OUTGOING_DENIED);

        assertThat(kept).isEmpty();
    }

    @Test
    void askThatGetsNoAnswerSaysSo() {
        Connection toBob = connect(alice, atBob);

        kit.expectRefused(
                alice.ask(toBob.route("nobody"), Codec.string(), "Hello", Duration.ofMillis(200)),
                RoutingException.Reason.TIMED_OUT);
        assertThat(toBob.hasEnded()).isFalse();
    }
}
