// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.javadsl.Behaviors;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import java.util.stream.Stream;
import ockam.fixtures.Stages;
import ockam.routing.RoutingDropReason;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Decoded;
import ockam.wire.Route;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Code of the application that throws, at each place where a node calls it: the message is settled, and everything else goes on. */
class UserCodeTest {
    @RegisterExtension
    static final NodeKit KIT = new NodeKit();

    private static final Address WORKER = Address.of("worker");
    private static final String BAD = "bad";

    private final Node node = KIT.node();
    private final Mailbox app = node.mailbox("app");
    private final TestProbe<String> handled = KIT.probe();

    /** Each kind of what may be thrown and is not fatal to the JVM; made when it is thrown. */
    private enum Kind {
        EXCEPTION,
        ASSERTION,
        LINKAGE,
        STACK_OVERFLOW;

        Throwable make() {
            return switch (this) {
                case EXCEPTION -> new IllegalStateException("thrown on purpose");
                case ASSERTION -> new AssertionError("thrown on purpose");
                case LINKAGE -> new NoClassDefFoundError("thrown on purpose");
                case STACK_OVERFLOW -> new StackOverflowError("thrown on purpose");
            };
        }

        void raise() {
            raise(make());
        }

        @SuppressWarnings("unchecked") // a generic throws clause lets any of them pass
        private static <E extends Throwable> void raise(Throwable thrown) throws E {
            throw (E) thrown;
        }
    }

    static Stream<Kind> kinds() {
        return Stream.of(Kind.values());
    }

    private void send(String body) {
        assertThat(app.send(Route.of(WORKER), Codec.string(), body).isAccepted())
                .isTrue();
    }

    private void assertNothingIsUnderWay() {
        KIT.eventually(() -> assertThat(node.messagesUnderWay()).isZero());
    }

    /** A codec of the application that throws for one body, whichever way. */
    private static Codec<String> codec(Kind kind) {
        return new Codec<>() {
            @Override
            public ByteString encode(String value) {
                if (value.equals(BAD)) {
                    kind.raise();
                }
                return Codec.string().encode(value);
            }

            @Override
            public Decoded<String> decode(ByteString payload) {
                Decoded<String> decoded = Codec.string().decode(payload);
                if (decoded.isValue() && decoded.orElseThrow().equals(BAD)) {
                    kind.raise();
                }
                return decoded;
            }
        };
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void anAccessControlThatThrowsDenies(Kind kind) {
        node.start(
                WORKER,
                Codec.string(),
                Behaviors.receiveMessage(message -> {
                    handled.ref().tell(message.body());
                    return Behaviors.same();
                }),
                WorkerOptions.defaults().withIncoming((source, destination, message) -> {
                    if (message.payload().equals(Codec.string().encode(BAD))) {
                        kind.raise();
                    }
                    return true;
                }));

        send(BAD);
        send("good");

        handled.expectMessage("good");
        assertThat(node.dropped(RoutingDropReason.INCOMING_DENIED)).isEqualTo(1);
        assertNothingIsUnderWay();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aCodecThatThrowsRefuses(Kind kind) {
        node.start(WORKER, codec(kind), Behaviors.receiveMessage(message -> {
            handled.ref().tell(message.body());
            return Behaviors.same();
        }));

        send(BAD);
        send("good");

        handled.expectMessage("good");
        assertThat(node.dropped(NodeDropReason.UNDECODABLE)).isEqualTo(1);
        assertNothingIsUnderWay();
    }

    /** Errors that Akka does not let anyone supervise stop the worker; the rest goes by its supervision. */
    @ParameterizedTest
    @MethodSource("kinds")
    void aHandlerThatThrowsGoesOnOrStopsAndItsMessageIsSettled(Kind kind) {
        node.start(WORKER, Codec.string(), Behaviors.receiveMessage(message -> {
            if (message.body().equals(BAD)) {
                kind.raise();
            }
            handled.ref().tell(message.body());
            return Behaviors.same();
        }));

        send(BAD);
        assertNothingIsUnderWay();

        if (kind == Kind.EXCEPTION || kind == Kind.ASSERTION) {
            send("good");
            handled.expectMessage("good");
        } else {
            KIT.eventually(() -> assertThat(node.metadata(WORKER)).isEmpty());
        }
        assertNothingIsUnderWay();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void anObserverThatThrowsChangesNothing(Kind kind) {
        NodeAccess.router(node).addObserver(event -> kind.raise());
        node.start(WORKER, Codec.string(), NodeKit.echo());

        assertThat(Stages.await(node.ask(Route.of(WORKER), Codec.string(), "good"))
                        .body())
                .isEqualTo("good");
        assertNothingIsUnderWay();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aStreamWhoseCodecThrowsDropsOrFails(Kind kind) {
        StreamHandle source = node.source(WORKER, codec(kind))
                .toMat(Sink.foreach(message -> handled.ref().tell(message.body())), Keep.left())
                .run(KIT.system());
        send(BAD);
        send("good");
        handled.expectMessage("good");
        assertThat(node.dropped(NodeDropReason.UNDECODABLE)).isEqualTo(1);

        StreamHandle sink = Source.single(BAD)
                .toMat(node.sink(Route.of(WORKER), codec(kind)), Keep.right())
                .run(KIT.system());
        assertThat(Stages.awaitFailureOf(sink.whenClosed()))
                .isInstanceOf(kind.make().getClass());
        assertNothingIsUnderWay();
        Stages.await(source.drainAndShutdown());
    }
}
