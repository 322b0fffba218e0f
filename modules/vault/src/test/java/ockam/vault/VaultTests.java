// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import ockam.vault.VaultException.Reason;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Helpers shared by the tests of this module. */
final class VaultTests {
    static final byte[] NO_AAD = {};

    private VaultTests() {}

    static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    /** Returns {@code length} bytes that count up from {@code first}. */
    static byte[] counting(int first, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (first + i);
        }
        return bytes;
    }

    static SoftwareVault synchronousVault() {
        return SoftwareVault.create(Runnable::run);
    }

    /** Returns the bytes of a software secret. */
    static byte[] bytesOf(Secret secret) {
        return ((SoftwareSecret) secret).copyBytes();
    }

    /** Returns the result of a completed stage. */
    static <T> T done(CompletionStage<T> stage) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        assertThat(future).isDone();
        return future.join();
    }

    static void assertRefused(Reason reason, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        VaultException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    /** Asserts that the stage failed with the exception itself, not with one that wraps it. */
    static void assertRefused(Reason reason, CompletionStage<?> stage) {
        Throwable failure = done(stage.handle((result, thrown) -> thrown));
        assertThat(failure)
                .isInstanceOfSatisfying(
                        VaultException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }
}
