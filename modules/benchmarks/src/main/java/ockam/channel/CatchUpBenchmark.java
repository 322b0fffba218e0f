// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import ockam.vault.SoftwareVault;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a forged frame costs that is as far ahead as a frame that is tried may be. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class CatchUpBenchmark {
    private final SoftwareVault vault = SoftwareVault.create(Runnable::run);
    private final RateLimit unlimited = new RateLimit(Integer.MAX_VALUE, System::nanoTime);
    private final FrameOpener opener = new FrameOpener(
            vault.aeadKey(vault.secretOf(new byte[32])), new CatchUp(unlimited, unlimited, System::nanoTime));
    private final byte[] forged =
            ByteBuffer.allocate(100).putLong(ReplayWindow.REACH).array();

    /** Derives 1,024 keys. */
    @Benchmark
    public byte[] refuseFarAhead() {
        byte[] plaintext = opener.open(forged);
        if (plaintext != null) {
            throw new IllegalStateException("a forged frame was accepted");
        }
        return forged;
    }
}
