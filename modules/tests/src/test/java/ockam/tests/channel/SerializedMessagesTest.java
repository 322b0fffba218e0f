// SPDX-License-Identifier: Apache-2.0

package ockam.tests.channel;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import ockam.channel.CloseReason;
import ockam.channel.SecureChannel;
import ockam.testkit.ActorTestKitExtension;
import ockam.wire.Codec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Users check in their tests that their own messages can be serialized; those of the library never leave the actor system. */
class SerializedMessagesTest {
    @RegisterExtension
    static final ActorTestKitExtension KIT = ActorTestKitExtension.create("akka.actor.serialize-messages = on");

    private final Scene scene;

    SerializedMessagesTest(ActorTestKit testKit) {
        scene = Scene.create(testKit);
    }

    @AfterEach
    void end() {
        scene.close();
    }

    @Test
    void channelsWorkWhereAkkaSerializesAllMessages() {
        scene.hops("h1", "h2");
        scene.node().allow(scene.echoer("echoer")).from(scene.listen());
        SecureChannel channel = scene.open("h1 => h2 => listener");

        assertThat(scene.ask(channel, "echoer", "hello")).isEqualTo("hello");

        SecureChannel back = scene.otherEnd(channel);
        await(channel.close());
        assertThat(await(back.whenClosed())).isEqualTo(CloseReason.CLOSED_BY_PEER);
        scene.attached("probe", Codec.string());
    }
}
