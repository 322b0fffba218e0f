// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import static org.assertj.core.api.Assertions.assertThat;

import akka.stream.Materializer;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import ockam.routing.spi.EndpointSpec;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The smallest window: a question and its reply share one place, so opposite flows over the same hops cannot lock each other. */
final class WindowOfOneTest {
    private static final int QUESTIONS = 50_000;

    @RegisterExtension
    static final NodeKit KIT = new NodeKit(ConfigFactory.parseString("ockam.stream.window = 1"));

    private final Node node = KIT.node();
    private final Materializer materializer = Materializer.createMaterializer(KIT.system());

    @Test
    void doesNotLockWhenTwoFlowsAskEachOtherOverTheSameHops() {
        for (String hop : List.of("h1", "h2", "h3")) {
            node.start(Address.of(hop), Hop.create());
        }
        node.start(Address.of("echo1"), Codec.string(), NodeKit.echo());
        node.start(Address.of("echo2"), Codec.string(), NodeKit.echo());

        CompletionStage<Integer> one = answersInOrder("h1 => h2 => h3 => echo1");
        CompletionStage<Integer> two = answersInOrder("h3 => h2 => h1 => echo2");

        assertThat(patiently(one)).isEqualTo(QUESTIONS);
        assertThat(patiently(two)).isEqualTo(QUESTIONS);
    }

    private static int patiently(CompletionStage<Integer> stage) {
        return stage.toCompletableFuture().orTimeout(2, TimeUnit.MINUTES).join();
    }

    /** How many replies arrived, each in its turn. */
    private CompletionStage<Integer> answersInOrder(String route) {
        return Source.from(IntStream.range(0, QUESTIONS).boxed().toList())
                .map(Object::toString)
                .via(NodeAccess.stream(
                        node,
                        () -> StreamPort.at(
                                EndpointSpec.open(Address.random()),
                                Route.parse(route),
                                Codec.string(),
                                Codec.string())))
                .take(QUESTIONS)
                .runWith(
                        Sink.fold(0, (n, answer) -> answer.body().equals(Integer.toString(n)) ? n + 1 : -1),
                        materializer);
    }
}
