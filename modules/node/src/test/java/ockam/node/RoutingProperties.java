// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.arbitrary;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.javadsl.Behaviors;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import ockam.routing.AccessControl;
import ockam.routing.SendResult;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.quicktheories.core.Gen;

class RoutingProperties {
    @RegisterExtension
    static final NodeKit KIT = new NodeKit();

    private static final int MAX_HOPS = 8;

    /** Any character that can be seen, blanks, and what has a meaning in the text form of routes. */
    private static Gen<String> pieces() {
        Gen<String> special = arbitrary().pick("#", "=>", " => ", "0#", "1#", " ", "\u00a0", "\u3000", "\ud83d\ude00");
        Gen<String> characters = integers().between(0x20, 0x1ffff).map(RoutingProperties::printable);
        return special.mix(characters, 70);
    }

    private static String printable(int codePoint) {
        boolean seen = Character.isDefined(codePoint)
                && !Character.isISOControl(codePoint)
                && Character.getType(codePoint) != Character.SURROGATE;
        return seen ? Character.toString(codePoint) : "x";
    }

    private static Gen<String> names() {
        return lists().of(pieces()).ofSizeBetween(0, 6).map(pieces -> String.join("", pieces));
    }

    private static List<Address> distinct(List<String> names) {
        return names.stream().distinct().map(Address::of).toList();
    }

    private static Route routeOf(List<Address> first, List<Address> second) {
        return Route.of(Stream.concat(first.stream(), second.stream()).toList());
    }

    private static List<Address> reversed(List<Address> addresses) {
        List<Address> reversed = new ArrayList<>(addresses);
        Collections.reverse(reversed);
        return reversed;
    }

    /** As in the worked example, routing, section 1.8, with the last name for the echoer and the one before for the app. */
    @Test
    void answersComeBackAlongAnyRouteOfHops() {
        Node node = KIT.node();
        TestProbe<Route> atEchoer = KIT.probe();
        qt().withExamples(150)
                .forAll(lists().of(names()).ofSizeBetween(2, MAX_HOPS + 2).map(RoutingProperties::distinct))
                .assuming(addresses -> addresses.size() >= 2)
                .checkAssert(addresses -> {
                    List<Address> hops = addresses.subList(2, addresses.size());
                    Address echoer = addresses.get(0);
                    Mailbox app = node.mailbox(addresses.get(1), AccessControl.allowAll(), AccessControl.allowAll());
                    hops.forEach(hop -> node.start(hop, Hop.create()));
                    node.start(echoer, Codec.string(), Behaviors.receiveMessage(message -> {
                        atEchoer.getRef().tell(message.returnRoute());
                        message.reply(message.body());
                        return Behaviors.same();
                    }));

                    Route there = routeOf(hops, List.of(echoer));
                    assertThat(app.send(there, Codec.string(), "hello")).isEqualTo(SendResult.accepted());
                    Routed<String> answer = await(app.receive(Codec.string()));

                    assertThat(answer.body()).isEqualTo("hello");
                    assertThat(answer.returnRoute()).isEqualTo(there);
                    assertThat(answer.onwardRoute()).isEqualTo(Route.of(app.address()));
                    atEchoer.expectMessage(routeOf(reversed(hops), List.of(app.address())));
                    addresses.forEach(address -> await(node.stop(address)));
                    assertThat(node.addressCount()).isZero();
                });
    }

    /** Relays are only on the way there. */
    @Test
    void relaysAreNeverOnTheWayBack() {
        Node node = KIT.node();
        qt().withExamples(50)
                .forAll(lists().of(names()).ofSizeBetween(1, MAX_HOPS).map(RoutingProperties::distinct))
                .checkAssert(addresses -> {
                    Address echoer = addresses.get(0);
                    node.start(echoer, Codec.string(), NodeKit.echo());
                    Address next = echoer;
                    for (Address relay : addresses.subList(1, addresses.size())) {
                        node.start(relay, Relay.create(node, Route.of(next)));
                        next = relay;
                    }

                    Routed<String> answer = await(node.ask(Route.of(next), Codec.string(), "hello"));

                    assertThat(answer.returnRoute()).isEqualTo(Route.of(echoer));
                    addresses.forEach(address -> await(node.stop(address)));
                });
    }
}
