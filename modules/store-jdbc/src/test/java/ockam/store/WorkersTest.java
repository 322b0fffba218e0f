// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import static ockam.store.StoreTests.get;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class WorkersTest {
    @Test
    void closingDoesNotBlockTheCaller() {
        CompletableFuture<Thread> closing = new CompletableFuture<>();
        Workers idle = new Workers(1, 1, () -> closing.complete(Thread.currentThread()));

        get(idle.close());

        assertThat(get(closing)).isNotSameAs(Thread.currentThread());
    }

    @Test
    void closingSaysWhatHasFailed() {
        IllegalStateException thrown = new IllegalStateException("enough");
        Workers idle = new Workers(1, 1, () -> {
            throw thrown;
        });

        assertThat(StoreTests.failureOf(idle.close())).isSameAs(thrown);
    }
}
