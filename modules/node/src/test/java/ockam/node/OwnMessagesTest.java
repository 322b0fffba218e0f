// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.StashBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import ockam.routing.SendResult;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A worker has only {@code Routed} in its type, but may be written with its own messages and then narrowed. */
class OwnMessagesTest {
    @RegisterExtension
    static final NodeKit KIT = new NodeKit();

    private static final Address WORKER = Address.of("worker");

    private final Node node = KIT.node();
    private final Mailbox app = node.mailbox("app");

    /** Looks each question up elsewhere, and replies when the result is there; one at a time, the others wait. */
    private static final class Oracle {
        private record Found(Routed<String> question, String answer) {}

        private enum Tick {
            INSTANCE
        }

        private final ActorContext<Object> context;
        private final StashBuffer<Object> waiting;

        static Behavior<Routed<String>> create() {
            Behavior<Object> all = Behaviors.setup(context -> Behaviors.withTimers(timers -> {
                timers.startSingleTimer(Tick.INSTANCE, Duration.ZERO);
                return Behaviors.withStash(100, stash -> new Oracle(context, stash).beforeTick());
            }));
            return all.narrow();
        }

        private Oracle(ActorContext<Object> context, StashBuffer<Object> waiting) {
            this.context = context;
            this.waiting = waiting;
        }

        private Behavior<Object> beforeTick() {
            return Behaviors.receive(Object.class)
                    .onMessage(Tick.class, tick -> waiting.unstashAll(idle()))
                    .onAnyMessage(this::keep)
                    .build();
        }

        private Behavior<Object> keep(Object message) {
            waiting.stash(message);
            return Behaviors.same();
        }

        private Behavior<Object> idle() {
            return Behaviors.receive(Object.class)
                    .onMessage(Routed.<String>type(), question -> {
                        context.pipeToSelf(
                                CompletableFuture.supplyAsync(() -> "about " + question.body()),
                                (answer, failure) -> new Found(question, answer));
                        return looking();
                    })
                    .build();
        }

        private Behavior<Object> looking() {
            return Behaviors.receive(Object.class)
                    .onMessage(Found.class, found -> {
                        context.getSelf().tell(new Found(found.question(), found.answer() + ", sent to myself"));
                        return answering();
                    })
                    .onAnyMessage(this::keep)
                    .build();
        }

        private Behavior<Object> answering() {
            return Behaviors.receive(Object.class)
                    .onMessage(Found.class, found -> {
                        found.question().reply(found.answer());
                        return waiting.unstashAll(idle());
                    })
                    .onAnyMessage(this::keep)
                    .build();
        }
    }

    private void send(String body) {
        assertThat(app.send(Route.of(WORKER), Codec.string(), body)).isEqualTo(SendResult.accepted());
    }

    private String answer() {
        return await(app.receive(Codec.string())).body();
    }

    @Test
    void mayUseTimersPipesStashAndMessagesToItself() {
        node.start(WORKER, Codec.string(), Oracle.create());
        send("Delphi");
        send("Dodona");

        assertThat(answer()).isEqualTo("about Delphi, sent to myself");
        assertThat(answer()).isEqualTo("about Dodona, sent to myself");
        await(node.stop(WORKER));
    }

    @Test
    void mayKeepRoutedMessageAndHandItToItselfAgain() {
        node.start(
                WORKER,
                Codec.string(),
                Behaviors.setup(context -> Behaviors.withTimers(timers -> {
                    boolean[] seen = {false};
                    return Behaviors.receiveMessage(message -> {
                        if (seen[0]) {
                            message.reply("the second time");
                        } else {
                            seen[0] = true;
                            timers.startSingleTimer(message, Duration.ofMillis(1));
                        }
                        return Behaviors.same();
                    });
                })));
        send("hello");

        assertThat(answer()).isEqualTo("the second time");
    }

    @Test
    void mayAnswerLaterFromElsewhere() {
        TestProbe<Routed<String>> kept = KIT.probe();
        node.start(WORKER, Codec.string(), Behaviors.receiveMessage(message -> {
            kept.getRef().tell(message);
            return Behaviors.same();
        }));
        send("hello");
        Routed<String> message = kept.receiveMessage();
        await(node.stop(WORKER));

        message.reply("though nobody lives there any more");
        assertThat(answer()).isEqualTo("though nobody lives there any more");
    }
}
