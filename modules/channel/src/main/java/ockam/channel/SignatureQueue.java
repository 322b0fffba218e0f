// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import ockam.vault.Signature;
import ockam.vault.VerifyingKey;
import ockam.vault.VerifyingVault;
import org.jspecify.annotations.Nullable;

/**
 * Verifies the signatures that peers show, one at a time and each peer in turn. So they never keep more than one thread of a vault busy, and
 * a peer that shows few signatures does not wait until all those of another are done. The queue holds at most one signature of each peer,
 * so it is never longer than there are handshakes, or channels. Thread safe.
 */
final class SignatureQueue {
    /**
     * Where the vault is called. Not on a thread of the vault: a thread of a fork-join pool prefers tasks that it submitted itself, and
     * would do nothing else until this queue is empty.
     */
    private final Executor executor;

    private final Object lock = new Object();
    private final Queue<Turn> waiting = new ArrayDeque<>();
    private @Nullable Turn running;

    SignatureQueue(Executor executor) {
        this.executor = executor;
    }

    /** Returns a place in the queue for one peer, whose signatures this vault verifies. */
    Turn turn(VerifyingVault vault) {
        return new Turn(vault);
    }

    /** One peer's place in the queue: a vault that takes one call at a time, and answers when it is this peer's turn. */
    final class Turn implements VerifyingVault {
        private final VerifyingVault vault;
        private @Nullable Check check;
        private boolean left;

        private Turn(VerifyingVault vault) {
            this.vault = vault;
        }

        @Override
        public CompletionStage<Boolean> verify(VerifyingKey key, byte[] message, Signature signature) {
            byte[] copy = message.clone();
            Check next = new Check(() -> vault.verify(key, copy, signature), new CompletableFuture<>());
            synchronized (lock) {
                if (check != null) {
                    return CompletableFuture.failedFuture(new IllegalStateException("one signature at a time"));
                }
                if (left) {
                    return next.answer();
                }
                check = next;
                waiting.add(this);
            }
            runNext();
            return next.answer();
        }

        /** Ends the turn: a signature that waits is dropped, and one that is being verified holds up no other. */
        void leave() {
            synchronized (lock) {
                left = true;
                waiting.remove(this);
            }
            end(this);
        }
    }

    /**
     * One signature.
     *
     * @param work asks the vault
     * @param answer may never complete once the turn has ended
     */
    private record Check(Supplier<CompletionStage<Boolean>> work, CompletableFuture<Boolean> answer) {}

    private void runNext() {
        Turn turn;
        Check check;
        synchronized (lock) {
            if (running != null || waiting.isEmpty()) {
                return;
            }
            turn = waiting.remove();
            check = Objects.requireNonNull(turn.check);
            running = turn;
        }
        try {
            executor.execute(() -> run(turn, check));
        } catch (RejectedExecutionException e) { // the actor system terminates
            answer(turn, check, null, e);
        }
    }

    private void run(Turn turn, Check check) {
        CompletionStage<Boolean> stage;
        try {
            stage = check.work().get();
        } catch (RuntimeException | Error e) {
            stage = CompletableFuture.failedFuture(e);
        }
        var unused = stage.whenComplete((valid, failure) -> answer(turn, check, valid, failure));
    }

    private void answer(Turn turn, Check check, @Nullable Boolean valid, @Nullable Throwable failure) {
        end(turn);
        if (failure == null) {
            check.answer().complete(valid);
        } else {
            check.answer().completeExceptionally(failure);
        }
    }

    private void end(Turn turn) {
        synchronized (lock) {
            turn.check = null;
            if (running != turn) {
                return;
            }
            running = null;
        }
        runNext();
    }
}
