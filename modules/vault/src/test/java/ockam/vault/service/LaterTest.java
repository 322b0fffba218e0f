// SPDX-License-Identifier: Apache-2.0

package ockam.vault.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LaterTest {
    private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1);
    private final Later later = Later.on(executor);

    @AfterEach
    void stop() {
        executor.shutdownNow();
    }

    @Test
    void runsTheActionOnTheExecutor() throws Exception {
        CompletableFuture<Thread> ran = new CompletableFuture<>();
        Runnable cancel = later.after(Duration.ofMillis(1), () -> ran.complete(Thread.currentThread()));
        assertThat(ran.get(10, TimeUnit.SECONDS)).isNotEqualTo(Thread.currentThread());
        cancel.run(); // too late, and allowed
    }

    @Test
    void actionThatIsCancelledDoesNotRun() {
        executor.setRemoveOnCancelPolicy(true);
        Runnable cancel = later.after(Duration.ofDays(1), () -> {});
        assertThat(executor.getQueue()).hasSize(1);
        cancel.run();
        cancel.run();
        assertThat(executor.getQueue()).isEmpty();
    }
}
