// SPDX-License-Identifier: Apache-2.0

package ockam.tests.channel;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.Behaviors;
import ockam.channel.ChannelKeeper;
import ockam.channel.ChannelKeeper.Close;
import ockam.channel.ChannelKeeper.Closed;
import ockam.channel.ChannelKeeper.NotOpened;
import ockam.channel.ChannelKeeper.Opened;
import ockam.channel.ChannelKeeper.UpdateRoute;
import ockam.channel.CloseReason;
import ockam.channel.SecureChannel;
import ockam.node.Routed;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.Footprint;
import ockam.testkit.Tap;
import ockam.wire.Any;
import ockam.wire.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Channels by messages: the actor that creates one, owns it, and says what becomes of it. */
@ExtendWith(ActorTestKitExtension.class)
class ChannelKeeperTest {
    private final Scene scene;
    private final TestProbe<ChannelKeeper.Event> parent;

    ChannelKeeperTest(ActorTestKit testKit) {
        scene = Scene.create(testKit);
        parent = testKit.createTestProbe();
        scene.prepareKeys();
    }

    @AfterEach
    void end() {
        scene.close();
    }

    private Behavior<ChannelKeeper.Command> keeper(String route) {
        return ChannelKeeper.create(
                scene.node(),
                Route.parse(route),
                scene.alice().identity(),
                scene.bob().channelOptions(),
                parent.ref());
    }

    private ActorRef<ChannelKeeper.Command> spawn(String route) {
        return scene.testKit().spawn(keeper(route));
    }

    private SecureChannel opened() {
        return parent.expectMessageClass(Opened.class).channel();
    }

    private String notOpened() {
        NotOpened told = parent.expectMessageClass(NotOpened.class);
        return told.failure().step() + ": " + told.failure().reason();
    }

    @Test
    void saysThatTheChannelIsOpenAndThatItIsClosed() {
        scene.node().allow(scene.echoer("echoer")).from(scene.listen());
        Footprint before = scene.footprint();
        ActorRef<ChannelKeeper.Command> keeper = spawn("listener");
        SecureChannel channel = opened();
        assertThat(scene.ask(channel, "echoer", "hello")).isEqualTo("hello");

        keeper.tell(Close.INSTANCE);
        keeper.tell(Close.INSTANCE);
        keeper.tell(new UpdateRoute(Route.of("nowhere")));

        parent.expectMessage(new Closed(CloseReason.CLOSED));
        parent.expectTerminated(keeper);
        scene.eventually(before);
    }

    @Test
    void saysThatThePeerHasClosedTheChannel() {
        scene.listen();
        ActorRef<ChannelKeeper.Command> keeper = spawn("listener");

        await(scene.otherEnd(opened()).close());

        parent.expectMessage(new Closed(CloseReason.CLOSED_BY_PEER));
        parent.expectTerminated(keeper);
    }

    @Test
    void saysWhyThereIsNoChannel() {
        ActorRef<ChannelKeeper.Command> keeper = spawn("nowhere => listener");

        assertThat(notOpened()).isEqualTo("MESSAGE_1: NO_SUCH_ADDRESS");
        parent.expectTerminated(keeper);
    }

    @Test
    void givesTheHandshakeUp() {
        TestProbe<Routed<Any>> hop = scene.hand("hop");
        Footprint before = scene.footprint();
        ActorRef<ChannelKeeper.Command> keeper = spawn("hop => listener");
        hop.receiveMessage();

        keeper.tell(Close.INSTANCE);

        assertThat(notOpened()).isEqualTo("OPEN: STOPPED");
        parent.expectTerminated(keeper);
        scene.eventually(before);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void channelClosesWithTheParent(boolean restarted) {
        scene.listen();
        Footprint before = scene.footprint();
        ActorRef<Boolean> spawner = scene.testKit().spawn(spawner("listener"));
        SecureChannel channel = opened();
        SecureChannel back = scene.otherEnd(channel);

        spawner.tell(restarted);

        assertThat(await(channel.whenClosed())).isEqualTo(CloseReason.OWNER_STOPPED);
        assertThat(await(back.whenClosed())).isEqualTo(CloseReason.CLOSED_BY_PEER);
        if (restarted) {
            assertThat(opened()).isNotEqualTo(channel);
            spawner.tell(false);
        }
        scene.eventually(before);
        parent.expectNoMessage();
    }

    @Test
    void handshakeEndsWithTheParent() {
        TestProbe<Routed<Any>> hop = scene.hand("hop");
        Footprint before = scene.footprint();
        ActorRef<Boolean> spawner = scene.testKit().spawn(spawner("hop => listener"));
        hop.receiveMessage();

        spawner.tell(false);

        scene.eventually(before);
        parent.expectNoMessage();
    }

    /** Has a keeper; is restarted when it is told true, and stops when it is told false. */
    private Behavior<Boolean> spawner(String route) {
        return Behaviors.<Boolean>supervise(Behaviors.setup(context -> {
                    context.spawn(keeper(route), "keeper");
                    return Behaviors.receiveMessage(restart -> {
                        if (restart) {
                            throw new IllegalStateException("restart");
                        }
                        return Behaviors.stopped();
                    });
                }))
                .onFailure(SupervisorStrategy.restart());
    }

    @Test
    void movesTheChannelToAnotherRoute() {
        Tap tap = scene.tap("hop");
        scene.node().allow(scene.echoer("echoer")).from(scene.listen());
        ActorRef<ChannelKeeper.Command> keeper = spawn("listener");
        SecureChannel channel = opened();

        keeper.tell(new UpdateRoute(Route.of("hop")));

        scene.eventually(() -> {
            assertThat(scene.ask(channel, "echoer", "hello")).isEqualTo("hello");
            assertThat(tap.messages()).isNotEmpty();
        });
    }

    @Test
    void movesTheChannelWhenItIsOpen() {
        TestProbe<Routed<Any>> hand = scene.hand("hand");
        Tap tap = scene.tap("hop");
        scene.node().allow(scene.echoer("echoer")).from(scene.listen());
        ActorRef<ChannelKeeper.Command> keeper = spawn("hand => listener");
        Routed<Any> message1 = hand.receiveMessage();

        keeper.tell(new UpdateRoute(Route.of("nowhere")));
        keeper.tell(new UpdateRoute(Route.of("hop")));
        message1.forward();
        hand.receiveMessage().forward();
        SecureChannel channel = opened();
        hand.receiveMessage().forward();

        scene.send(channel.route("echoer"), "hello");
        scene.eventually(() -> assertThat(tap.messages()).hasSize(1));
    }
}
