// SPDX-License-Identifier: Apache-2.0

package ockam.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import ockam.node.Connection;
import ockam.node.ConnectionEnd.Reason;
import ockam.node.Mailbox;
import ockam.node.Node;
import ockam.node.Ockam;
import ockam.node.Routed;
import ockam.node.Worker;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class MemoryTransportTest {
    @RegisterExtension
    static final ActorTestKitExtension AKKA =
            ActorTestKitExtension.create("akka.actor.testkit.typed.single-expect-default = 10s");

    private static final int COUNT = 200;

    private final OckamTestKit kit;
    private final Node alice;
    private final Node bob;

    MemoryTransportTest(OckamTestKit kit) {
        this.kit = kit;
        this.alice = kit.node("alice");
        this.bob = kit.node("bob");
    }

    private MemoryTransport.Link echoing(MemoryTransport transport) {
        MemoryTransport.Link link = transport.connect(alice, bob);
        bob.allow(kit.echoer(bob, "echoer")).from(link.second());
        return link;
    }

    /** The numbers that reach bob, in order, when alice sends all of them and disconnects. */
    private List<String> numbersThatArrive(MemoryTransport transport) {
        MemoryTransport.Link link = transport.connect(alice, bob);
        return numbersThatArrive(alice, link.first(), bob, link.second());
    }

    /** The same on a link that was made from bob's side. */
    private List<String> numbersThatArriveBackwards(MemoryTransport transport) {
        MemoryTransport.Link link = transport.connect(bob, alice);
        return numbersThatArrive(alice, link.second(), bob, link.first());
    }

    private List<String> numbersThatArrive(Node sender, Connection near, Node receiver, Connection far) {
        History<String> numbers = kit.history();
        Worker collector = receiver.start(Address.of("collector"), Codec.string(), numbers.worker());
        receiver.allow(collector).from(far);
        Mailbox app = sender.mailbox("app");
        Route route = near.route("collector");
        IntStream.range(0, COUNT).forEach(i -> app.send(route, Codec.string(), Integer.toString(i)));
        kit.await(near.disconnect());
        kit.await(far.whenClosed());
        app.close();
        kit.await(receiver.stop(collector.address()));
        return numbers.delivered();
    }

    private static List<String> allNumbers() {
        return IntStream.range(0, COUNT).mapToObj(Integer::toString).toList();
    }

    @Test
    void carriesQuestionsAndAnswers() {
        MemoryTransport.Link link = echoing(MemoryTransport.create());

        Routed<String> answer = kit.await(alice.ask(link.first().route("echoer"), Codec.string(), "Hello"));

        assertThat(answer.body()).isEqualTo("Hello");
        assertThat(link.first().remote()).isEqualTo("memory bob");
        assertThat(link.second().remote()).isEqualTo("memory alice");
    }

    /** Never too early; how late it comes depends on the machine. */
    @Test
    void takesItsTime() {
        MemoryTransport.Link link = echoing(MemoryTransport.create().withDelay(Duration.ofMillis(20)));
        long begin = System.nanoTime();

        kit.await(alice.ask(link.first().route("echoer"), Codec.string(), "Hello"));

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(Duration.ofMillis(40));
    }

    @Test
    void losesNothingAndKeepsTheOrderWithoutFaults() {
        assertThat(numbersThatArrive(MemoryTransport.create())).isEqualTo(allNumbers());
    }

    @Test
    void sameSeedProducesTheSameFaults() {
        Faults faults = Faults.seeded(7).withDrops(0.1).withDuplicates(0.1).withReordering(0.3, 5);
        MemoryTransport transport = MemoryTransport.create().withFaults(faults);

        List<String> numbers = numbersThatArrive(transport);

        assertThat(numbersThatArrive(transport)).isEqualTo(numbers);
        assertThat(numbersThatArrive(MemoryTransport.create().withFaults(faults.withSeed(8))))
                .isNotEqualTo(numbers);
        assertThat(numbers).doesNotContainSequence(allNumbers());
        assertThat(allNumbers()).containsAll(numbers);
        assertThat(numbers).hasSizeGreaterThan(COUNT / 2);
        assertThat(numbers.stream().distinct().count()).isLessThan(COUNT).isLessThan(numbers.size());
    }

    @Test
    void eachDirectionHasFaultsOfItsOwn() {
        MemoryTransport transport =
                MemoryTransport.create().withFaults(Faults.seeded(7).withDrops(0.1));

        List<String> forwards = numbersThatArrive(transport);
        List<String> backwards = numbersThatArriveBackwards(transport);

        assertThat(backwards).hasSizeLessThan(COUNT).hasSizeGreaterThan(COUNT / 2);
        assertThat(backwards).isNotEqualTo(forwards);
    }

    @Test
    void eachDirectionFollowsAScriptFromItsBeginning() {
        MemoryTransport transport =
                MemoryTransport.create().withFaults(FaultScript.create().pass().drop());
        List<String> withoutTheSecond = new ArrayList<>(allNumbers());
        withoutTheSecond.remove(1);

        assertThat(numbersThatArrive(transport)).isEqualTo(withoutTheSecond);
        assertThat(numbersThatArriveBackwards(transport)).isEqualTo(withoutTheSecond);
        assertThat(transport).hasToString("MemoryTransport([pass, drop], PT0S)");
    }

    @Test
    void whatIsHeldBackLeavesAtTheEnd() {
        MemoryTransport transport =
                MemoryTransport.create().withFaults(Faults.seeded(7).withReordering(1, 50));

        assertThat(numbersThatArrive(transport)).containsExactlyInAnyOrderElementsOf(allNumbers());
    }

    @Test
    void cutLinkFailsAtBothEnds() {
        MemoryTransport.Link link = echoing(MemoryTransport.create());

        link.cut();

        assertThat(kit.await(link.first().whenClosed())).hasToString("FAILED: the link was cut");
        assertThat(kit.await(link.second().whenClosed())).hasToString("FAILED: the link was cut");
    }

    @Test
    void endOfOneEndIsTheEndOfTheOther() {
        MemoryTransport.Link link = echoing(MemoryTransport.create());

        assertThat(kit.await(link.second().disconnect()).reason()).isEqualTo(Reason.DISCONNECTED);

        assertThat(kit.await(link.first().whenClosed()).reason()).isEqualTo(Reason.CLOSED_BY_PEER);
    }

    @Test
    void joinsNodesOfTwoActorSystems() {
        ActorTestKit other = ActorTestKit.create("other");
        try {
            Node carol = Ockam.get(other.system()).createNode("carol");
            MemoryTransport.Link link = MemoryTransport.create().connect(carol, bob);
            TestProbe<Routed<String>> probe = kit.probe(bob, "probe", Codec.string());
            bob.allow(Address.of("probe")).from(link.second());
            CompletionStage<Routed<String>> answer = carol.ask(link.first().route("probe"), Codec.string(), "Hello");

            probe.receiveMessage().reply("Hello to you");

            assertThat(kit.await(answer).body()).isEqualTo("Hello to you");
            kit.await(carol.stop());
            assertThat(kit.await(link.second().whenClosed()).reason()).isEqualTo(Reason.CLOSED_BY_PEER);
        } finally {
            other.shutdownTestKit();
        }
    }
}
