// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import ockam.fixtures.LogLines;
import ockam.routing.AccessControl;
import ockam.routing.FlowControlId;
import ockam.wire.Address;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;

/** Routing, sections 6.3 and 6.5, without a node. */
class FlowControlsTest {
    private static final int LOGGED = 3;
    private static final Address RECEIVER = Address.of("receiver");
    private static final Address SENDER = Address.of("sender");
    private static final Address LISTENER = Address.of("listener");
    private static final Address WORKER = Address.of("worker");
    private static final Address OTHER = Address.of("other");

    private static final Address ASKER = Address.of("asker");

    private final Set<Address> askers = new HashSet<>();
    private Runnable whenLookedFor = () -> {};
    private final FlowControls flowControls = new FlowControls("node", LOGGED, this::awaitsAnswers);
    private final FlowControlId id = FlowControlId.random();
    private final FlowControlId otherId = FlowControlId.random();
    private final FlowControlId listenerId = FlowControlId.random();

    private boolean awaitsAnswers(Address address) {
        boolean found = askers.contains(address);
        whenLookedFor.run();
        return found;
    }

    private static boolean allows(AccessControl control, Address source, Address... onward) {
        LocalMessage message = LocalMessage.of(Route.of(onward), Route.empty(), ByteString.emptyByteString());
        return control.allows(source, onward.length == 0 ? WORKER : onward[0], message);
    }

    private boolean reaches(Address... onward) {
        return allows(flowControls.outgoing(id, null), RECEIVER, onward);
    }

    private boolean reachesWithSpawner(Address... onward) {
        return allows(flowControls.outgoing(id, listenerId), RECEIVER, onward);
    }

    @Test
    void letsNothingInByDefault() {
        flowControls.addProducer(RECEIVER, id, null, List.of(SENDER));

        assertThat(reaches(WORKER)).isFalse();
        assertThat(reaches(RECEIVER)).isFalse();
        assertThat(reaches(SENDER)).isFalse(); // not even back out
        assertThat(reachesWithSpawner(WORKER)).isFalse();
    }

    @Test
    void letsProducerReachTheConsumersOfItsId() {
        flowControls.addConsumer(WORKER, id);

        assertThat(reaches(WORKER)).isTrue();
        assertThat(reaches(OTHER)).isFalse();
        assertThat(allows(flowControls.outgoing(otherId, null), RECEIVER, WORKER))
                .isFalse();
    }

    @Test
    void letsProducerReachTheConsumersOfItsSpawner() {
        flowControls.addSpawner(LISTENER, listenerId);
        flowControls.addConsumer(WORKER, listenerId);

        assertThat(reachesWithSpawner(WORKER)).isTrue();
        assertThat(reaches(WORKER)).isFalse(); // one that the listener did not make
    }

    @Test
    void looksOnlyAtTheFirstHopAndAtTheRouteNotTheDestination() {
        flowControls.addConsumer(WORKER, id);
        LocalMessage toWorker = LocalMessage.of(Route.of(WORKER, OTHER), Route.empty(), ByteString.emptyByteString());

        assertThat(reaches(WORKER, OTHER)).isTrue();
        assertThat(reaches(OTHER, WORKER)).isFalse();
        assertThat(flowControls.outgoing(id, null).allows(RECEIVER, OTHER, toWorker))
                .isTrue();
        assertThat(reaches()).isFalse();
    }

    @Test
    void opensAndClosesProducersThatExistAlready() {
        AccessControl control = flowControls.outgoing(id, null);
        flowControls.addProducer(RECEIVER, id, null, List.of());
        assertThat(allows(control, RECEIVER, WORKER)).isFalse();

        flowControls.addConsumer(WORKER, id);
        assertThat(allows(control, RECEIVER, WORKER)).isTrue();

        flowControls.remove(WORKER);
        assertThat(allows(control, RECEIVER, WORKER)).isFalse();
    }

    @Test
    void addsConsumerAgainWithoutEffect() {
        flowControls.addConsumer(WORKER, id);
        flowControls.addConsumer(WORKER, id);
        flowControls.addConsumer(WORKER, otherId);
        assertThat(flowControls.consumedBy(WORKER)).containsExactlyInAnyOrder(id, otherId);

        flowControls.remove(WORKER);
        assertThat(flowControls.consumedBy(WORKER)).isEmpty();
        assertThat(flowControls.isEmpty()).isTrue();
    }

    @Test
    void findsTheProducerBehindItsAliases() {
        flowControls.addProducer(RECEIVER, id, null, List.of(SENDER));

        assertThat(flowControls.producerBehind(SENDER)).contains(id);
        assertThat(flowControls.producerBehind(RECEIVER)).contains(id);
        assertThat(flowControls.producerBehind(WORKER)).isEmpty();
    }

    // ---- what a relay sends on ----

    @Test
    void relayOpensTwoWaysToEachOther() {
        flowControls.addProducer(RECEIVER, id, null, List.of(SENDER));
        flowControls.addProducer(OTHER, otherId, null, List.of(LISTENER));

        flowControls.join(SENDER, LISTENER);

        assertThat(flowControls.consumedBy(SENDER)).containsExactly(otherId);
        assertThat(flowControls.consumedBy(LISTENER)).containsExactly(id);
    }

    @Test
    void relayOpensNoAddressOfTheNodeButThoseThatWaitForAnswers() {
        flowControls.addProducer(RECEIVER, id, null, List.of(SENDER));
        askers.add(ASKER);

        flowControls.join(SENDER, WORKER); // it may be a hop
        flowControls.join(SENDER, ASKER);
        flowControls.join(WORKER, ASKER); // does not leave the node

        assertThat(flowControls.consumedBy(WORKER)).isEmpty();
        assertThat(flowControls.consumedBy(SENDER)).isEmpty();
        assertThat(flowControls.consumedBy(ASKER)).containsExactly(id);
    }

    @Test
    void relayOpensNothingToWhoHasJustStoppedWaiting() {
        flowControls.addProducer(RECEIVER, id, null, List.of(SENDER));
        askers.add(ASKER);
        whenLookedFor = () -> {
            askers.remove(ASKER);
            flowControls.remove(ASKER);
        };

        flowControls.join(SENDER, ASKER);

        assertThat(flowControls.consumedBy(ASKER)).isEmpty();
    }

    @Test
    void relayOpensNothingToAProducerThatHasJustEnded() {
        flowControls.addProducer(RECEIVER, id, null, List.of(SENDER));
        askers.add(ASKER);
        whenLookedFor = () -> flowControls.remove(RECEIVER);

        flowControls.join(SENDER, ASKER);

        assertThat(flowControls.isEmpty()).isTrue();
    }

    @Test
    void forgetsAliasesWithTheProducer() {
        flowControls.addProducer(RECEIVER, id, null, List.of(SENDER));
        flowControls.remove(RECEIVER);

        assertThat(flowControls.producerBehind(SENDER)).isEmpty();
        assertThat(flowControls.isEmpty()).isTrue();
    }

    @Test
    void forgetsAliasThatStopsAlone() {
        flowControls.addProducer(RECEIVER, id, null, List.of(SENDER));
        flowControls.remove(SENDER);

        assertThat(flowControls.producerBehind(SENDER)).isEmpty();
        assertThat(flowControls.producerBehind(RECEIVER)).contains(id);
    }

    @Test
    void leavesAliasToTheProducerThatTookItOver() {
        flowControls.addProducer(RECEIVER, id, null, List.of(SENDER));
        flowControls.addProducer(OTHER, otherId, null, List.of(SENDER));
        flowControls.remove(RECEIVER);

        assertThat(flowControls.producerBehind(SENDER)).contains(otherId);
    }

    @Test
    void forgetsConsumersWhenTheirIdIsNoLongerUsed() {
        flowControls.addProducer(RECEIVER, id, null, List.of());
        flowControls.addProducer(OTHER, id, null, List.of());
        flowControls.addConsumer(WORKER, id);
        flowControls.addConsumer(WORKER, otherId);

        flowControls.remove(RECEIVER);
        assertThat(flowControls.consumedBy(WORKER)).containsExactlyInAnyOrder(id, otherId);

        flowControls.remove(OTHER);
        assertThat(flowControls.consumedBy(WORKER)).containsExactly(otherId); // never had a producer, so it is kept
        assertThat(reaches(WORKER)).isFalse();
    }

    @Test
    void keepsTheConsumersOfListenerAsLongAsOneOfItsProducersLives() {
        flowControls.addSpawner(LISTENER, listenerId);
        flowControls.addProducer(RECEIVER, id, listenerId, List.of());
        flowControls.addConsumer(WORKER, listenerId);

        flowControls.remove(LISTENER);
        assertThat(reachesWithSpawner(WORKER)).isTrue();

        flowControls.remove(RECEIVER);
        assertThat(reachesWithSpawner(WORKER)).isFalse();
        assertThat(flowControls.isEmpty()).isTrue();
    }

    @Test
    void keepsTheConsumersOfListenerAfterItsProducersEnded() {
        flowControls.addSpawner(LISTENER, listenerId);
        flowControls.addConsumer(WORKER, listenerId);
        for (int i = 0; i < 3; i++) {
            flowControls.addProducer(RECEIVER, FlowControlId.random(), listenerId, List.of(SENDER));
            flowControls.remove(RECEIVER);
        }

        assertThat(reachesWithSpawner(WORKER)).isTrue();
        flowControls.remove(LISTENER);
        assertThat(flowControls.isEmpty()).isTrue();
    }

    @Test
    void takesAnotherProducerAtTheSameAddressInPlaceOfTheFirst() {
        flowControls.addProducer(RECEIVER, id, listenerId, List.of(SENDER));
        flowControls.addConsumer(WORKER, id);
        flowControls.addProducer(RECEIVER, id, null, List.of());
        assertThat(reaches(WORKER)).isTrue();
        assertThat(flowControls.producerBehind(SENDER)).isEmpty();
        flowControls.addProducer(RECEIVER, otherId, null, List.of());
        assertThat(reaches(WORKER)).isFalse();

        flowControls.addSpawner(RECEIVER, listenerId);
        flowControls.addSpawner(RECEIVER, listenerId);
        flowControls.addSpawner(RECEIVER, id);
        flowControls.remove(RECEIVER);
        assertThat(flowControls.isEmpty()).isTrue();
    }

    @Test
    void forgetsAddressInEveryRole() {
        flowControls.addConsumer(WORKER, id);
        flowControls.addConsumer(WORKER, listenerId);
        flowControls.addProducer(WORKER, id, listenerId, List.of(SENDER));
        flowControls.addSpawner(WORKER, otherId);
        flowControls.remove(WORKER);

        assertThat(flowControls.isEmpty()).isTrue();
        flowControls.remove(WORKER); // a second time changes nothing
        assertThat(flowControls.isEmpty()).isTrue();
    }

    @Test
    void logsEachRefusedPairOnceAndNamesTheCallThatWouldOpenIt() {
        flowControls.addProducer(RECEIVER, id, null, List.of());
        try (LogLines log = LogLines.of(FlowControls.class)) {
            reaches(WORKER);
            reaches(WORKER);
            reaches(OTHER, WORKER);
            reaches(WORKER, OTHER);

            assertThat(log.texts()).hasSize(2);
            assertThat(log.texts().get(0))
                    .contains("from 0#receiver to 0#worker;")
                    .contains("node.allow(Address.parse(\"0#worker\")).from(");
            assertThat(log.events().get(0).getMDCPropertyMap()).containsEntry("ockamNode", "node");
        }
    }

    @Test
    void namesTheListenerOrTheChannelToOpenItTo() {
        flowControls.addSpawner(OTHER, otherId);
        flowControls.addSpawner(LISTENER, listenerId);
        try (LogLines log = LogLines.of(FlowControls.class)) {
            flowControls.addProducer(RECEIVER, id, listenerId, List.of(SENDER));
            reachesWithSpawner(WORKER);
            flowControls.addProducer(RECEIVER, id, null, List.of(SENDER));
            reaches(WORKER);
            flowControls.addProducer(RECEIVER, id, null, List.of());
            reaches(WORKER);

            assertThat(log.texts())
                    .extracting(line -> line.substring(line.indexOf(").from(")))
                    .containsExactly(
                            ").from(listener), the one at " + LISTENER,
                            ").from(connectionOrChannel), the one at " + SENDER,
                            ").from(connectionOrChannel)");
        }
    }

    @Test
    void doesNotProposeToOpenTheAddressOfASink() {
        Address sink = Address.random();
        flowControls.addProducer(RECEIVER, id, null, List.of());
        try (LogLines log = LogLines.of(FlowControls.class)) {
            assertThat(reaches(sink)).isFalse();

            assertThat(log.texts())
                    .containsExactly(
                            "Flow control refused a message from 0#receiver to " + sink
                                    + "; if it is a reply to a sink: a sink takes none, but ask and the flow of a channel do; if it is"
                                    + " another connection: it lets nothing out that comes in elsewhere, unless it was opened to it");
        }
    }

    @Test
    void logsBoundedNumberOfPairs() {
        flowControls.addProducer(RECEIVER, id, null, List.of());
        try (LogLines log = LogLines.of(FlowControls.class)) {
            for (int i = 0; i < 1000; i++) {
                assertThat(reaches(Address.of("guess" + i))).isFalse();
            }
            assertThat(log.texts()).hasSize(LOGGED);

            flowControls.remove(RECEIVER); // makes room for others
            flowControls.addProducer(OTHER, id, null, List.of());
            allows(flowControls.outgoing(id, null), OTHER, WORKER);
            assertThat(log.texts()).hasSize(LOGGED + 1);
        }
    }

    @Test
    void remembersNoPairOfProducerThatIsGone() {
        try (LogLines log = LogLines.of(FlowControls.class)) {
            reaches(WORKER);

            assertThat(log.texts()).isEmpty();
            assertThat(flowControls.isEmpty()).isTrue();
        }
    }

    @Test
    void writesStrangersAddressesSafely() {
        flowControls.addProducer(RECEIVER, id, null, List.of());
        try (LogLines log = LogLines.of(FlowControls.class)) {
            reaches(Address.of("a\r\n2026-01-01 ERROR forged\u202e"));

            assertThat(log.texts().get(0))
                    .contains("0#a??2026-01-01 ERROR forged?")
                    .doesNotContain("\n", "\u202e");
        }
    }

    @Test
    void makesIdsOf32HexDigitsThatDiffer() {
        assertThat(id.value()).matches("[0-9a-f]{32}");
        assertThat(id).isNotEqualTo(otherId).hasToString(id.value());
    }
}
