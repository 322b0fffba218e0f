// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import static ockam.fixtures.Stages.await;
import static ockam.fixtures.Stages.awaitFailureOf;
import static ockam.node.NodeKit.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.util.ByteString;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import ockam.fixtures.Stages;
import ockam.routing.AccessControl;
import ockam.routing.FlowControlId;
import ockam.routing.Metadata;
import ockam.routing.RoutingDropReason;
import ockam.routing.RoutingException.Reason;
import ockam.routing.spi.Endpoint;
import ockam.routing.spi.EndpointSpec;
import ockam.routing.spi.FlowControls;
import ockam.routing.spi.NodeLog;
import ockam.routing.spi.Registration;
import ockam.routing.spi.RoutingEvent;
import ockam.routing.spi.ShutdownOrder;
import ockam.wire.Address;
import ockam.wire.BareReader;
import ockam.wire.BareWriter;
import ockam.wire.Codec;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AskTest {
    @RegisterExtension
    static final NodeKit KIT = new NodeKit(ManualTime.config());

    private static final Address WORKER = Address.of("worker");
    private static final Codec<Long> LENGTH = Codec.bare("length", BareWriter::u64, BareReader::u64);
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final Node node = KIT.node();
    private final TestProbe<Routed<String>> probe = KIT.probe();
    private final Worker worker = node.attach(WORKER, Codec.string(), probe.getRef());
    private final FlowControls flowControls = node.router().flowControls();

    @AfterEach
    void leavesNothingBehind() {
        assertThat(node.addressCount()).isLessThanOrEqualTo(1); // the worker
        assertThat(flowControls.isEmpty()).isTrue();
    }

    private CompletionStage<Routed<String>> ask(Route route) {
        return node.ask(route, Codec.string(), Codec.string(), "question", TIMEOUT);
    }

    @Test
    void takesTheFirstReplyAtItsOwnAddress() {
        CompletionStage<Routed<String>> answer = ask(Route.of(WORKER));
        assertThat(answer.toCompletableFuture()).isNotDone();
        assertThat(node.addressCount()).isEqualTo(2);
        Routed<String> question = probe.receiveMessage();
        assertThat(question.body()).isEqualTo("question");
        assertThat(question.returnRoute().size()).isEqualTo(1);
        assertThat(question.source()).isEqualTo(question.returnRoute().next());
        question.reply("answer");
        question.reply("one too many");

        Routed<String> received = await(answer);
        assertThat(node.addressCount()).isEqualTo(1);
        assertThat(received.body()).isEqualTo("answer");
        assertThat(received.returnRoute()).isEqualTo(Route.of(WORKER));
    }

    @Test
    void asksForAnotherTypeAndWithinAnotherTime() {
        CompletionStage<Routed<Long>> length = node.ask(Route.of(WORKER), Codec.string(), LENGTH, "question");
        probe.receiveMessage().reply(LENGTH, 8L);
        assertThat(await(length).body()).isEqualTo(8);

        CompletionStage<Routed<String>> late = node.ask(Route.of(WORKER), Codec.string(), "question", TIMEOUT);
        probe.receiveMessage();
        ManualTime.get(KIT.system()).timePasses(TIMEOUT);
        assertThat(failureOf(late)).isEqualTo(Reason.TIMED_OUT);
    }

    @Test
    void asksWithTheTimeFromTheSettings() {
        CompletionStage<Routed<String>> answer = node.ask(Route.of(WORKER), Codec.string(), "question");
        ManualTime.get(KIT.system()).timePasses(Duration.ofMillis(29_999));
        assertThat(answer.toCompletableFuture()).isNotDone();
        ManualTime.get(KIT.system()).timePasses(Duration.ofMillis(1));

        assertThat(failureOf(answer)).isEqualTo(Reason.TIMED_OUT);
    }

    @Test
    void timesOut() {
        CompletionStage<Routed<String>> answer = ask(Route.of(WORKER));
        Routed<String> question = probe.receiveMessage();
        ManualTime.get(KIT.system()).timePasses(TIMEOUT);

        assertThat(awaitFailureOf(answer))
                .hasMessage(
                        "TIMED_OUT: no reply to a String that was sent along 0#worker within " + NodeLog.text(TIMEOUT));
        assertThat(failureOf(answer)).isEqualTo(Reason.TIMED_OUT);
        assertThat(node.addressCount()).isEqualTo(1);
        question.reply("too late");
        assertThat(node.dropped(RoutingDropReason.NO_SUCH_ADDRESS)).isEqualTo(1);
    }

    @Test
    void freesItsAddressAtOnceWhenItIsCancelled() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(ask(Route.of(WORKER)).toCompletableFuture().cancel(false))
                    .isTrue();
        }

        assertThat(node.addressCount()).isEqualTo(1);
        assertThat(flowControls.isEmpty()).isTrue();
    }

    @Test
    void freesItsAddressWhenTheAnswerHasEnded() {
        List<Integer> underWay = new CopyOnWriteArrayList<>();
        node.router().addObserver(event -> {
            if (event instanceof RoutingEvent.AddressesFreed) {
                underWay.add(node.messagesUnderWay());
            }
        });
        CompletionStage<Routed<String>> answer = ask(Route.of(WORKER));
        probe.receiveMessage().reply("answer");

        await(answer);
        assertThat(underWay).containsExactly(0);
    }

    @Test
    void failsImmediatelyWhenNothingLivesAtTheFirstAddress() {
        CompletionStage<Routed<String>> answer = ask(Route.of("nobody"));

        assertThat(answer.toCompletableFuture()).isCompletedExceptionally();
        assertThat(failureOf(answer)).isEqualTo(RoutingDropReason.NO_SUCH_ADDRESS);
        assertThat(awaitFailureOf(answer)).hasMessage("NO_SUCH_ADDRESS: nothing lives at 0#nobody");
        assertThat(awaitFailureOf(ask(Route.of("woker", "api"))))
                .hasMessage("NO_SUCH_ADDRESS: nothing lives at 0#woker; did you mean 0#worker?");
        assertThat(node.addressCount()).isEqualTo(1);
    }

    @Test
    void namesTheNodeThatHasTheAddress() {
        Node neighbour = KIT.node();
        neighbour.mailbox("api");

        assertThat(awaitFailureOf(ask(Route.of("api"))))
                .hasMessage("NO_SUCH_ADDRESS: nothing lives at 0#api; node " + neighbour.name()
                        + " has that address, but this is node " + node.name());

        await(neighbour.stop());
        assertThat(awaitFailureOf(ask(Route.of("api")))).hasMessage("NO_SUCH_ADDRESS: nothing lives at 0#api");
    }

    @Test
    void failsImmediatelyWhenTheRouteIsWrong() {
        assertThat(failureOf(ask(Route.empty()))).isEqualTo(RoutingDropReason.INCOMPLETE_ROUTE);
        assertThat(failureOf(ask(Route.of(Collections.nCopies(1025, WORKER)))))
                .isEqualTo(RoutingDropReason.ROUTE_TOO_LONG);
    }

    @Test
    void refusesAnswerThatItsCodecRefuses() {
        CompletionStage<Routed<String>> answer = ask(Route.of(WORKER));
        probe.receiveMessage().reply(Codec.bytes(), ByteString.emptyByteString());

        assertThat(failureOf(answer)).isEqualTo(NodeDropReason.UNDECODABLE);
    }

    @Test
    void failsWhenTheNodeStops() {
        CompletionStage<Routed<String>> answer = ask(Route.of(WORKER));
        await(node.stop());

        assertThat(failureOf(answer)).isEqualTo(Reason.MAILBOX_CLOSED);
        assertThat(awaitFailureOf(answer))
                .hasMessage("MAILBOX_CLOSED: no reply to a String that was sent along 0#worker because node "
                        + node.name() + " has stopped");
        assertThat(failureOf(ask(Route.of(WORKER)))).isEqualTo(RoutingDropReason.NODE_STOPPED);
    }

    @Test
    void leavesNothingBehindWhenTheQuestionCannotBeEncoded() {
        Codec<String> failing = Codec.bare(
                "failing",
                (writer, value) -> {
                    throw new IllegalStateException("on purpose");
                },
                reader -> "");

        assertThat(Stages.failureOf(node.ask(Route.of(WORKER), failing, "question")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("on purpose");
    }

    @Test
    void sendsOnlyToTheFirstAddressOfItsRoute() {
        TestProbe<Routed<String>> other = KIT.probe();
        CompletionStage<Routed<String>> answer = ask(Route.of(WORKER));
        Route temporary = probe.receiveMessage().returnRoute();
        Worker elsewhere = node.attach(Address.of("elsewhere"), Codec.string(), other.getRef());
        worker.send(LocalMessage.of(
                temporary, Route.of(elsewhere.address()), Codec.string().encode("answer elsewhere")));

        await(answer).reply("to another first address");
        assertThat(node.dropped(RoutingDropReason.OUTGOING_DENIED)).isEqualTo(1);
        await(node.stop(elsewhere.address()));
        other.expectNoMessage();
    }

    @Test
    void letsTheProducerBehindItsRouteAnswer() {
        Address encryptor = Address.of("encryptor");
        Address decryptor = Address.of("decryptor");
        FlowControlId id = FlowControlId.random();
        Registration channel = node.router()
                .register(
                        List.of(
                                EndpointSpec.open(encryptor),
                                new EndpointSpec(
                                        decryptor,
                                        AccessControl.denyAll(),
                                        flowControls.outgoing(id, null),
                                        Metadata.none())),
                        ShutdownOrder.CHANNELS);
        Endpoint producer = channel.endpoint(decryptor);
        flowControls.addProducer(decryptor, id, null, List.of(encryptor));
        // What is sent into this channel comes back out of it immediately.
        channel.open(new Registration.Handler(
                delivery -> delivery.sendOrDrop(
                        producer,
                        LocalMessage.of(
                                delivery.message().returnRoute(),
                                Route.of(encryptor),
                                delivery.message().payload())),
                cause -> channel.end()));

        assertThat(await(ask(Route.of(encryptor))).body()).isEqualTo("question");
        assertThat(flowControls.producerBehind(encryptor)).contains(id);
        await(node.stop(encryptor));
    }

    @Test
    void isNotOpenToOtherProducers() {
        Address stranger = Address.of("stranger");
        FlowControlId id = FlowControlId.random();
        Registration other = node.router()
                .register(
                        List.of(new EndpointSpec(
                                stranger, AccessControl.denyAll(), flowControls.outgoing(id, null), Metadata.none())),
                        ShutdownOrder.CHANNELS);
        other.open(new Registration.Handler(delivery -> {}, cause -> other.end()));
        flowControls.addProducer(stranger, id, null, List.of());
        CompletionStage<Routed<String>> answer = ask(Route.of(WORKER));
        Routed<String> question = probe.receiveMessage();

        other.endpoint(stranger)
                .sendOrDrop(LocalMessage.of(
                        question.returnRoute(), Route.empty(), Codec.string().encode("forged")));
        question.reply("genuine");

        assertThat(await(answer).body()).isEqualTo("genuine");
        assertThat(node.dropped(RoutingDropReason.OUTGOING_DENIED)).isEqualTo(1);
        await(node.stop(stranger));
    }
}
