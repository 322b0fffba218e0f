// SPDX-License-Identifier: Apache-2.0

package ockam.benchmarks;

import akka.util.ByteString;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import ockam.channel.SecureChannel;
import ockam.wire.Route;

/** The memory that open channels use while idle. */
final class IdleChannels {
    private static final int HOPS = 3;
    private static final int AT_ONCE = 8;

    private IdleChannels() {}

    /** The tables' name for channels through which nothing has been sent yet. */
    static final String FRESH = "fresh";

    /** The tables' name for channels through which a message has been sent in each direction. */
    static final String USED = "used";

    /** Opens more and more channels; {@code counts} must increase. */
    static void measure(Figures figures, List<Integer> counts) throws Exception {
        try (TestBed bed = new TestBed()) {
            Pinger pinger = new Pinger(bed.node());
            openChannels(bed, AT_ONCE); // loads the classes
            long before = heapInUse();
            List<SecureChannel> channels = new ArrayList<>();
            for (int count : counts) {
                List<SecureChannel> fresh = openChannels(bed, count - channels.size());
                channels.addAll(fresh);
                if (channels.size() == fresh.size()) {
                    figures.add(FRESH, new Cell(HOPS, count), Map.of(Measure.HEAP, perChannel(before, count)));
                }
                for (SecureChannel channel : fresh) {
                    TestBed.await(pinger.ping(channel, Route.of(bed.echoer()), ByteString.fromString("1"), 1));
                }
                figures.add(USED, new Cell(HOPS, count), Map.of(Measure.HEAP, perChannel(before, count)));
            }
        }
    }

    private static List<SecureChannel> openChannels(TestBed bed, int count) throws Exception {
        List<SecureChannel> channels = new ArrayList<>();
        while (channels.size() < count) {
            List<CompletionStage<SecureChannel>> opening = new ArrayList<>();
            for (int i = Math.min(AT_ONCE, count - channels.size()); i > 0; i--) {
                opening.add(bed.open(HOPS));
            }
            for (CompletionStage<SecureChannel> stage : opening) {
                channels.add(TestBed.await(stage));
            }
        }
        return channels;
    }

    private static double perChannel(long before, int channels) throws InterruptedException {
        return (double) (heapInUse() - before) / channels;
    }

    /** Returns the bytes of live objects. */
    static long heapInUse() throws InterruptedException {
        for (int i = 0; i < 4; i++) {
            System.gc();
            Thread.sleep(100); // lets threads finish recent work
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
