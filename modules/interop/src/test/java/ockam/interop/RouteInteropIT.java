// SPDX-License-Identifier: Apache-2.0

package ockam.interop;

import static ockam.interop.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import ockam.channel.SecureChannel;
import ockam.fixtures.SystemKit;
import ockam.interop.Scene.Channel;
import ockam.interop.Scene.Side;
import ockam.interop.Scene.Way;
import ockam.wire.Address;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Channels with a Rust node that change their way, and one over a long way with many messages. */
class RouteInteropIT {
    @RegisterExtension
    static final SystemKit KIT = new SystemKit();

    /** Frames too far ahead of which the last is tried. */
    private static final int IN_A_ROW = 33;

    @RegisterExtension
    static final RustNodes RUST = new RustNodes();

    /** The responder follows its initiator with the next message (secure channel, section 6.3). */
    @ParameterizedTest
    @EnumSource
    void channelGoesOnOverAnotherConnectionWhenItsOwnIsLost(Side opener) {
        try (Scene scene = new Scene(KIT, RUST, opener, Way.JAVA_RELAY)) {
            Channel channel = scene.open();
            scene.echoes(channel, 100, 33);
            scene.stopRelays();
            KIT.eventually(() -> {
                assertThat(scene.java().tcp().connections()).isEmpty();
                assertThat(scene.rust().state().connections()).isZero();
            });

            Route direct = scene.connect(scene.portOfOtherNode());
            if (opener == Side.JAVA) {
                channel.java().updateRoute(direct.append(Scene.HOPS));
                scene.java().echoes(channel.fromJava("echo"), 100, 33);
                scene.rust().echoes(channel.fromRust("echo"), 100, 33);
            } else {
                scene.rust().move(channel.rust(), direct.append(Scene.HOPS));
                scene.rust().echoes(channel.fromRust("echo"), 100, 33);
                scene.java().echoes(channel.fromJava("echo"), 100, 33);
            }

            await(channel.java().close());
            scene.leavesNothing();
        }
    }

    /** A Rust node would refuse everything that follows (secure channel, section 5.4). */
    @ParameterizedTest
    @ValueSource(ints = {32, 1_000})
    void javaCatchesUpWhenFramesOfRustAreLost(int lost) {
        AtomicInteger toLose = new AtomicInteger();
        Address lossy = Address.of("lossy");
        try (Scene scene = new Scene(KIT, RUST, Side.RUST, Way.DIRECT)) {
            scene.java().startLossyHop(lossy, toLose);
            Address channel = scene.rust()
                    .open(
                            scene.toOtherNode().append(lossy).append(Scene.API),
                            scene.java().identifier());
            Route echo = Route.of(channel, Address.of("echo"));
            scene.rust().echoes(echo, 40, 33);

            toLose.set(lost);
            for (int i = 0; i < lost + IN_A_ROW; i++) {
                scene.rust().send(Route.of(channel, Address.of("nobody")));
            }
            KIT.eventually(() -> assertThat(toLose.get()).isZero());

            scene.rust().echoes(echo, 100, 33);
        }
    }

    @Test
    void tenThousandMessagesCrossARelayInJavaAndHopsInRust() {
        try (Scene scene = new Scene(KIT, RUST, Side.JAVA, Way.JAVA_RELAY)) {
            Route overHops = scene.toOtherNode().append(Scene.HOPS).append(Scene.API);
            SecureChannel channel =
                    await(scene.java().open(overHops, scene.rust().identifier()));

            scene.java().echoes(channel.route("echo"), 10_000, 100);

            await(channel.close());
            scene.leavesNothing();
        }
    }

    @Test
    void rustNodeEndsWithItsInput() {
        try (Scene scene = new Scene(KIT, RUST, Side.JAVA, Way.DIRECT)) {
            assertThat(scene.rust().endInput()).isZero();
        }
    }
}
