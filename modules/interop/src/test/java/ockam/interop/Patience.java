// SPDX-License-Identifier: Apache-2.0

package ockam.interop;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Waits as long as a busy machine may need. */
final class Patience {
    static final long SECONDS = 60;
    static final Duration TIME = Duration.ofSeconds(SECONDS);

    private Patience() {}

    /** The result of a stage. */
    static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(SECONDS, TimeUnit.SECONDS).join();
    }

    /** The failure of a stage, which must not have a result. */
    static Throwable awaitFailure(CompletionStage<?> stage) {
        try {
            throw new AssertionError("no failure but " + await(stage));
        } catch (CompletionException e) {
            return Objects.requireNonNull(e.getCause());
        }
    }
}
