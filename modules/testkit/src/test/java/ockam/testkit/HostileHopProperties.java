// SPDX-License-Identifier: Apache-2.0

package ockam.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;
import static org.quicktheories.generators.SourceDSL.longs;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.util.ByteString;
import java.util.List;
import ockam.node.Hop;
import ockam.node.Mailbox;
import ockam.node.Node;
import ockam.node.Ockam;
import ockam.node.Routed;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.quicktheories.core.Gen;

@ExtendWith(ActorTestKitExtension.class)
class HostileHopProperties {
    private static final Address HOP = Address.of("hop");

    /** One sender, one receiver, and between them a hop at one address of a separate node. */
    private record Line(Mailbox app, TestProbe<Routed<ByteString>> end) {
        static Line create(ActorTestKit testKit, Node node) {
            TestProbe<Routed<ByteString>> end = testKit.createTestProbe();
            node.attach(Address.of("end"), Codec.bytes(), end.ref());
            return new Line(node.mailbox("app"), end);
        }

        List<LocalMessage> carry(List<ByteString> payloads) {
            payloads.forEach(payload -> app.send(Route.of("hop", "end"), Codec.bytes(), payload));
            return end.receiveSeveralMessages(payloads.size()).stream()
                    .map(Routed::message)
                    .toList();
        }
    }

    @Test
    void hopWithoutFaultsDoesExactlyWhatAHopDoes(ActorTestKit testKit) {
        Ockam ockam = Ockam.get(testKit.system());
        Node ordinary = ockam.createNode("ordinary");
        ordinary.start(HOP, Hop.create());
        Line expected = Line.create(testKit, ordinary);
        Node hostile = ockam.createNode("hostile");
        Line line = Line.create(testKit, hostile);

        qt().withExamples(200)
                .forAll(longs().all(), lists().of(payloads()).ofSizeBetween(1, 20))
                .checkAssert((seed, payloads) -> {
                    HostileHop hop = HostileHop.create(hostile, HOP, Faults.seeded(seed));
                    hop.start();

                    List<LocalMessage> arrived = line.carry(payloads);

                    assertThat(arrived).isEqualTo(expected.carry(payloads));
                    assertThat(hop.sent()).isEqualTo(arrived);
                    hop.calm();
                    assertThat(hop.sent()).hasSize(payloads.size());
                    hostile.stop(HOP);
                });
    }

    private static Gen<ByteString> payloads() {
        return lists().of(integers().between(0, 255))
                .ofSizeBetween(0, 30)
                .map(bytes ->
                        ByteString.fromInts(bytes.stream().mapToInt(i -> i).toArray()));
    }
}
