// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import ockam.fixtures.Stages;
import ockam.vault.VaultException;
import ockam.wire.Address;
import org.quicktheories.QuickTheory;

/** What the tests of this module share. */
final class ChannelTests {
    static final byte[] NOTHING = {};

    static final Liveness LIVENESS = new Liveness(Address.of("echo"), Duration.ofSeconds(1), Duration.ofSeconds(2));

    /** Without a random part. */
    static final CredentialRefreshSettings REFRESH = new CredentialRefreshSettings(
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            Duration.ofSeconds(10),
            Duration.ofMinutes(2),
            Duration.ofMinutes(2),
            0);

    private static final long SEED = 20_261_124;

    private ChannelTests() {}

    /** For an opener whose frames are not far ahead: it never tries one. */
    static CatchUp noCatchUp() {
        return new CatchUp(new RateLimit(0, () -> 0), () -> 0);
    }

    /** The same bytes with one bit of one byte changed. */
    static byte[] flipped(byte[] bytes, int index) {
        byte[] copy = bytes.clone();
        copy[index] ^= (byte) (1 << (index % 8));
        return copy;
    }

    static byte[] cut(byte[] bytes, int length) {
        return Arrays.copyOf(bytes, length);
    }

    static byte[] join(byte[]... parts) {
        byte[] all = {};
        for (byte[] part : parts) {
            int end = all.length;
            all = Arrays.copyOf(all, end + part.length);
            System.arraycopy(part, 0, all, end, part.length);
        }
        return all;
    }

    static byte[] random(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** The same numbers in each run, so that a failure can be repeated. */
    static Random random() {
        return new Random(SEED);
    }

    /** Properties with a fixed seed, for the same reason. */
    static QuickTheory properties(int examples) {
        return QuickTheory.qt().withFixedSeed(SEED).withExamples(examples);
    }

    /** Why a stage that is already done has failed. The handshake composes stages, each of which wraps what the one before threw. */
    static Throwable failureOf(CompletionStage<?> stage) {
        Throwable failure = Stages.failureOf(stage);
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    static void assertRefused(NoiseException.Reason reason, CompletionStage<?> stage) {
        assertThat(failureOf(stage))
                .isInstanceOfSatisfying(
                        NoiseException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    static void assertRefused(VaultException.Reason reason, CompletionStage<?> stage) {
        assertThat(failureOf(stage))
                .isInstanceOfSatisfying(
                        VaultException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }
}
