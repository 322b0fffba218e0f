// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import static ockam.store.StoreTests.assertRefused;
import static ockam.store.StoreTests.get;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import ockam.store.StoreException.Reason;
import org.junit.jupiter.api.Test;

class WorkersTest {
    private static final int SECONDS = 5;

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1); // it overflows, as it may
    private final CompletableFuture<Boolean> begun = new CompletableFuture<>();

    private Workers workers(Runnable afterwards) {
        return new Workers(1, 10, new Patience(Duration.ofSeconds(SECONDS), now::get), afterwards);
    }

    private void pass(int seconds) {
        now.addAndGet(Duration.ofSeconds(seconds).toNanos());
    }

    /** Occupies the only thread until {@link #begun}. */
    private CompletionStage<Boolean> first(Workers workers, int seconds, Reason failure) {
        return workers.run(() -> {
            get(begun);
            return fail(seconds, failure);
        });
    }

    private boolean fail(int seconds, Reason failure) {
        pass(seconds);
        throw new StoreException(failure, "as in a test");
    }

    @Test
    void thoseThatHaveWaitedAreNotTriedInTurn() {
        Workers workers = workers(() -> {});
        AtomicBoolean tried = new AtomicBoolean();
        CompletionStage<Boolean> first = first(workers, SECONDS, Reason.BUSY);
        CompletionStage<Boolean> second = workers.run(() -> tried.getAndSet(true));
        CompletionStage<?> closed = workers.close();

        begun.complete(true);

        assertRefused(Reason.BUSY, first);
        assertRefused(Reason.BUSY, second);
        assertThat(tried).isFalse();
        get(closed);
    }

    @Test
    void soItIsWhenTheDatabaseIsAway() {
        Workers workers = workers(() -> {});
        CompletionStage<Boolean> first = first(workers, SECONDS, Reason.DATABASE_FAILED);
        CompletionStage<Boolean> second = workers.run(() -> true);

        begun.complete(true);

        assertRefused(Reason.DATABASE_FAILED, first);
        assertRefused(Reason.BUSY, second);
        assertThat(get(workers.run(() -> true))).as("queued since").isTrue();
        get(workers.close());
    }

    @Test
    void thoseThatHaveNotWaitedSoLongAreTried() {
        Workers workers = workers(() -> {});
        CompletionStage<Boolean> first = first(workers, SECONDS - 1, Reason.BUSY);
        pass(1);
        CompletionStage<Boolean> second = workers.run(() -> fail(SECONDS, Reason.BUSY));
        CompletionStage<Boolean> third = workers.run(() -> true);

        begun.complete(true);

        assertRefused(Reason.BUSY, first);
        assertThat(StoreTests.failureOf(second)).hasMessage("as in a test");
        assertRefused(Reason.BUSY, third);
        get(workers.close());
    }

    @Test
    void behindWorkThatIsSlowTheyWait() {
        Workers workers = workers(() -> {});
        CompletionStage<Boolean> first = workers.run(() -> {
            get(begun);
            pass(100);
            return true;
        });
        CompletionStage<Boolean> second = workers.run(() -> true);

        begun.complete(true);

        assertThat(get(first) && get(second)).isTrue();
        get(workers.close());
    }

    @Test
    void failuresThatComeAtOnceKeepNobodyFromWaiting() {
        Workers workers = workers(() -> {});
        CompletionStage<Boolean> first = first(workers, 0, Reason.DATABASE_FAILED);
        CompletionStage<Boolean> slow = workers.run(() -> {
            pass(100);
            return true;
        });
        CompletionStage<Boolean> last = workers.run(() -> true);

        begun.complete(true);

        assertRefused(Reason.DATABASE_FAILED, first);
        assertThat(get(slow) && get(last)).isTrue();
        get(workers.close());
    }

    @Test
    void closingDoesNotBlockTheCaller() {
        CompletableFuture<Thread> closing = new CompletableFuture<>();
        Workers idle = workers(() -> closing.complete(Thread.currentThread()));

        get(idle.close());

        assertThat(get(closing)).isNotSameAs(Thread.currentThread());
    }

    @Test
    void closingSaysWhatHasFailed() {
        IllegalStateException thrown = new IllegalStateException("enough");
        Workers idle = workers(() -> {
            throw thrown;
        });

        assertThat(StoreTests.failureOf(idle.close())).isSameAs(thrown);
    }
}
