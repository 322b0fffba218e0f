// SPDX-License-Identifier: Apache-2.0

package ockam.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.testkit.typed.javadsl.BehaviorTestKit;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import java.util.ArrayList;
import java.util.List;
import ockam.node.Hop;
import ockam.node.Routed;
import ockam.routing.RoutingException;
import ockam.wire.Address;
import ockam.wire.Any;
import ockam.wire.Codec;
import ockam.wire.Identifier;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;

/** Workers under Akka's own testkit for behaviors, without a node or an actor system. */
class TestRoutedTest {
    private static final Identifier ALICE = Identifier.parse("I" + "0a".repeat(32));

    private static Behavior<Routed<String>> echoer() {
        return Behaviors.receiveMessage(message -> {
            message.reply(message.body());
            return Behaviors.same();
        });
    }

    @Test
    void recordsReplies() {
        TestRouted<String> question = TestRouted.create(Codec.string(), "Hello");
        BehaviorTestKit<Routed<String>> kit = BehaviorTestKit.create(echoer());
        kit.run(question.message());
        kit.run(question.message());

        assertThat(question.replies(Codec.string())).containsExactly("Hello", "Hello");
        assertThat(question.sent()).hasSize(2).allSatisfy(reply -> {
            assertThat(reply.onwardRoute()).isEqualTo(Route.of("sender"));
            assertThat(reply.returnRoute()).isEqualTo(Route.of("worker"));
        });
    }

    @Test
    void hasThePlacesAndThePeerThatItIsGiven() {
        Routed<String> message = TestRouted.create(Codec.string(), "Hello")
                .withOnwardRoute(Route.of("h1", "api"))
                .withReturnRoute(Route.of("h0", "app"))
                .withSource(Address.of("h0"))
                .withPeer(ALICE)
                .message();

        assertThat(message.address()).isEqualTo(Address.of("h1"));
        assertThat(message.onwardRoute()).isEqualTo(Route.of("h1", "api"));
        assertThat(message.returnRoute()).isEqualTo(Route.of("h0", "app"));
        assertThat(message.source()).isEqualTo(Address.of("h0"));
        assertThat(message.peer().orElseThrow().identifier()).isEqualTo(ALICE);
        assertThat(message.body()).isEqualTo("Hello");
        assertThat(TestRouted.create(Codec.string(), "Hello").message().peer()).isEmpty();
    }

    @Test
    void recordsWhatAHopForwards() {
        TestRouted<Any> passing = TestRouted.ofPayload(
                        Codec.any(), Codec.string().encode("Hello"))
                .withOnwardRoute(Route.of("h1", "api"));
        BehaviorTestKit.create(Hop.create()).run(passing.message());

        assertThat(passing.sent())
                .containsExactly(LocalMessage.of(
                        Route.of("api"),
                        Route.of("h1", "sender"),
                        Codec.string().encode("Hello")));
        assertThat(passing.replies(Codec.string())).isEmpty();
    }

    @Test
    void knowsWhetherTheWorkerStillOwesAnAnswer() {
        List<Routed<String>> later = new ArrayList<>();
        TestRouted<String> answered = TestRouted.create(Codec.string(), "Hello");
        TestRouted<String> discarded = TestRouted.create(Codec.string(), "Hello");
        BehaviorTestKit<Routed<String>> kit = BehaviorTestKit.create(Behaviors.receiveMessage(message -> {
            later.add(message.defer());
            return Behaviors.same();
        }));
        assertThat(answered.isDeferred()).isFalse();
        kit.run(answered.message());
        kit.run(discarded.message());
        assertThat(answered.isDeferred()).isTrue();
        assertThat(discarded.isDeferred()).isTrue();

        later.get(0).reply("late");
        later.get(1).discard();

        assertThat(answered.isDeferred()).isFalse();
        assertThat(answered.replies(Codec.string())).containsExactly("late");
        assertThat(discarded.isDeferred()).isFalse();
        assertThat(discarded.sent()).isEmpty();
    }

    @Test
    void refusesABodyThatItsOwnCodecRefuses() {
        Codec<String> oneWay = Codec.string()
                .map(
                        "one way",
                        text -> {
                            throw new IllegalArgumentException("no way back");
                        },
                        text -> text);

        assertThatThrownBy(() -> TestRouted.create(oneWay, "Hello"))
                .isInstanceOf(RoutingException.class)
                .hasMessageStartingWith("UNDECODABLE: at 0#worker, codec ");
    }
}
