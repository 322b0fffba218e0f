// SPDX-License-Identifier: Apache-2.0

package ockam.vault.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import ockam.vault.VaultException;
import ockam.vault.VaultException.Reason;

/** How stages end that must have ended by now. */
final class Ends {
    private Ends() {}

    static <T> T done(CompletionStage<T> stage) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        assertThat(future).isDone();
        return future.join();
    }

    static VaultException failed(Reason reason, CompletionStage<?> stage) {
        Throwable failure = done(stage.handle((result, thrown) -> thrown));
        assertThat(failure)
                .isInstanceOfSatisfying(
                        VaultException.class, e -> assertThat(e.reason()).isEqualTo(reason));
        return (VaultException) failure;
    }

    static void open(CompletionStage<?> stage) {
        assertThat(stage.toCompletableFuture()).isNotDone();
    }
}
