// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import static ockam.fixtures.Stages.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.CompletionStage;
import ockam.identity.IdentityException.Reason;
import ockam.vault.Vault;

/** What the tests of this module share. */
final class IdentityTests {
    /** When the identities of the worked examples begin. */
    static final long NOW = 1_700_000_000L;

    private IdentityTests() {}

    static ByteString hex(String text) {
        return ByteString.fromArray(HexFormat.of().parseHex(text.replaceAll("\\s", "")));
    }

    static String hex(ByteString bytes) {
        return HexFormat.of().formatHex(bytes.toArray());
    }

    /** 32 bytes of the same value, as the keys of the worked examples have. */
    static byte[] filled(int value) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    /** The same bytes with one bit of one byte changed. */
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
