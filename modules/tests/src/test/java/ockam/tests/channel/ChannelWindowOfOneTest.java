// SPDX-License-Identifier: Apache-2.0

package ockam.tests.channel;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorSystem;
import akka.stream.Materializer;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.testkit.ActorTestKitExtension;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The smallest window, through channels and through a channel in a channel, in both directions over the same hops. */
class ChannelWindowOfOneTest {
    private static final int QUESTIONS = 10_000;

    @RegisterExtension
    static final ActorTestKitExtension AKKA = ActorTestKitExtension.create("ockam.stream.window = 1");

    @Test
    void doesNotDeadlockWhenManyAskEachOtherOverTheSameHops(ActorTestKit testKit, ActorSystem<?> system) {
        try (Scene scene = Scene.create(testKit)) {
            Materializer materializer = Materializer.createMaterializer(system);
            scene.hops("h1", "h2", "h3");
            SecureChannelListener listener = scene.listen();
            scene.node().allow(scene.echoer("echo")).from(listener);
            scene.node().allow(listener).from(listener);
            SecureChannel outer = scene.open("h1 => h2 => h3 => listener");
            SecureChannel back = scene.open("h3 => h2 => h1 => listener");
            SecureChannel inner = await(SecureChannel.create(
                    scene.node(),
                    outer.route("listener"),
                    scene.alice().identity(),
                    scene.bob().channelOptions()));
            List<CompletionStage<Integer>> answers = new ArrayList<>();
            for (SecureChannel channel : List.of(outer, inner, back, outer, inner, back)) {
                answers.add(Source.from(IntStream.range(0, QUESTIONS).boxed().toList())
                        .map(Object::toString)
                        .via(channel.flow(Route.of("echo"), Codec.string(), Codec.string()))
                        .take(QUESTIONS)
                        .runWith(
                                Sink.fold(0, (n, answer) -> answer.body().equals(Integer.toString(n)) ? n + 1 : -1),
                                materializer));
            }
            answers.forEach(answer -> assertThat(answer.toCompletableFuture()
                            .orTimeout(2, TimeUnit.MINUTES)
                            .join())
                    .isEqualTo(QUESTIONS));
        }
    }
}
