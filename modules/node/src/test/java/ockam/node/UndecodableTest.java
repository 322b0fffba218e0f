// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import static ockam.fixtures.Stages.awaitFailureOf;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.javadsl.Behaviors;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.util.ByteString;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import ockam.fixtures.LogLines;
import ockam.routing.Peer;
import ockam.routing.spi.Drops;
import ockam.wire.Address;
import ockam.wire.BareReader;
import ockam.wire.BareWriter;
import ockam.wire.Codec;
import ockam.wire.Decoded;
import ockam.wire.Identifier;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A payload that a codec refuses: the log line, or the exception, names the codec, the peer and the place, and nothing of the payload. */
class UndecodableTest {
    @RegisterExtension
    static final NodeKit KIT = new NodeKit();

    private static final Address WORKER = Address.of("worker");
    private static final Address APP = Address.of("app");
    private static final Identifier ALICE = Identifier.of(ByteString.fromArray(new byte[Identifier.LENGTH]));
    private static final String FEWER = " (1 so far; further ones are only counted for a while)";

    private static final Codec<Long> ORDERS = Codec.bare("Order", BareWriter::u32, BareReader::u32);
    private static final String SECRET = "a secret";
    private static final String WHY = "UNDECODABLE: codec Order, TRAILING_BYTES at byte 4";

    private final Node node = KIT.node();
    private final Mailbox app = node.mailbox("app");

    private String lineAfterSending(Runnable starting) {
        try (LogLines log = LogLines.of(Drops.class)) {
            starting.run();
            app.send(Route.of(WORKER), Codec.string(), SECRET);
            KIT.eventually(() -> assertThat(log.texts()).hasSize(1));
            return log.texts().get(0);
        }
    }

    private String lineOf(Codec<?> codec) {
        return lineAfterSending(() -> startIgnoring(codec));
    }

    private <T> void startIgnoring(Codec<T> codec) {
        node.start(WORKER, codec, Behaviors.ignore());
    }

    @Test
    void isLoggedForAWorker() {
        assertThat(lineOf(ORDERS)).isEqualTo("Message dropped at 0#worker: " + WHY + FEWER);
    }

    @Test
    void isLoggedForAnAttachedActor() {
        TestProbe<Routed<Long>> probe = KIT.probe();

        assertThat(lineAfterSending(() -> node.attach(WORKER, ORDERS, probe.getRef())))
                .isEqualTo("Message dropped at 0#worker: " + WHY + FEWER);
    }

    @Test
    void isLoggedForAStream() {
        String line = lineAfterSending(() -> {
            StreamHandle unused = node.source(WORKER, ORDERS)
                    .toMat(Sink.ignore(), Keep.left())
                    .run(KIT.system());
        });

        assertThat(line).isEqualTo("Message dropped at 0#worker: " + WHY + FEWER);
    }

    @Test
    void isToldToOneWhoReceivesOrAsks() {
        app.send(Route.of(APP), Codec.string(), SECRET);
        assertThat(awaitFailureOf(app.receive(ORDERS)))
                .hasMessage("UNDECODABLE: at 0#app, codec Order, TRAILING_BYTES at byte 4");

        node.start(WORKER, Codec.string(), NodeKit.echo());
        assertThat(awaitFailureOf(node.ask(Route.of(WORKER), Codec.string(), ORDERS, SECRET, Duration.ofMinutes(1))))
                .hasMessageMatching("UNDECODABLE: at 0#[0-9a-f]{32}, codec Order, TRAILING_BYTES at byte 4");
    }

    @Test
    void namesThePeer() {
        try (LogLines log = LogLines.of(Drops.class)) {
            startIgnoring(ORDERS);
            LocalMessage message = LocalMessage.of(Route.of(WORKER), Route.empty(), ByteString.emptyByteString());
            Objects.requireNonNull(node.router().find(APP))
                    .endpoint(APP)
                    .sendOrDrop(message.withLocalInfo(List.of(new Peer(ALICE))));

            KIT.eventually(() -> assertThat(log.texts())
                    .containsExactly("Message dropped at 0#worker: UNDECODABLE: codec Order, from peer " + ALICE
                            + ", TRUNCATED at byte 0" + FEWER));
        }
    }

    @Test
    void namesBothTypesIfThePayloadsAreTagged() {
        try (LogLines log = LogLines.of(Drops.class)) {
            startIgnoring(ORDERS.tagged("shop/order"));
            app.send(Route.of(WORKER), Codec.string().tagged("shop/name"), SECRET);

            KIT.eventually(() -> assertThat(log.texts())
                    .containsExactly("Message dropped at 0#worker: UNDECODABLE: codec Order, INVALID_VALUE at byte 0:"
                            + " the tag is shop/name, not shop/order" + FEWER));
        }
    }

    // ---- codecs of the application ----

    private static Codec<String> own(Supplier<String> name, Supplier<Decoded<String>> decoding) {
        return new Codec<>() {
            @Override
            public ByteString encode(String value) {
                return ByteString.emptyByteString();
            }

            @Override
            public Decoded<String> decode(ByteString payload) {
                return decoding.get();
            }

            @Override
            public String name() {
                return name.get();
            }
        };
    }

    @Test
    void isLoggedInTheWordsOfTheCodec() {
        assertThat(lineOf(own(() -> "mine", () -> Decoded.refused("not mine"))))
                .contains("UNDECODABLE: codec mine, INVALID_VALUE at byte 0: not mine");
    }

    @Test
    void isLoggedInOneLineOfLimitedLength() {
        String line = lineOf(own(() -> "a\nname" + "n".repeat(1000), () -> Decoded.refused("d".repeat(1000))));

        assertThat(line).contains("codec a?namennn").hasLineCount(1).hasSizeLessThan(600);
    }

    @Test
    void isLoggedAndSettledIfTheCodecReturnsNull() {
        assertThat(lineOf(own(() -> "mine", UndecodableTest::noValue)))
                .contains("codec mine, INVALID_VALUE at byte 0: the codec returned null");
        assertThat(node.messagesUnderWay()).isZero();
    }

    @Test
    void isLoggedAndSettledIfTheCodecDecodesToNull() {
        assertThat(lineOf(own(() -> "mine", () -> new Decoded.Value<>(noValue()))))
                .contains("codec mine, INVALID_VALUE at byte 0: the codec returned null");
    }

    @Test
    void isLoggedAndSettledIfTheCodecHasNoName() {
        String line = lineOf(own(
                () -> {
                    throw new IllegalStateException("on purpose");
                },
                () -> Decoded.refused("not mine")));

        assertThat(line).contains("UNDECODABLE: codec without a name, IllegalStateException");
        KIT.eventually(() -> assertThat(node.messagesUnderWay()).isZero());
    }

    @Test
    void isLoggedAndSettledIfTheCodecThrows() {
        assertThat(lineOf(own(() -> "mine", () -> {
                    throw new IllegalStateException("on purpose");
                })))
                .contains("codec mine, INVALID_VALUE at byte 0: the codec threw IllegalStateException");
    }

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // what the tests are about
    private static <T> T noValue() {
        return null;
    }
}
