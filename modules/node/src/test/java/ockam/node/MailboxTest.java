// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import static ockam.fixtures.Stages.await;
import static ockam.fixtures.Stages.awaitFailureOf;
import static ockam.node.NodeKit.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.util.ByteString;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import ockam.routing.AccessControl;
import ockam.routing.RoutingDropReason;
import ockam.routing.RoutingException.Reason;
import ockam.routing.SendResult;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MailboxTest {
    private static final int CAPACITY = 3;

    @RegisterExtension
    static final NodeKit KIT = new NodeKit(
            ConfigFactory.parseString("ockam.node { mailbox-capacity = " + CAPACITY + ", receive-timeout = 7 s }")
                    .withFallback(ManualTime.config()));

    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final Node node = KIT.node();
    private final Mailbox sender = node.mailbox("sender");
    private final Mailbox box = node.mailbox("box");
    private final ManualTime time = ManualTime.get(KIT.system());

    private SendResult send(String body) {
        return sender.send(Route.of(box.address()), Codec.string(), body);
    }

    private static String body(CompletionStage<Routed<String>> received) {
        return await(received).body();
    }

    private CompletionStage<Routed<String>> receive() {
        return box.receive(Codec.string(), TIMEOUT);
    }

    @Test
    void receivesInOrderWhatCameBefore() {
        send("one");
        send("two");

        assertThat(body(receive())).isEqualTo("one");
        assertThat(body(receive())).isEqualTo("two");
    }

    @Test
    void receivesInOrderWhatComesLater() {
        CompletionStage<Routed<String>> first = receive();
        CompletionStage<Routed<String>> second = receive();
        assertThat(first.toCompletableFuture()).isNotDone();
        send("one");
        send("two");
        send("three");

        assertThat(body(first)).isEqualTo("one");
        assertThat(body(second)).isEqualTo("two");
        assertThat(body(receive())).isEqualTo("three");
    }

    @Test
    void saysWhereTheMessageCameFrom() {
        send("hello");

        Routed<String> message = await(receive());
        assertThat(message.address()).isEqualTo(box.address());
        assertThat(message.source()).isEqualTo(sender.address());
        assertThat(message.returnRoute()).isEqualTo(Route.of("sender"));
        assertThat(message.onwardRoute()).isEqualTo(Route.of("box"));
        message.reply("and back");
        assertThat(body(sender.receive(Codec.string()))).isEqualTo("and back");
    }

    @Test
    void timesOutWithoutLosingTheNextMessage() {
        CompletionStage<Routed<String>> received = receive();
        time.timePasses(TIMEOUT.minusMillis(1));
        assertThat(received.toCompletableFuture()).isNotDone();
        time.timePasses(Duration.ofMillis(1));

        assertThat(failureOf(received)).isEqualTo(Reason.TIMED_OUT);
        send("hello");
        assertThat(body(receive())).isEqualTo("hello");
    }

    @Test
    void timesOutOnlyTheOneWhoseTimeItIs() {
        CompletionStage<Routed<String>> patient = box.receive(Codec.string(), TIMEOUT.multipliedBy(2));
        CompletionStage<Routed<String>> impatient = receive();
        time.timePasses(TIMEOUT);
        assertThat(failureOf(impatient)).isEqualTo(Reason.TIMED_OUT);
        send("hello");

        assertThat(body(patient)).isEqualTo("hello");
    }

    @Test
    void waitsAsLongAsTheSettingsSay() {
        CompletionStage<Routed<String>> received = box.receive(Codec.string());
        time.timePasses(Duration.ofMillis(6999));
        assertThat(received.toCompletableFuture()).isNotDone();
        time.timePasses(Duration.ofMillis(1));

        assertThat(failureOf(received)).isEqualTo(Reason.TIMED_OUT);
    }

    @Test
    void takesOnlyWhatIsThereWhenTheTimeIsZero() {
        assertThat(failureOf(box.receive(Codec.string(), Duration.ZERO))).isEqualTo(Reason.TIMED_OUT);
        assertThat(failureOf(box.receive(Codec.string(), Duration.ofSeconds(-1))))
                .isEqualTo(Reason.TIMED_OUT);
        send("hello");

        assertThat(body(box.receive(Codec.string(), Duration.ZERO))).isEqualTo("hello");
    }

    @Test
    void waitsForEverWhenTheTimeIsBeyondTheScheduler() {
        CompletionStage<Routed<String>> received = box.receive(Codec.string(), ChronoUnit.FOREVER.getDuration());
        time.timePasses(Duration.ofDays(1000));
        send("at last");

        assertThat(body(received)).isEqualTo("at last");
    }

    @Test
    void usesUpWhatItsCodecRefuses() {
        sender.send(Route.of("box"), Codec.bytes(), ByteString.emptyByteString());
        send("good");

        assertThat(failureOf(receive())).isEqualTo(NodeDropReason.UNDECODABLE);
        assertThat(body(receive())).isEqualTo("good");
    }

    @Test
    void receivesEachMessageWithTheCodecOfTheCaller() {
        send("text");
        sender.send(Route.of("box"), Codec.bytes(), ByteString.fromString("raw"));

        assertThat(body(receive())).isEqualTo("text");
        assertThat(await(box.receive(Codec.bytes())).body()).isEqualTo(ByteString.fromString("raw"));
    }

    @Test
    void dropsTheNewestWhenItIsFull() {
        for (int i = 0; i < CAPACITY + 2; i++) {
            assertThat(send("message " + i)).isEqualTo(SendResult.accepted());
        }

        assertThat(node.dropped(NodeDropReason.MAILBOX_FULL)).isEqualTo(2);
        for (int i = 0; i < CAPACITY; i++) {
            assertThat(body(receive())).isEqualTo("message " + i);
        }
        send("room again");
        assertThat(body(receive())).isEqualTo("room again");
    }

    @Test
    void refusesMoreReceivesThanItHasRoomFor() {
        List<CompletionStage<Routed<String>>> waiting = new ArrayList<>();
        for (int i = 0; i < CAPACITY; i++) {
            waiting.add(receive());
        }
        assertThat(failureOf(receive())).isEqualTo(Reason.TOO_MANY_RECEIVES);

        send("one");
        assertThat(body(waiting.get(0))).isEqualTo("one");
        CompletionStage<Routed<String>> again = receive();
        send("two");
        send("three");
        send("four");
        assertThat(body(again)).isEqualTo("four");
    }

    /** How a caller ends what it waits for. */
    private enum Way {
        CANCELLING {
            @Override
            void end(CompletableFuture<?> received) {
                assertThat(received.cancel(false)).isTrue();
            }
        },
        COMPLETING {
            @Override
            void end(CompletableFuture<?> received) {
                assertThat(received.complete(null)).isTrue();
            }
        },
        FAILING {
            @Override
            void end(CompletableFuture<?> received) {
                assertThat(received.completeExceptionally(new IllegalStateException("enough")))
                        .isTrue();
            }
        },
        TIMING_OUT {
            @Override
            void end(CompletableFuture<?> received) {
                awaitFailureOf(received.orTimeout(1, TimeUnit.MILLISECONDS));
            }
        },
        COMPLETING_ON_TIMEOUT {
            @Override
            void end(CompletableFuture<?> received) {
                await(received.completeOnTimeout(null, 1, TimeUnit.MILLISECONDS));
            }
        },
        COMPLETING_ELSEWHERE {
            @Override
            void end(CompletableFuture<?> received) {
                await(received.completeAsync(() -> null));
            }
        },
        FAILING_ELSEWHERE {
            @Override
            void end(CompletableFuture<?> received) {
                awaitFailureOf(received.completeAsync(() -> {
                    throw new IllegalStateException("enough");
                }));
            }
        },
        OBTRUDING {
            @Override
            void end(CompletableFuture<?> received) {
                received.obtrudeValue(null);
            }
        },
        OBTRUDING_A_FAILURE {
            @Override
            void end(CompletableFuture<?> received) {
                received.obtrudeException(new IllegalStateException("enough"));
            }
        };

        abstract void end(CompletableFuture<?> received);
    }

    @ParameterizedTest
    @EnumSource
    void keepsTheMessageForWhoeverHasNotGivenUp(Way way) {
        CompletionStage<Routed<String>> givenUp = receive();
        CompletionStage<Routed<String>> patient = receive();
        way.end(givenUp.toCompletableFuture());
        send("one");
        send("two");

        assertThat(body(patient)).isEqualTo("one");
        assertThat(body(receive())).isEqualTo("two");
    }

    @ParameterizedTest
    @EnumSource
    void hasThePlaceBackOfOneWhoHasGivenUp(Way way) {
        for (int i = 0; i < 3 * CAPACITY; i++) {
            way.end(receive().toCompletableFuture());
        }
        CompletionStage<Routed<String>> patient = receive();
        send("hello");

        assertThat(body(patient)).isEqualTo("hello");
        assertThat(node.dropped()).isZero();
    }

    @Test
    void losesNoMessageToOneWhoGivesUpInThatMoment() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            CompletableFuture<Routed<String>> received = receive().toCompletableFuture();
            CompletableFuture<SendResult> sent = CompletableFuture.supplyAsync(() -> send("hello"));
            IntStream.range(0, random.nextInt(500)).forEach(unused -> Thread.onSpinWait());
            received.cancel(false);
            await(sent);

            CompletionStage<Routed<String>> next =
                    received.isCancelled() ? box.receive(Codec.string(), Duration.ZERO) : received;
            assertThat(body(next)).isEqualTo("hello");
        }
        assertThat(node.dropped()).isZero();
        assertThat(node.messagesUnderWay()).isZero();
    }

    @Test
    void givesUpItsTimeWithItsReceive() {
        CompletableFuture<Routed<String>> received = receive().toCompletableFuture();
        received.cancel(false);
        time.timePasses(TIMEOUT);

        assertThat(received).isCancelled();
    }

    @Test
    void tellsThoseWhoWaitWhenItCloses() {
        CompletionStage<Routed<String>> first = receive();
        CompletionStage<Routed<String>> second = receive();
        box.close();
        box.close();

        assertThat(failureOf(first)).isEqualTo(Reason.MAILBOX_CLOSED);
        assertThat(failureOf(second)).isEqualTo(Reason.MAILBOX_CLOSED);
        assertThat(failureOf(receive())).isEqualTo(Reason.MAILBOX_CLOSED);
        assertThat(send("late")).isEqualTo(SendResult.refused(RoutingDropReason.NO_SUCH_ADDRESS));
        assertThat(node.addressCount()).isEqualTo(1);
    }

    @Test
    void forgetsWhatItHeldWhenItCloses() {
        send("unread");
        box.close();

        assertThat(failureOf(receive())).isEqualTo(Reason.MAILBOX_CLOSED);
        Mailbox successor = node.mailbox("box");
        send("for the successor");
        assertThat(body(successor.receive(Codec.string()))).isEqualTo("for the successor");
    }

    @Test
    void countsWhatWasOnItsWayWhenItClosed() {
        AtomicReference<@Nullable Mailbox> closing = new AtomicReference<>();
        Mailbox asked = node.mailbox(
                Address.of("asked"),
                (source, destination, message) -> {
                    Objects.requireNonNull(closing.get()).close();
                    return true;
                },
                AccessControl.allowAll());
        closing.set(asked);

        assertThat(sender.send(Route.of("asked"), Codec.string(), "on its way")).isEqualTo(SendResult.accepted());

        assertThat(node.dropped(RoutingDropReason.NO_SUCH_ADDRESS)).isEqualTo(1);
    }

    @Test
    void closesWithTheNode() {
        CompletionStage<Routed<String>> received = receive();
        await(node.stop());

        assertThat(failureOf(received)).isEqualTo(Reason.MAILBOX_CLOSED);
        assertThat(send("late")).isEqualTo(SendResult.refused(RoutingDropReason.NODE_STOPPED));
    }

    @Test
    void mayBeStoppedByItsAddress() {
        await(node.stop(box.address()));

        assertThat(failureOf(receive())).isEqualTo(Reason.MAILBOX_CLOSED);
    }

    @Test
    void doesNotEndItsReceiveWithWhatItsAccessControlRefuses() {
        Mailbox picky = node.mailbox(
                Address.of("picky"), AccessControl.allowSource(sender.address()), AccessControl.allowAll());
        CompletionStage<Routed<String>> received = picky.receive(Codec.string());
        assertThat(box.send(Route.of("picky"), Codec.string(), "refused")).isEqualTo(SendResult.accepted());
        sender.send(Route.of("picky"), Codec.string(), "let in");

        assertThat(body(received)).isEqualTo("let in");
        assertThat(node.dropped(RoutingDropReason.INCOMING_DENIED)).isEqualTo(1);
    }

    @Test
    void completesStagesWhereUserCodeMayRun() {
        CompletionStage<String> thread =
                receive().thenApply(message -> Thread.currentThread().getName());
        node.start(Address.of("hop"), Hop.create()); // so that the message comes from a thread that moves messages
        sender.send(Route.of("hop", "box"), Codec.string(), "hello");

        assertThat(await(thread)).contains("akka.actor.default-dispatcher");
    }

    @Test
    void showsItsAddressOnly() {
        assertThat(box).hasToString("Mailbox(0#box)");
    }
}
