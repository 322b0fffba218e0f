// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import akka.util.ByteString;
import java.util.concurrent.TimeUnit;
import ockam.vault.AeadKey;
import ockam.vault.SoftwareVault;
import ockam.wire.Decoded;
import ockam.wire.Route;
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

/** The work of encryptor and decryptor on a message: CBOR alone, and with the cipher and key changes. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH sets the fields
public class FrameBenchmark {
    private static final int FRAMES = 1024;

    /** Bytes of payload. */
    @Param({"64", "1024", "16384"})
    public int size;

    private final SoftwareVault vault = SoftwareVault.create(Runnable::run);
    private final byte[][] sealed = new byte[FRAMES][];
    private ChannelMessage.Payload message;
    private byte[] encoded;
    private FrameSealer sealer;
    private FrameOpener opener;
    private int next;

    /** Creates a message, and frames to open. */
    @Setup
    public void prepare() {
        message = new ChannelMessage.Payload(Route.of("sink"), Route.of("app"), ByteString.fromArray(new byte[size]));
        encoded = new byte[message.encodedSize()];
        message.writeTo(encoded, 0);
        sealer = new FrameSealer(key());
        for (int i = 0; i < FRAMES; i++) {
            sealed[i] = encodeAndSeal();
        }
        opener = new FrameOpener(key(), catchUp());
    }

    /** CBOR only. */
    @Benchmark
    public byte[] encode() {
        byte[] plaintext = new byte[message.encodedSize()];
        message.writeTo(plaintext, 0);
        return plaintext;
    }

    /** CBOR only. */
    @Benchmark
    public Decoded<?> decode() {
        return ChannelMessage.decode(encoded);
    }

    /** From a message to a frame. */
    @Benchmark
    public byte[] encodeAndSeal() {
        byte[] frame = new byte[message.encodedSize() + Frames.OVERHEAD];
        message.writeTo(frame, Frames.NONCE_LENGTH);
        sealer.seal(frame);
        return frame;
    }

    /** From a frame to a message; when all frames are used up, a new opener starts again. */
    @Benchmark
    public Decoded<?> openAndDecode() {
        if (next == FRAMES) {
            next = 0;
            opener.erase();
            opener = new FrameOpener(key(), catchUp());
        }
        byte[] plaintext = opener.open(sealed[next++]);
        if (plaintext == null) {
            throw new IllegalStateException("a frame was refused");
        }
        return ChannelMessage.decode(plaintext);
    }

    private static CatchUp catchUp() {
        return new CatchUp(new RateLimit(CatchUp.KEYS_PER_SECOND, System::nanoTime), System::nanoTime);
    }

    private AeadKey key() {
        return vault.aeadKey(vault.secretOf(new byte[32]));
    }
}
