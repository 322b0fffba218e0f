// SPDX-License-Identifier: Apache-2.0

package ockam.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.util.ByteString;
import java.util.stream.IntStream;
import ockam.node.Mailbox;
import ockam.node.Node;
import ockam.node.Routed;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ActorTestKitExtension.class)
class TapTest {
    private static final Address H2 = Address.of("h2");
    private static final ByteString HELLO = ByteString.fromString("hello");

    private final OckamTestKit kit;
    private final Node node;
    private final Mailbox app;
    private final TestProbe<Routed<ByteString>> end;
    private final Tap tap;

    TapTest(OckamTestKit kit) {
        this.kit = kit;
        node = kit.node("taps");
        app = node.mailbox("app");
        end = kit.probe(node, "end", Codec.bytes());
        tap = kit.hop(node, "h1");
    }

    @Test
    void recordsMessagesInOrderAsTheyArrived() {
        IntStream.range(0, 10).forEach(i -> send("h1 => end", ByteString.fromInts(i)));
        end.receiveSeveralMessages(10);

        assertThat(tap.messages())
                .containsExactlyElementsOf(IntStream.range(0, 10)
                        .mapToObj(i -> LocalMessage.of(Route.of("h1", "end"), Route.of("app"), ByteString.fromInts(i)))
                        .toList());
    }

    @Test
    void forwardsLikeAHop() {
        send("h1 => end", HELLO);

        assertThat(end.receiveMessage().message())
                .isEqualTo(LocalMessage.of(Route.of("end"), Route.of("h1", "app"), HELLO));
    }

    @Test
    void recordsAMessageBeforeItReachesTheReceiver() {
        for (int i = 1; i <= 100; i++) {
            send("h1 => end", HELLO);
            end.receiveMessage();
            assertThat(tap.messages()).hasSize(i);
        }
    }

    @Test
    void tellsTheProbeOfEachMessage() {
        TestProbe<LocalMessage> probe = kit.testKit().createTestProbe();
        Tap telling = Tap.create(probe.ref());
        node.start(H2, telling.behavior());
        send("h2 => end", HELLO);

        LocalMessage told = probe.receiveMessage();

        assertThat(told).isEqualTo(LocalMessage.of(Route.of("h2", "end"), Route.of("app"), HELLO));
        assertThat(telling.messages()).containsExactly(told);
        assertThat(end.receiveMessage().body()).isEqualTo(HELLO);
    }

    @Test
    void keepsOneRecordForAllItsAddresses() {
        node.start(H2, tap.behavior());
        send("h1 => h2 => end", HELLO);
        end.receiveMessage();

        assertThat(tap.messages())
                .containsExactly(
                        LocalMessage.of(Route.of("h1", "h2", "end"), Route.of("app"), HELLO),
                        LocalMessage.of(Route.of("h2", "end"), Route.of("h1", "app"), HELLO));
    }

    @Test
    void seesPayloadsAndRoutesAndNothingElse() {
        send("h1 => end", HELLO);
        end.receiveMessage();

        assertThat(tap.saw(HELLO)).isTrue();
        assertThat(tap.saw(ByteString.fromString("app"))).isTrue();
        assertThat(tap.saw(ByteString.fromString("end"))).isTrue();
        assertThat(tap.saw(ByteString.fromString("hello!"))).isFalse();
        assertThat(tap.saw(ByteString.fromString("h2"))).isFalse();
    }

    @Test
    void allBytesAreTheEncodedRoutesAndThePayloadOfEachMessage() {
        send("h1 => end", HELLO);
        end.receiveMessage();

        ByteString onward = ByteString.fromInts(0x82, 0x82, 0, 0x42, 'h', '1', 0x82, 0, 0x43, 'e', 'n', 'd');
        ByteString back = ByteString.fromInts(0x81, 0x82, 0, 0x43, 'a', 'p', 'p');
        assertThat(tap.allBytes()).isEqualTo(onward.concat(back).concat(HELLO));
    }

    @Test
    void forgetsMessagesWhenCleared() {
        send("h1 => end", HELLO);
        end.receiveMessage();
        tap.clear();

        assertThat(tap.messages()).isEmpty();
        assertThat(tap.allBytes()).isEqualTo(ByteString.emptyByteString());
        assertThat(tap.saw(HELLO)).isFalse();
    }

    @Test
    void returnedRecordDoesNotChange() {
        send("h1 => end", HELLO);
        end.receiveMessage();
        var before = tap.messages();
        send("h1 => end", HELLO);
        end.receiveMessage();

        assertThat(before).hasSize(1);
    }

    @Test
    void printsNothingOfTheMessages() {
        send("h1 => end", HELLO);
        end.receiveMessage();

        assertThat(tap).hasToString("Tap(1 messages)");
    }

    private void send(String route, ByteString payload) {
        assertThat(app.send(Route.parse(route), Codec.bytes(), payload).isAccepted())
                .isTrue();
    }
}
