// SPDX-License-Identifier: Apache-2.0

package ockam.tests.channel;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.lists;
import static org.quicktheories.generators.SourceDSL.strings;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.node.Hop;
import ockam.node.Routed;
import ockam.testkit.ActorTestKitExtension;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.quicktheories.core.Gen;

/** Routes of any hops lead there and back, before a channel and after it (routing, section 1.8). */
@ExtendWith(ActorTestKitExtension.class)
class ChannelRouteProperties {
    private static final int MAX_HOPS = 8;
    private static final int EXAMPLES = 60;

    private final Scene scene;

    ChannelRouteProperties(ActorTestKit testKit) {
        scene = Scene.create(testKit);
    }

    @AfterEach
    void end() {
        scene.close();
    }

    /** Generates names of any printable text. A repeated name is one hop, which is passed twice. */
    private static Gen<List<String>> names() {
        return lists().of(strings().betweenCodePoints(0x20, 0x2FFF).ofLengthBetween(1, 12))
                .ofSizeBetween(0, MAX_HOPS);
    }

    @Test
    void replyArrivesAndBothRoutesAreAsSpecified() {
        SecureChannelListener listener = scene.listen();
        TestProbe<Routed<String>> worker = scene.attached("worker", Codec.string());
        scene.node().allow(Address.of("worker")).from(listener);

        qt().withExamples(EXAMPLES).forAll(names(), names()).checkAssert((outer, inner) -> {
            List<Address> before = hops("outer ", outer);
            List<Address> behind = hops("inner ", inner);
            SecureChannel channel = await(SecureChannel.create(
                    scene.node(),
                    Route.of(before).append(Scene.LISTENER),
                    scene.alice().identity(),
                    scene.bob().channelOptions()));
            SecureChannel back = scene.otherEnd(channel);
            scene.node().allow(scene.app()).from(channel);
            behind.forEach(hop -> scene.node().allow(hop).from(back));
            Route route = channel.route(Route.of(behind).append(Address.of("worker")));

            scene.send(route, "question");
            Routed<String> question = worker.receiveMessage();
            question.reply("answer");
            Routed<String> answer = await(scene.app().receive(Codec.string()));

            List<Address> backwards = new ArrayList<>(behind);
            Collections.reverse(backwards);
            assertThat(question.returnRoute())
                    .isEqualTo(Route.of(backwards)
                            .append(back.address())
                            .append(scene.app().address()));
            assertThat(answer.body()).isEqualTo("answer");
            assertThat(answer.returnRoute()).isEqualTo(route);
            await(channel.close());
            await(back.whenClosed());
            Stream.concat(before.stream(), behind.stream())
                    .distinct()
                    .forEach(hop -> await(scene.node().stop(hop)));
        });
    }

    /** Starts the hops, each under its name with a prefix that makes it unique. */
    private List<Address> hops(String prefix, List<String> names) {
        List<Address> route =
                names.stream().map(name -> Address.of(prefix + name)).toList();
        route.stream().distinct().forEach(hop -> scene.node().start(hop, Hop.create()));
        return route;
    }
}
