// SPDX-License-Identifier: Apache-2.0

package ockam.interop;

import static ockam.interop.Patience.await;
import static ockam.interop.Patience.awaitFailure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.Done;
import akka.NotUsed;
import akka.actor.testkit.typed.javadsl.LoggingTestKit;
import akka.japi.Pair;
import akka.stream.BoundedSourceQueue;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import ockam.channel.ChannelClosedException;
import ockam.channel.CloseReason;
import ockam.channel.HandshakeException;
import ockam.channel.SecureChannel;
import ockam.fixtures.SystemKit;
import ockam.interop.Scene.Channel;
import ockam.interop.Scene.Side;
import ockam.interop.Scene.Way;
import ockam.node.Mailbox;
import ockam.routing.FailureReason;
import ockam.routing.RoutingDropReason;
import ockam.routing.RoutingException;
import ockam.routing.SendResult;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Identifier;
import ockam.wire.Route;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Channels with a Rust node, opened by either side and over each way. */
class ChannelInteropIT {
    @RegisterExtension
    static final SystemKit KIT = new SystemKit();

    @RegisterExtension
    static final RustNodes RUST = new RustNodes();

    private static final int LARGE = 300 * 1024;
    private static final int[] MIXED = {0, 1, 33, 0, 1, 33, 0, 1, 33, LARGE, 0, 1, 33, 0, 1, 33, 0, 1, 33, 64 * 1024};
    private static final Identifier SOMEBODY_ELSE = Identifier.parse("I" + "0b".repeat(32));

    static List<Arguments> scenes() {
        return Arrays.stream(Side.values())
                .flatMap(opener -> Arrays.stream(Way.values()).map(way -> Arguments.of(opener, way)))
                .toList();
    }

    private static Scene scene(Side opener, Way way) {
        return new Scene(KIT, RUST, opener, way);
    }

    // ---- messages ----

    /** A key is used for 32 of them. */
    @ParameterizedTest
    @MethodSource("scenes")
    void messagesOfAllSizesComeBack(Side opener, Way way) {
        try (Scene scene = scene(opener, way)) {
            Channel channel = scene.open();

            scene.echoes(channel, 1_000, MIXED);

            scene.another().ifPresent(another -> scene.echoes(another, 100, 33));
            await(channel.java().close());
            scene.leavesNothing();
        }
    }

    @ParameterizedTest
    @MethodSource("scenes")
    void whatWasNotOpenedStaysOutOfReach(Side opener, Way way) {
        try (Scene scene = scene(opener, way)) {
            Channel channel = scene.open();
            Address closed = Address.of("closed");
            Mailbox app = scene.java().node().mailbox("app");

            if (opener == Side.JAVA) {
                sends(app, scene.toOtherNode().append(closed));
            } else {
                scene.rust().send(scene.toOtherNode().append(closed));
            }
            sends(app, channel.fromJava("closed"));
            scene.rust().send(channel.fromRust("closed"));

            scene.echoes(channel, 100, 33);
            assertThat(scene.rust().state().reached()).isZero();
            assertThat(scene.java().reached()).isZero();
            assertThat(scene.java().node().dropped(RoutingDropReason.OUTGOING_DENIED))
                    .isEqualTo(opener == Side.JAVA ? 1 : 2);
        }
    }

    private static void sends(Mailbox app, Route route) {
        assertThat(app.send(route, Codec.string(), "knock")).isEqualTo(SendResult.accepted());
    }

    // ---- the end ----

    @ParameterizedTest
    @MethodSource("scenes")
    void closingInJavaEndsBothEnds(Side opener, Way way) {
        try (Scene scene = scene(opener, way)) {
            Channel channel = scene.open();
            scene.echoes(channel, 10, 33);

            await(channel.java().close());

            scene.leavesNothing();
            scene.another().ifPresent(another -> scene.echoes(another, 10, 33));
        }
    }

    @ParameterizedTest
    @MethodSource("scenes")
    void closingInRustEndsBothEnds(Side opener, Way way) {
        try (Scene scene = scene(opener, way)) {
            Channel channel = scene.open();
            scene.echoes(channel, 10, 33);

            scene.rust().close(channel.rust());

            assertThat(await(channel.java().whenClosed())).isEqualTo(CloseReason.CLOSED_BY_PEER);
            scene.leavesNothing();
            scene.another().ifPresent(another -> scene.echoes(another, 10, 33));
        }
    }

    @ParameterizedTest
    @MethodSource("scenes")
    void peerThatIsKilledLeavesNothing(Side opener, Way way) {
        try (Scene scene = scene(opener, way)) {
            Channel channel = scene.open();
            AtomicInteger answers = new AtomicInteger();
            Pair<BoundedSourceQueue<ByteString>, Source<ByteString, NotUsed>> questions =
                    Source.<ByteString>queue(JavaNode.OUTSTANDING).preMaterialize(KIT.system());
            CompletionStage<Done> stream = questions
                    .second()
                    .via(channel.java().flow(Route.of("echo"), Codec.bytes(), Codec.bytes()))
                    .runWith(
                            Sink.foreach(answer -> {
                                answers.incrementAndGet();
                                questions.first().offer(answer.body());
                            }),
                            KIT.system());
            for (int i = 0; i < JavaNode.OUTSTANDING; i++) {
                questions.first().offer(JavaNode.bytes(i, 1_000));
            }
            KIT.eventually(() -> assertThat(answers.get()).isGreaterThan(500));

            scene.rust().kill();

            if (way.relays().isEmpty()) {
                KIT.eventually(
                        () -> assertThat(scene.java().tcp().connections()).isEmpty());
                questions.first().offer(JavaNode.bytes(0, 1_000));
                assertReason(awaitFailure(stream), RoutingDropReason.NO_SUCH_ADDRESS);
            }
            assertIsSilent(scene, channel.java());
            scene.leavesNothingOfADeadPeer();
            if (!way.relays().isEmpty()) { // nobody beyond a relay learns that its connection has ended
                assertThat(awaitFailure(stream)).isInstanceOf(ChannelClosedException.class);
            }
            scene.replaceRust();
            scene.echoes(scene.open(), 10, 33);
        }
    }

    private static void assertIsSilent(Scene scene, SecureChannel channel) {
        assertReason(
                awaitFailure(scene.java()
                        .node()
                        .ask(channel.route("echo"), Codec.string(), "anybody?", Duration.ofMillis(200))),
                RoutingException.Reason.TIMED_OUT);
    }

    private static void assertReason(Throwable failure, FailureReason reason) {
        assertThat(failure)
                .isInstanceOfSatisfying(
                        RoutingException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    // ---- trust ----

    @ParameterizedTest
    @MethodSource("scenes")
    void javaRefusesWhomItDoesNotTrust(Side opener, Way way) {
        try (Scene scene = scene(opener, way)) {
            if (opener == Side.JAVA) {
                assertThat(awaitFailure(scene.openFromJava(Scene.API, SOMEBODY_ELSE)))
                        .isInstanceOf(HandshakeException.class)
                        .hasMessage("MESSAGE_2: POLICY_REFUSED (the peer only claimed to be "
                                + scene.rust().identifier() + ")");
                assertThat(scene.rust().state().channels())
                        .isEqualTo(scene.rustReady().channels());
            } else {
                Address unheard = LoggingTestKit.debug(
                                "as RESPONDER not made: MESSAGE_3: POLICY_REFUSED (the peer only claimed to be "
                                        + scene.rust().identifier() + ")")
                        .expect(
                                KIT.system(),
                                () -> scene.openFromRust(
                                        Scene.STRICT, scene.java().identifier()));
                scene.rust().close(unheard);
                scene.leavesNothing();
            }
            scene.leavesNothingInJava();
            scene.echoes(scene.open(), 10, 33);
        }
    }

    @ParameterizedTest
    @MethodSource("scenes")
    void rustRefusesWhomItDoesNotTrust(Side opener, Way way) {
        try (Scene scene = scene(opener, way)) {
            if (opener == Side.JAVA) {
                SecureChannel unheard =
                        await(scene.openFromJava(Scene.STRICT, scene.rust().identifier()));
                KIT.eventually(() -> assertThat(scene.rust().state().refused())
                        .isEqualTo(scene.java().identifier().toString()));
                assertIsSilent(scene, unheard);
                await(unheard.close());
            } else {
                assertThatThrownBy(() -> scene.openFromRust(Scene.API, SOMEBODY_ELSE))
                        .isInstanceOf(RustProcess.Failed.class)
                        .hasMessage("FAILED REFUSED " + scene.java().identifier());
            }
            assertThat(scene.rust().state().channels())
                    .isEqualTo(scene.rustReady().channels());
            Channel trusted = scene.open();
            scene.echoes(trusted, 10, 33);
            await(trusted.java().close());
            scene.leavesNothingInJava();
        }
    }
}
