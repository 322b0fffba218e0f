// SPDX-License-Identifier: Apache-2.0

package ockam.vault.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.Provider;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import ockam.vault.KeyId;
import ockam.vault.SignatureAlgorithm;
import ockam.vault.VaultException;
import ockam.vault.VaultException.Reason;
import org.junit.jupiter.api.Test;

class Pkcs11KeyServiceTest {
    private static final KeyId ID = new KeyId("any");

    /** Offers nothing, like a provider whose slot is empty. */
    private static final class Empty extends Provider {
        private static final long serialVersionUID = 1L;

        Empty() {
            super("Empty", "1", "nothing");
        }
    }

    private static Pkcs11KeyService service(Executor executor) {
        return Pkcs11KeyService.create(
                new Empty(),
                () -> {
                    throw new AssertionError("nobody may ask for the PIN");
                },
                executor);
    }

    private static void assertFails(Reason reason, CompletionStage<?> stage) {
        CompletableFuture<Throwable> failure =
                stage.<Throwable>handle((result, thrown) -> thrown).toCompletableFuture();
        assertThat(failure).isDone();
        assertThat(failure.join())
                .isInstanceOfSatisfying(
                        VaultException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @Test
    void emptySlotIsUnavailable() {
        assertFails(Reason.UNAVAILABLE, service(Runnable::run).find(ID));
        assertFails(Reason.UNAVAILABLE, service(Runnable::run).generate(ID, SignatureAlgorithm.P256));
        assertFails(Reason.UNAVAILABLE, service(Runnable::run).delete(ID));
    }

    @Test
    void missingLibraryIsUnavailable() {
        assertThatThrownBy(() -> Pkcs11KeyService.provider("name = none\nlibrary = /there/is/none.so"))
                .isInstanceOfSatisfying(
                        VaultException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE));
    }

    /** The provider would look for {@code C:}, and read the rest as a line of its own. */
    @Test
    void pathThatTheProviderWouldBreakInTwoIsRefused() {
        assertThatThrownBy(() -> Pkcs11KeyService.provider("name = none\nlibrary = C:\\nfast\\cknfast.dll"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("write / in paths in place of \\");
        assertThatThrownBy(() -> Pkcs11KeyService.provider("name = none\nlibrary = C:\\fast\\ckfast.dll"))
                .isInstanceOf(VaultException.class)
                .rootCause()
                .hasMessageContaining("C:\\fast\\ckfast.dll");
    }

    @Test
    void thereAreOnlyP256Keys() {
        assertThat(service(Runnable::run).algorithms()).containsExactly(SignatureAlgorithm.P256);
        assertFails(Reason.UNSUPPORTED, service(Runnable::run).generate(ID, SignatureAlgorithm.ED25519));
    }

    @Test
    void executorThatRefusesIsOverloaded() {
        assertFails(
                Reason.OVERLOADED,
                service(task -> {
                            throw new RejectedExecutionException();
                        })
                        .find(ID));
    }

    @Test
    void nothingRunsOnTheCallersThread() {
        Queue<Runnable> waiting = new ArrayDeque<>();
        CompletionStage<?> found = service(waiting::add).find(ID);
        assertThat(found.toCompletableFuture()).isNotDone();
        waiting.remove().run();
        assertFails(Reason.UNAVAILABLE, found);
    }

    @Test
    void workThatIsCancelledNeverBeginsAndEndsWhenItsTurnComes() {
        Queue<Runnable> waiting = new ArrayDeque<>();
        var ran = new CompletableFuture<Boolean>();
        var task = new TokenTask<>(() -> ran.complete(true));
        waiting.add(task);
        assertThat(task.cancel(true)).isFalse();
        assertThat(task).isNotDone();
        waiting.remove().run();
        assertThat(task).isCancelled();
        assertThat(ran).isNotDone();
    }
}
