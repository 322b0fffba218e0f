// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import akka.Done;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import ockam.wire.internal.Failures;

/** The application's code that sets a channel up before anything that the peer sends is delivered. */
final class SetupHandler {
    private final Function<SecureChannel, ? extends CompletionStage<?>> code;

    private SetupHandler(Function<SecureChannel, ? extends CompletionStage<?>> code) {
        this.code = code;
    }

    /** Code that is done when it returns. */
    static SetupHandler of(Consumer<SecureChannel> code) {
        Objects.requireNonNull(code, "setup");
        return new SetupHandler(channel -> {
            code.accept(channel);
            return CompletableFuture.completedStage(Done.getInstance());
        });
    }

    /** Code that is done when its stage completes. */
    static SetupHandler ofStage(Function<SecureChannel, ? extends CompletionStage<?>> code) {
        return new SetupHandler(Objects.requireNonNull(code, "setup"));
    }

    /** Runs the code on the executor. The stage completes when it is done, and fails with what it throws or its own stage fails with. */
    CompletionStage<Done> setUp(SecureChannel channel, Executor executor) {
        CompletableFuture<Done> done = new CompletableFuture<>();
        executor.execute(() -> {
            try {
                var unused = code.apply(channel).whenComplete((result, failure) -> {
                    if (failure == null) {
                        done.complete(Done.getInstance());
                    } else {
                        done.completeExceptionally(failure);
                    }
                });
            } catch (Throwable e) {
                Failures.rethrowIfFatal(e);
                done.completeExceptionally(e);
            }
        });
        return done;
    }
}
