// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletionStage;
import ockam.fixtures.Stages;

/** What an authority refuses. */
final class Refusals {
    private Refusals() {}

    static void isRefused(CompletionStage<?> stage, AuthorityException.Reason reason, int status, String answer) {
        assertThat(Stages.awaitFailureOf(stage)).isInstanceOfSatisfying(AuthorityException.class, failure -> {
            assertThat(failure.reason()).isEqualTo(reason);
            assertThat(failure.status()).isEqualTo(status);
            assertThat(failure.answer()).isEqualTo(answer);
        });
    }

    static void isForbidden(CompletionStage<?> stage, String answer) {
        isRefused(stage, AuthorityException.Reason.REFUSED, 403, answer);
    }
}
