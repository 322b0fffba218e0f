// SPDX-License-Identifier: Apache-2.0

package ockam.interop;

import static ockam.interop.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import ockam.channel.SecureChannel;
import ockam.fixtures.SystemKit;
import ockam.interop.Scene.Channel;
import ockam.interop.Scene.Side;
import ockam.interop.Scene.Way;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Channels with a Rust node that change their way, and one over a long way with many messages. */
class RouteInteropIT {
    @RegisterExtension
    static final SystemKit KIT = new SystemKit();

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
