// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import static ockam.fixtures.ExampleIdentities.filled;
import static ockam.fixtures.Stages.await;
import static ockam.fixtures.Stages.done;
import static ockam.fixtures.Stages.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import ockam.channel.SignatureQueue.Turn;
import ockam.fixtures.Threads;
import ockam.vault.Ed25519PublicKey;
import ockam.vault.Ed25519Signature;
import ockam.vault.Signature;
import ockam.vault.VerifyingKey;
import ockam.vault.VerifyingVault;
import org.junit.jupiter.api.Test;

/** The queue in which strangers have their signatures verified. */
class SignatureQueueTest {
    private static final VerifyingKey KEY = Ed25519PublicKey.of(filled(1));
    private static final Signature SIGNATURE = Ed25519Signature.of(new byte[Ed25519Signature.LENGTH]);

    /** Answers when it is told to. */
    private static final class Vault implements VerifyingVault {
        private final List<Byte> asked = new ArrayList<>();
        private final Queue<CompletableFuture<Boolean>> open = new ArrayDeque<>();

        @Override
        public CompletionStage<Boolean> verify(VerifyingKey key, byte[] message, Signature signature) {
            asked.add(message[0]);
            CompletableFuture<Boolean> answer = new CompletableFuture<>();
            open.add(answer);
            return answer;
        }

        void answer(boolean valid) {
            open.remove().complete(valid);
        }
    }

    private final Vault vault = new Vault();
    private final SignatureQueue queue = new SignatureQueue(Runnable::run);

    private static CompletionStage<Boolean> ask(Turn turn, int message) {
        return turn.verify(KEY, new byte[] {(byte) message}, SIGNATURE);
    }

    /** As many as these, one after the other. */
    private static CompletionStage<Boolean> askAll(Turn turn, int message, int count) {
        CompletionStage<Boolean> chain = ask(turn, message);
        for (int i = 1; i < count; i++) {
            chain = chain.thenCompose(valid -> ask(turn, message));
        }
        return chain;
    }

    @Test
    void passesQuestionAndAnswerOn() {
        CompletionStage<Boolean> yes = ask(queue.turn(vault), 1);
        CompletionStage<Boolean> no = ask(queue.turn(vault), 2);

        vault.answer(true);
        vault.answer(false);

        assertThat(done(yes)).isTrue();
        assertThat(done(no)).isFalse();
    }

    @Test
    void asksTheVaultForOneAtATimeAndGivesEachItsTurn() {
        CompletionStage<Boolean> first = askAll(queue.turn(vault), 1, 4);
        CompletionStage<Boolean> second = askAll(queue.turn(vault), 2, 4);
        CompletionStage<Boolean> third = askAll(queue.turn(vault), 3, 2);

        while (!vault.open.isEmpty()) {
            assertThat(vault.open).hasSize(1);
            vault.answer(true);
        }

        assertThat(vault.asked).containsExactly(bytes(1, 2, 3, 1, 2, 3, 1, 2, 1, 2));
        assertThat(List.of(done(first), done(second), done(third))).containsOnly(true);
    }

    private static Byte[] bytes(int... values) {
        Byte[] bytes = new Byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    @Test
    void whoLeavesIsNotAskedForAndHoldsUpNobody() {
        Turn running = queue.turn(vault);
        Turn waiting = queue.turn(vault);
        CompletionStage<Boolean> unanswered = askAll(running, 1, 2);
        CompletionStage<Boolean> dropped = ask(waiting, 2);
        CompletionStage<Boolean> last = ask(queue.turn(vault), 3);

        waiting.leave();
        running.leave(); // the vault never answers
        assertThat(vault.asked).containsExactly(bytes(1, 3));
        vault.answer(true); // it does, but nobody wants to know
        assertThat(vault.asked).containsExactly(bytes(1, 3));
        vault.answer(true);

        assertThat(done(last)).isTrue();
        assertThat(dropped.toCompletableFuture()).isNotDone();
        assertThat(unanswered.toCompletableFuture()).isNotDone();
        CompletionStage<Boolean> late = ask(waiting, 4);
        assertThat(late.toCompletableFuture()).isNotDone();
        assertThat(vault.asked).hasSize(2);
        waiting.leave();
        assertThat(done(askAnswered(queue.turn(vault)))).isTrue();
    }

    private CompletionStage<Boolean> askAnswered(Turn turn) {
        CompletionStage<Boolean> answer = ask(turn, 9);
        vault.answer(true);
        return answer;
    }

    @Test
    void oneTurnHoldsOneSignature() {
        Turn turn = queue.turn(vault);
        CompletionStage<Boolean> first = ask(turn, 1);

        assertThat(failureOf(ask(turn, 2))).isInstanceOf(IllegalStateException.class);

        vault.answer(true);
        assertThat(done(first)).isTrue();
        assertThat(vault.asked).containsExactly(bytes(1));
    }

    @Test
    void goesOnAfterAVaultThatFailsOrThrows() {
        VerifyingVault failing = (key, message, signature) ->
                CompletableFuture.failedFuture(new IllegalStateException("the vault is out of order"));
        VerifyingVault throwing = (key, message, signature) -> {
            throw new AssertionError("a bug");
        };

        assertThat(failureOf(ask(queue.turn(failing), 1))).isInstanceOf(IllegalStateException.class);
        assertThat(failureOf(ask(queue.turn(throwing), 1))).isInstanceOf(AssertionError.class);
        assertThat(done(askAnswered(queue.turn(vault)))).isTrue();
    }

    @Test
    void answersAllWhenTheActorSystemTakesNoMoreWork() {
        SignatureQueue rejected = new SignatureQueue(work -> {
            throw new RejectedExecutionException("over");
        });

        for (int i = 0; i < 3; i++) {
            assertThat(failureOf(ask(rejected.turn(vault), 1))).isInstanceOf(RejectedExecutionException.class);
        }
    }

    @Test
    void copiesTheMessageAtOnce() {
        var unused = ask(queue.turn(vault), 1);
        byte[] message = {2};
        var copied = queue.turn(vault).verify(KEY, message, SIGNATURE);
        message[0] = 3;

        vault.answer(true);

        assertThat(vault.asked).containsExactly(bytes(1, 2));
        vault.answer(true);
        assertThat(done(copied)).isTrue();
    }

    /** A fork-join thread that gave itself the next signature each time would come to nothing else until there are no more. */
    @Test
    void leavesTheThreadsOfTheVaultToOthersInBetween() {
        int many = 2_000;
        ForkJoinPool pool = new ForkJoinPool(1, ForkJoinPool.defaultForkJoinWorkerThreadFactory, null, true);
        ExecutorService dispatcher = Executors.newSingleThreadExecutor();
        try {
            AtomicInteger verified = new AtomicInteger();
            VerifyingVault onPool = (key, message, signature) ->
                    CompletableFuture.supplyAsync(() -> verified.incrementAndGet() > 0, pool);
            CompletableFuture<Integer> seenByOther = new CompletableFuture<>();
            CountDownLatch allIsThere = new CountDownLatch(1);
            var blocked = pool.submit(() -> allIsThere.await(1, TimeUnit.MINUTES));
            CompletionStage<Boolean> strangers = askAll(new SignatureQueue(dispatcher).turn(onPool), 1, many);
            pool.execute(() -> seenByOther.complete(verified.get()));
            allIsThere.countDown();

            assertThat(await(strangers)).isTrue();
            assertThat(await(seenByOther)).isLessThan(many);
            assertThat(blocked.join()).isTrue();
        } finally {
            pool.shutdownNow();
            dispatcher.shutdownNow();
        }
    }

    @Test
    void losesNothingWhenManyAskAndLeaveAtOnce() {
        ExecutorService dispatcher = Executors.newFixedThreadPool(2);
        ExecutorService curves = Executors.newFixedThreadPool(2);
        try {
            AtomicInteger atOnce = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            VerifyingVault counting = (key, message, signature) -> CompletableFuture.supplyAsync(
                    () -> {
                        most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
                        atOnce.decrementAndGet();
                        return true;
                    },
                    curves);
            SignatureQueue real = new SignatureQueue(dispatcher);

            Threads.race(4, thread -> {
                for (int i = 0; i < 200; i++) {
                    if (thread == 0) {
                        Turn leaving = real.turn((key, message, signature) -> new CompletableFuture<>());
                        var unused = ask(leaving, i);
                        leaving.leave();
                    } else {
                        assertThat(await(askAll(real.turn(counting), i, 5))).isTrue();
                    }
                }
            });

            assertThat(most.get()).isOne();
        } finally {
            dispatcher.shutdownNow();
            curves.shutdownNow();
        }
    }
}
