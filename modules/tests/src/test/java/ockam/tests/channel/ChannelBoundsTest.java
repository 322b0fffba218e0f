// SPDX-License-Identifier: Apache-2.0

package ockam.tests.channel;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.LoggingTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import ockam.channel.ChannelDropReason;
import ockam.channel.CloseReason;
import ockam.channel.Role;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.Footprint;
import ockam.wire.Address;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Open channels are bounded, also when their peers cannot say goodbye. */
class ChannelBoundsTest {
    @RegisterExtension
    static final ActorTestKitExtension KIT =
            ActorTestKitExtension.create("ockam.channel.idle-limit = 2 minutes").withManualTime();

    private static final int MAX = 2;
    private static final Duration LOOK = Duration.ofSeconds(10);
    private static final Address HOP = Address.of("hop");

    private final Scene scene;
    private final ManualTime time;

    ChannelBoundsTest(ActorTestKit testKit, ManualTime time) {
        this.time = time;
        scene = Scene.create(testKit);
        scene.hops("hop");
        scene.node().allow(scene.echoer("echoer")).from(listen());
    }

    @AfterEach
    void end() {
        scene.close();
    }

    private SecureChannelListener listen() {
        return SecureChannelListener.create(
                scene.node(),
                Scene.LISTENER,
                scene.bob().identity(),
                scene.alice().listenerOptions().withMaxChannelsPerPeer(MAX));
    }

    /** Makes so many looks due; one that is not over before the next is due counts once. */
    private void pass(int looks) {
        for (int i = 0; i < looks; i++) {
            time.timePasses(LOOK);
        }
    }

    private List<SecureChannel> accepted() {
        return scene.channels().stream()
                .filter(channel -> channel.role() == Role.RESPONDER)
                .toList();
    }

    /** Closes an initiating end over a route that has broken, so that the other end is not told. */
    private void vanish(SecureChannel channel) {
        await(scene.node().stop(HOP));
        await(channel.close());
        scene.hops("hop");
    }

    @Test
    void whoReconnectsAgainAndAgainTakesTheirOwnPlaces() {
        List<SecureChannel> left = new ArrayList<>();
        while (left.size() < 5) {
            SecureChannel channel = scene.open("hop => listener");
            List<SecureChannel> found = new ArrayList<>();
            scene.eventually(() -> {
                found.addAll(scene.otherEnds(channel));
                assertThat(found.size() == 1 || !channel.isOpen()).isTrue();
            });
            if (found.isEmpty()) {
                pass(1); // refused: the oldest one has not been idle for long enough
            } else {
                left.addAll(found);
                vanish(channel);
                pass(3);
            }
            assertThat(accepted()).hasSizeLessThanOrEqualTo(MAX);
        }

        for (SecureChannel early : left.subList(0, left.size() - MAX)) {
            assertThat(await(early.whenClosed())).isEqualTo(CloseReason.GAVE_WAY);
        }
        assertThat(accepted()).containsExactlyInAnyOrderElementsOf(left.subList(left.size() - MAX, left.size()));
    }

    @Test
    void oneTooManyIsRefusedAndToldSo() {
        for (int i = 0; i < MAX; i++) {
            scene.otherEnd(scene.open("hop => listener"));
        }
        List<SecureChannel> inUse = accepted();
        Footprint before = scene.footprint();

        LoggingTestKit.debug("as RESPONDER not made: OPEN: TOO_MANY_CHANNELS").expect(scene.system(), () -> {
            SecureChannel refused = scene.open("hop => listener"); // its side of the handshake is over before
            assertThat(await(refused.whenClosed())).isEqualTo(CloseReason.CLOSED_BY_PEER);
            return refused;
        });

        scene.eventuallyDropped(ChannelDropReason.TOO_MANY_CHANNELS, 1);
        scene.eventually(before);
        assertThat(accepted()).isEqualTo(inUse);
    }

    @Test
    void placeOfAClosedChannelIsFree() {
        for (int i = 0; i < 3 * MAX; i++) {
            SecureChannel channel = scene.open("hop => listener");
            SecureChannel back = scene.otherEnd(channel);
            await(channel.close());
            await(back.whenClosed());
        }

        assertThat(scene.node().dropped(ChannelDropReason.TOO_MANY_CHANNELS)).isZero();
    }

    @Test
    void channelThatIsNotUsedIsClosedAndThePeerIsTold() {
        SecureChannel channel = scene.open("hop => listener");
        SecureChannel back = scene.otherEnd(channel);
        pass(4);
        assertThat(scene.ask(channel, "echoer", "still here")).isEqualTo("still here");

        pass(10);
        assertThat(channel.isOpen()).as("used 100 seconds ago").isTrue();
        assertThat(back.isOpen()).as("used 100 seconds ago").isTrue();

        scene.eventually(() -> {
            pass(1);
            assertThat(scene.channels()).isEmpty();
        });
        assertThat(List.of(await(channel.whenClosed()), await(back.whenClosed())))
                .contains(CloseReason.IDLE)
                .allMatch(reason -> reason == CloseReason.IDLE || reason == CloseReason.CLOSED_BY_PEER);
    }
}
