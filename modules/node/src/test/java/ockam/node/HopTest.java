// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import java.util.ArrayList;
import java.util.List;
import ockam.wire.Address;
import ockam.wire.Any;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class HopTest {
    @RegisterExtension
    static final NodeKit KIT = new NodeKit();

    /** One delivery, as in the tables of routing, section 1.8. */
    private record Step(String at, Route onward, Route back) {
        static Step of(Routed<?> message) {
            return new Step(message.address().value().utf8String(), message.onwardRoute(), message.returnRoute());
        }

        static Step of(String at, String onward, String back) {
            return new Step(at, Route.parse(onward), Route.parse(back));
        }
    }

    private final Node node = KIT.node();
    private final TestProbe<Step> steps = KIT.probe();

    /** A hop that shows what it receives. */
    private <T> Behavior<Routed<T>> shown(Behavior<Routed<T>> worker) {
        return Behaviors.monitor(
                Routed.type(),
                KIT.testKit().spawn(Behaviors.<Routed<T>>receiveMessage(message -> {
                    steps.getRef().tell(Step.of(message));
                    return Behaviors.same();
                })),
                worker);
    }

    private List<Step> seen(int count) {
        List<Step> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(steps.receiveMessage());
        }
        return all;
    }

    @Test
    void tracesTheWayBackAsInTheWorkedExample() {
        for (String name : List.of("h1", "h2", "h3")) {
            node.start(Address.of(name), shown(Hop.create()));
        }
        node.start(Address.of("echoer"), Codec.string(), shown(NodeKit.echo()));
        Mailbox app = node.mailbox("app");

        app.send(Route.parse("h1 => h2 => h3 => echoer"), Codec.string(), "Hello Ockam!");
        Routed<String> answer = await(app.receive(Codec.string()));

        assertThat(seen(7))
                .containsExactlyInAnyOrder( // each from a different actor, so in any order
                        Step.of("h1", "h1 => h2 => h3 => echoer", "app"),
                        Step.of("h2", "h2 => h3 => echoer", "h1 => app"),
                        Step.of("h3", "h3 => echoer", "h2 => h1 => app"),
                        Step.of("echoer", "echoer", "h3 => h2 => h1 => app"),
                        Step.of("h3", "h3 => h2 => h1 => app", "echoer"),
                        Step.of("h2", "h2 => h1 => app", "h3 => echoer"),
                        Step.of("h1", "h1 => app", "h2 => h3 => echoer"));
        assertThat(Step.of(answer)).isEqualTo(Step.of("app", "app", "h1 => h2 => h3 => echoer"));
        assertThat(answer.body()).isEqualTo("Hello Ockam!");
        assertThat(answer.source()).isEqualTo(Address.of("h1"));
    }

    @Test
    void givesReturnRouteThatCanBeUsedAtOnce() {
        node.start(Address.of("h1"), Hop.create());
        node.start(Address.of("echoer"), Codec.string(), NodeKit.echo());
        Mailbox app = node.mailbox("app");
        app.send(Route.parse("h1 => echoer"), Codec.string(), "one");

        Routed<String> first = await(app.receive(Codec.string()));
        app.send(first.returnRoute(), Codec.string(), "two");

        assertThat(await(app.receive(Codec.string())).body()).isEqualTo("two");
    }

    @Test
    void mayBePassedSeveralTimes() {
        node.start(Address.of("h1"), shown(Hop.create()));
        node.start(Address.of("echoer"), Codec.string(), NodeKit.echo());

        Routed<String> answer =
                await(node.ask(Route.parse("h1 => h1 => h1 => echoer"), Codec.string(), "round and round"));

        assertThat(answer.returnRoute()).isEqualTo(Route.parse("h1 => h1 => h1 => echoer"));
        seen(6);
    }

    @Test
    void replacesRelayOnTheWayThereAndIsInvisibleOnTheWayBack() {
        node.start(Address.of("h1"), shown(Hop.create()));
        node.start(Address.of("relay"), shown(Relay.create(node, Route.parse("h1 => inside"))));
        node.start(Address.of("inside"), Codec.string(), shown(NodeKit.echo()));
        Mailbox app = node.mailbox("app");

        app.send(Route.parse("relay"), Codec.string(), "hello");
        Routed<String> answer = await(app.receive(Codec.string()));

        assertThat(seen(4))
                .containsExactlyInAnyOrder(
                        Step.of("relay", "relay", "app"),
                        Step.of("h1", "h1 => inside", "app"),
                        Step.of("inside", "inside", "h1 => app"),
                        Step.of("h1", "h1 => app", "inside"));
        assertThat(answer.returnRoute()).isEqualTo(Route.parse("h1 => inside"));
    }

    @Test
    void relayKeepsTheRestOfTheRoute() {
        node.start(Address.of("relay"), Relay.create(node, Route.of("h1")));
        node.start(Address.of("h1"), shown(Hop.create()));
        node.start(Address.of("echoer"), Codec.string(), NodeKit.echo());

        Routed<String> answer = await(node.ask(Route.parse("relay => echoer"), Codec.string(), "hello"));

        assertThat(answer.returnRoute()).isEqualTo(Route.parse("h1 => echoer"));
        assertThat(seen(1).get(0).onward()).isEqualTo(Route.parse("h1 => echoer"));
    }

    @Test
    void passesThePayloadOnUntouched() {
        TestProbe<Routed<Any>> probe = KIT.probe();
        node.start(Address.of("h1"), Hop.create());
        node.start(Address.of("relay"), Relay.create(node, Route.of("end")));
        node.attach(Address.of("end"), Codec.any(), probe.getRef());
        akka.util.ByteString payload = akka.util.ByteString.fromInts(0xff, 0x00, 0x80, 0x01);
        node.mailbox("app").send(Route.parse("h1 => relay"), Codec.bytes(), payload);

        assertThat(probe.receiveMessage().message().payload()).isSameAs(payload);
    }
}
