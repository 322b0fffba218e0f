// SPDX-License-Identifier: Apache-2.0

package ockam.benchmarks;

import akka.Done;
import akka.util.ByteString;
import java.util.concurrent.TimeUnit;
import ockam.wire.Route;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Messages through hops of one node, without a channel; one hop is the difference between two rows. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // JMH sets the fields
public class HopBenchmark {
    private static final int MESSAGES = 4096;

    private final ByteString payload = ByteString.fromArray(new byte[1024]);

    /** The number of hops. */
    @Param({"0", "1", "2", "3"})
    public int hops;

    private TestBed bed;
    private PlainSends sends;
    private Route route;
    private BareTells tells;

    /** Starts a node. */
    @Setup
    public void start() throws Exception {
        bed = new TestBed();
        sends = new PlainSends(bed);
        route = bed.route(hops, sends.receiver());
        tells = new BareTells(bed.system(), hops + 1);
    }

    /** Stops it. */
    @TearDown
    public void stop() {
        bed.close();
    }

    /** Through the node. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public Done routed() throws Exception {
        return TestBed.await(sends.send(route, payload, MESSAGES));
    }

    /** The floor: the same number of actors, and nothing but tells. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public Done bare() throws Exception {
        return TestBed.await(tells.send(payload, MESSAGES));
    }
}
