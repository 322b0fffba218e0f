// SPDX-License-Identifier: Apache-2.0

package ockam.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.javadsl.Behaviors;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ActorTestKitExtension.class)
class MemoryTransportTest {
    private static final int COUNT = 200;

    private final ActorTestKit testKit;
    private final Node alice;
    private final Node bob;

    MemoryTransportTest(ActorTestKit testKit) {
        this.testKit = testKit;
        this.alice = Ockam.get(testKit.system()).createNode("alice");
        this.bob = Ockam.get(testKit.system()).createNode("bob");
    }

    @AfterEach
    void stop() {
        await(alice.stop());
        await(bob.stop());
    }

    private static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
    }

    private MemoryTransport.Link echoing(MemoryTransport transport) {
        MemoryTransport.Link link = transport.connect(alice, bob);
        Worker echoer = bob.start(Address.of("echoer"), Codec.string(), Behaviors.receiveMessage(message -> {
            message.reply(message.body());
            return Behaviors.same();
        }));
        bob.allow(echoer).from(link.second());
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

    private static List<String> numbersThatArrive(Node sender, Connection near, Node receiver, Connection far) {
        List<String> numbers = new CopyOnWriteArrayList<>();
        Worker collector = receiver.start(Address.of("collector"), Codec.string(), Behaviors.receiveMessage(message -> {
            numbers.add(message.body());
            return Behaviors.same();
        }));
        receiver.allow(collector).from(far);
        Mailbox app = sender.mailbox("app");
        Route route = near.route("collector");
        IntStream.range(0, COUNT).forEach(i -> app.send(route, Codec.string(), Integer.toString(i)));
        await(near.disconnect());
        await(far.whenClosed());
        app.close();
        await(receiver.stop(collector.address()));
        return numbers;
    }

    private static List<String> allNumbers() {
        return IntStream.range(0, COUNT).mapToObj(Integer::toString).toList();
    }

    @Test
    void carriesQuestionsAndAnswers() {
        MemoryTransport.Link link = echoing(MemoryTransport.create());

        Routed<String> answer = await(alice.ask(link.first().route("echoer"), Codec.string(), "Hello"));

        assertThat(answer.body()).isEqualTo("Hello");
        assertThat(link.first().remote()).isEqualTo("memory bob");
        assertThat(link.second().remote()).isEqualTo("memory alice");
    }

    /** Never too early; how late it comes depends on the machine. */
    @Test
    void takesItsTime() {
        MemoryTransport.Link link = echoing(MemoryTransport.create().withDelay(Duration.ofMillis(20)));
        long begin = System.nanoTime();

        await(alice.ask(link.first().route("echoer"), Codec.string(), "Hello"));

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
    void whatIsHeldBackLeavesAtTheEnd() {
        MemoryTransport transport =
                MemoryTransport.create().withFaults(Faults.seeded(7).withReordering(1, 50));

        assertThat(numbersThatArrive(transport)).containsExactlyInAnyOrderElementsOf(allNumbers());
    }

    @Test
    void cutLinkFailsAtBothEnds() {
        MemoryTransport.Link link = echoing(MemoryTransport.create());

        link.cut();

        assertThat(await(link.first().whenClosed())).hasToString("FAILED: the link was cut");
        assertThat(await(link.second().whenClosed())).hasToString("FAILED: the link was cut");
    }

    @Test
    void endOfOneEndIsTheEndOfTheOther() {
        MemoryTransport.Link link = echoing(MemoryTransport.create());

        assertThat(await(link.second().disconnect()).reason()).isEqualTo(Reason.DISCONNECTED);

        assertThat(await(link.first().whenClosed()).reason()).isEqualTo(Reason.CLOSED_BY_PEER);
    }

    @Test
    void joinsNodesOfTwoActorSystems() {
        ActorTestKit other = ActorTestKit.create("other");
        try {
            Node carol = Ockam.get(other.system()).createNode("carol");
            MemoryTransport.Link link = MemoryTransport.create().connect(carol, bob);
            TestProbe<Routed<String>> probe = testKit.createTestProbe();
            bob.attach(Address.of("probe"), Codec.string(), probe.ref());
            bob.allow(Address.of("probe")).from(link.second());
            CompletionStage<Routed<String>> answer = carol.ask(link.first().route("probe"), Codec.string(), "Hello");

            probe.receiveMessage().reply("Hello to you");

            assertThat(await(answer).body()).isEqualTo("Hello to you");
            await(carol.stop());
            assertThat(await(link.second().whenClosed()).reason()).isEqualTo(Reason.CLOSED_BY_PEER);
        } finally {
            other.shutdownTestKit();
        }
    }
}
