// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import static ockam.fixtures.Stages.await;
import static ockam.fixtures.Stages.awaitFailureOf;
import static ockam.fixtures.Stages.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.testkit.typed.javadsl.LoggingTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.Behaviors;
import akka.stream.Materializer;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Source;
import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.stream.IntStream;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;
import ockam.wire.WireException;
import ockam.wire.WireException.Reason;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A text that its codec cannot encode: whoever sends it is told, nothing is sent, and every permit comes back. */
class UnencodableTest {
    private static final int WINDOW = 4;

    @RegisterExtension
    static final NodeKit KIT = new NodeKit(ConfigFactory.parseString("ockam.stream.window = " + WINDOW));

    private static final Address WORKER = Address.of("worker");
    private static final Route TO_WORKER = Route.of(WORKER);
    private static final String HALF = "half of a pair: \uD83D";

    private final Node node = KIT.node();
    private final Mailbox app = node.mailbox("app");

    private static void assertRefused(ThrowingCallable call, Reason reason) {
        assertThatThrownBy(call).satisfies(failure -> assertRefused(failure, reason));
    }

    private static void assertRefused(Throwable failure, Reason reason) {
        assertThat(failure)
                .isInstanceOfSatisfying(
                        WireException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    private void assertNothingUnderWay() {
        assertThat(node.messagesUnderWay()).isZero();
        assertThat(node.dropped()).isZero();
    }

    @Test
    void isToldToOneWhoSendsFromMailboxOrAsWorker() {
        TestProbe<Routed<String>> probe = KIT.probe();
        Worker worker = node.attach(WORKER, Codec.string(), probe.getRef());

        assertRefused(() -> app.send(TO_WORKER, Codec.string(), HALF), Reason.INVALID_TEXT);
        assertRefused(() -> worker.send(TO_WORKER, Codec.string(), HALF), Reason.INVALID_TEXT);

        assertNothingUnderWay();
        app.send(TO_WORKER, Codec.string(), "the first that arrives");
        assertThat(probe.receiveMessage().body()).isEqualTo("the first that arrives");
    }

    @Test
    void failsTheStageOfOneWhoAsks() {
        node.start(WORKER, Codec.string(), NodeKit.echo());
        int addresses = node.addressCount();

        assertRefused(failureOf(node.ask(TO_WORKER, Codec.string(), HALF)), Reason.INVALID_TEXT);

        assertThat(node.addressCount()).isEqualTo(addresses);
        assertNothingUnderWay();
    }

    @Test
    void isForTheSupervisionOfOneWhoAnswersLikeAnyFailureOfItsHandler() {
        node.start(WORKER, Codec.string(), Behaviors.receiveMessage(message -> {
            message.reply(message.body().equals("bad") ? HALF : message.body());
            return Behaviors.same();
        }));

        LoggingTestKit.error(WireException.class).expect(KIT.system(), () -> {
            app.send(TO_WORKER, Codec.string(), "bad");
            return app.send(TO_WORKER, Codec.string(), "good");
        });

        assertThat(await(app.receive(Codec.string())).body()).isEqualTo("good");
        KIT.eventually(this::assertNothingUnderWay);
    }

    @Test
    void stopsOneWhoAnswersIfItsOptionsSaySo() {
        node.start(
                WORKER,
                Codec.string(),
                Behaviors.receiveMessage(message -> {
                    message.reply(HALF);
                    return Behaviors.same();
                }),
                WorkerOptions.defaults().withSupervision(SupervisorStrategy.stop()));
        app.send(TO_WORKER, Codec.string(), "question");

        KIT.eventually(() -> assertThat(node.metadata(WORKER)).isEmpty());
        KIT.eventually(this::assertNothingUnderWay);
    }

    @Test
    void leavesTheMessageToBeAnsweredByAnotherText() {
        TestProbe<Routed<String>> later = KIT.probe();
        node.start(WORKER, Codec.string(), Behaviors.receiveMessage(message -> {
            later.ref().tell(message.defer());
            return Behaviors.same();
        }));
        app.send(TO_WORKER, Codec.string(), "question");
        Routed<String> question = later.receiveMessage();

        assertRefused(() -> question.reply(HALF), Reason.INVALID_TEXT);
        assertThat(node.messagesUnderWay()).isEqualTo(1);

        question.reply("whole");
        assertThat(await(app.receive(Codec.string())).body()).isEqualTo("whole");
        KIT.eventually(this::assertNothingUnderWay);
    }

    @Test
    void failsTheStreamThatSends() {
        node.start(WORKER, Codec.string(), NodeKit.echo());
        int addresses = node.addressCount();

        StreamHandle handle = Source.from(List.of("whole", HALF))
                .toMat(node.sink(TO_WORKER, Codec.string()), Keep.right())
                .run(Materializer.createMaterializer(KIT.system()));

        assertRefused(awaitFailureOf(handle.whenClosed()), Reason.INVALID_TEXT);
        KIT.eventually(() -> assertThat(node.addressCount()).isEqualTo(addresses));
        KIT.eventually(() -> assertThat(node.messagesUnderWay()).isZero());
    }

    /** More answers than the window has room for: if one permit were kept for each, the stream would stand still. */
    @Test
    void leavesTheStreamThatIsAnsweredAlone() {
        node.start(WORKER, Codec.string(), Behaviors.receiveMessage(message -> {
            message.reply(HALF);
            return Behaviors.same();
        }));

        StreamHandle handle = Source.from(IntStream.range(0, 3 * WINDOW).boxed().toList())
                .map(Object::toString)
                .toMat(node.sink(TO_WORKER, Codec.string()), Keep.right())
                .run(Materializer.createMaterializer(KIT.system()));

        await(handle.whenClosed());
        assertNothingUnderWay();
    }

    @Test
    void isNoNameOfAnAddressEither() {
        int addresses = node.addressCount();

        assertRefused(() -> node.mailbox(HALF), Reason.INVALID_ADDRESS);
        assertRefused(() -> app.send(Route.parse("h1 => " + HALF), Codec.string(), "text"), Reason.INVALID_ROUTE);

        assertThat(node.addressCount()).isEqualTo(addresses);
    }
}
