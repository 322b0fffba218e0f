// SPDX-License-Identifier: Apache-2.0

package ockam.benchmarks;

import java.util.concurrent.TimeUnit;
import ockam.vault.AeadKey;
import ockam.vault.SoftwareVault;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Sealing and opening with a key of the vault. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH sets the fields
public class AeadKeyBenchmark {
    private static final byte[] NO_AAD = new byte[0];

    /** Bytes of plaintext. */
    @Param({"64", "1024", "16384"})
    public int size;

    private AeadKey key;
    private long nonce;
    private byte[] buffer;
    private byte[] sealed;
    private byte[] opened;

    /** Creates a key, and something to open. */
    @Setup
    public void prepare() {
        SoftwareVault vault = SoftwareVault.create(Runnable::run);
        key = vault.aeadKey(vault.secretOf(new byte[32]));
        buffer = new byte[size + AeadKey.TAG_LENGTH];
        sealed = new byte[size + AeadKey.TAG_LENGTH];
        opened = new byte[size];
        key.seal(nonce++, NO_AAD, sealed, 0, size);
    }

    /** Seals in place. */
    @Benchmark
    public byte[] seal() {
        key.seal(nonce++, NO_AAD, buffer, 0, size);
        return buffer;
    }

    /** Opens into another array. */
    @Benchmark
    public boolean open() {
        return key.open(0, NO_AAD, sealed, 0, sealed.length, opened, 0);
    }

    /** The additional cost of every 32nd frame, on each side. */
    @Benchmark
    public AeadKey rekey() {
        AeadKey next = key.rekey();
        next.erase();
        return next;
    }
}
