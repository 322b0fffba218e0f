// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import static ockam.fixtures.Stages.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.CompletionStage;
import ockam.identity.IdentityException.Reason;
import ockam.vault.Vault;

/** Helpers shared by the tests of this module. */
final class IdentityTests {
    /** When the validity of the identities in the worked examples begins. */
    static final long NOW = 1_700_000_000L;

    private IdentityTests() {}

    /** Returns the same bytes with one bit of one byte changed. */
    static ByteString flipped(ByteString bytes, int index) {
        byte[] copy = bytes.toArray();
        copy[index] ^= 1;
        return ByteString.fromArray(copy);
    }

    static Clock clockAt(long seconds) {
        return Clock.fixed(Instant.ofEpochSecond(seconds), ZoneOffset.UTC);
    }

    static Identities identitiesAt(long seconds, Vault vault, IdentityRepository repository) {
        return Identities.create(vault, repository, clockAt(seconds));
    }

    static void assertRefused(Reason reason, CompletionStage<?> stage) {
        assertThat(failureOf(stage))
                .isInstanceOfSatisfying(
                        IdentityException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }
}
