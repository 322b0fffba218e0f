// SPDX-License-Identifier: Apache-2.0

package ockam.tests.channel;

import static ockam.fixtures.Stages.await;
import static ockam.fixtures.Stages.awaitFailureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.LoggingTestKit;
import akka.actor.typed.javadsl.Behaviors;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Source;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import ockam.channel.ChannelClosedException;
import ockam.channel.CloseReason;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelOptions;
import ockam.identity.TrustPolicy;
import ockam.node.Node;
import ockam.node.Ockam;
import ockam.node.Worker;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.Party;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What one sees of the mistakes of the first day: each names its cause. They are the rows of {@code docs/troubleshooting.md}. */
@ExtendWith(ActorTestKitExtension.class)
class FirstMistakesTest {
    private final Scene scene;

    FirstMistakesTest(ActorTestKit testKit) {
        scene = Scene.create(testKit);
    }

    @AfterEach
    void end() {
        scene.close();
    }

    private String failureOf(CompletionStage<?> stage) {
        return String.valueOf(awaitFailureOf(stage).getMessage());
    }

    private CompletionStage<?> ask(Route route) {
        return scene.node().ask(route, Codec.string(), Codec.string(), "hello", Duration.ofMillis(50));
    }

    // ---- wrong routes ----

    @Test
    void firstHopIsMissing() {
        scene.hops("h1");

        assertThat(failureOf(scene.create("h11 => listener")))
                .isEqualTo("MESSAGE_1: NO_SUCH_ADDRESS (nothing lives at 0#h11; did you mean 0#h1?)");
        assertThat(failureOf(ask(Route.of("h11", "echoer"))))
                .isEqualTo("NO_SUCH_ADDRESS: nothing lives at 0#h11; did you mean 0#h1?");
    }

    @Test
    void routeIsWrittenAsOneAddress() {
        assertThat(failureOf(ask(Route.of("h1 -> api"))))
                .isEqualTo("NO_SUCH_ADDRESS: nothing lives at 0#h1 -> api; that is the name of one address: the route"
                        + " is Route.parse(\"h1 => api\")");
    }

    @Test
    void routeHasAnEmptyPart() {
        assertThatThrownBy(() -> Route.parse("h1 => => api")).hasMessage("part 2 of a route: there is no address");
        assertThatThrownBy(() -> Route.parse("h1 => api =>")).hasMessage("part 3 of a route: there is no address");
        assertThatThrownBy(() -> Route.parse("=>")).hasMessage("part 1 of a route: there is no address");
    }

    @Test
    void streamsRouteBreaksFartherAlong() {
        scene.hops("h1", "h2");

        assertThat(failureOf(Source.single("hello")
                        .runWith(scene.node().sink(Route.of("h1", "h22"), Codec.string()), scene.system())
                        .whenClosed()))
                .isEqualTo("NO_SUCH_ADDRESS: nothing lives at 0#h22; did you mean 0#h2?");
    }

    @Test
    void twoAddressesFartherAlongAreWrong() {
        scene.hops("h1");
        for (String wrong : new String[] {"echoe", "echor"}) {
            scene.echoer("echoer-of-" + wrong);
            LoggingTestKit.warn("Message dropped at 0#" + wrong + ": NO_SUCH_ADDRESS")
                    .expect(scene.system(), () -> failureOf(ask(Route.of("h1", wrong))));
        }
    }

    @Test
    void nobodyAnswers() {
        scene.attached("silent", Codec.string());

        assertThat(failureOf(ask(Route.of("silent"))))
                .isEqualTo("TIMED_OUT: no reply to a String that was sent along 0#silent within 0.05s");
    }

    @Test
    void secondReplyFindsNobody() {
        scene.listen();
        SecureChannel channel = scene.open("listener");
        Worker twice = scene.node().start(Address.of("twice"), Codec.string(), Behaviors.receiveMessage(message -> {
            message.reply("once");
            message.reply("twice");
            return Behaviors.same();
        }));
        scene.node().allow(twice).from(scene.otherEnd(channel));

        LoggingTestKit.warn("NO_SUCH_ADDRESS; asks, streams and channels have such addresses until they end")
                .expect(scene.system(), () -> await(scene.node().ask(Route.of("twice"), Codec.string(), "hello")));
        LoggingTestKit.warn("NO_SUCH_ADDRESS; asks, streams and channels have such addresses until they end")
                .expect(scene.system(), () -> await(scene.node().ask(channel.route("twice"), Codec.string(), "hello")));
    }

    @Test
    void workerRepliesToASink() {
        scene.listen();
        SecureChannel channel = scene.open("listener");
        scene.node().allow(scene.echoer("echo")).from(scene.otherEnd(channel));

        LoggingTestKit.warn("; if it is a reply to a sink: a sink takes none, but ask and the flow of a channel do")
                .expect(
                        scene.system(),
                        () -> await(Source.single("hello")
                                .toMat(channel.sink(Route.of("echo"), Codec.string()), Keep.right())
                                .run(scene.system())
                                .whenClosed()));
    }

    @Test
    void whatLivesAtTheEndIsNoListener() {
        scene.echoer("echoer");

        assertThat(failureOf(SecureChannel.create(
                        scene.node(),
                        Route.of("echoer"),
                        scene.alice().identity(),
                        scene.bob().channelOptions().withHandshakeTimeout(Duration.ofMillis(50)))))
                .isEqualTo("MESSAGE_2: TIMED_OUT (no reply along 0#echoer within 0.05s)");
    }

    // ---- policies ----

    @Test
    void listenersPolicyRefusesTheInitiator() {
        Party carol = Party.create(scene.system());
        scene.listen();

        LoggingTestKit.warn("0#listener refused a peer: MESSAGE_3: POLICY_REFUSED (the peer only claimed to be "
                        + carol.identifier()
                        + "); a policy that accepts it is TrustPolicy.identifier(Identifier.parse(\""
                        + carol.identifier() + "\"))")
                .expect(
                        scene.system(),
                        () -> await(SecureChannel.create(
                                scene.node(),
                                Scene.TO_LISTENER,
                                carol.identity(),
                                scene.bob().channelOptions())));
    }

    @Test
    void initiatorsPolicyRefusesTheResponder() {
        scene.listen();

        assertThat(failureOf(SecureChannel.create(
                        scene.node(),
                        Scene.TO_LISTENER,
                        scene.alice().identity(),
                        SecureChannelOptions.trusting(
                                TrustPolicy.identifier(scene.alice().identifier())))))
                .isEqualTo("MESSAGE_2: POLICY_REFUSED (the peer only claimed to be "
                        + scene.bob().identifier() + ")");
    }

    @Test
    void attestationHasExpired() {
        Party later = Party.create(scene.system(), Clock.offset(Clock.systemUTC(), Duration.ofDays(6 * 365)));
        scene.listen();

        assertThat(failureOf(SecureChannel.create(
                        scene.node(),
                        Scene.TO_LISTENER,
                        later.identity(),
                        scene.bob().channelOptions())))
                .isEqualTo("MESSAGE_2: ATTESTATION_INVALID (the attestation has expired)");
    }

    // ---- after the end ----

    @Test
    void channelIsUsedAfterItWasClosed() {
        scene.listen();
        SecureChannel channel = scene.open("listener");
        await(channel.close());

        assertThat(failureOf(ask(channel.route("echoer"))))
                .startsWith("NO_SUCH_ADDRESS: nothing lives at " + channel.address()
                        + "; it was a secure channel, closed at ")
                .endsWith("Z: CLOSED");
        assertThatThrownBy(() -> channel.updateRoute(Route.empty()))
                .isInstanceOfSatisfying(
                        ChannelClosedException.class,
                        e -> assertThat(e.reason()).isEqualTo(CloseReason.CLOSED));
    }

    @Test
    void nodeEndsWhileSomebodyWaits() {
        Node node = Ockam.get(scene.system()).createNode("short-lived");
        CompletionStage<?> waiting = node.mailbox("inbox").receive(Codec.string());

        await(node.stop());

        assertThat(failureOf(waiting))
                .isEqualTo("MAILBOX_CLOSED: nothing arrived at mailbox 0#inbox because node short-lived has stopped");
    }
}
