// SPDX-License-Identifier: Apache-2.0

package ockam.benchmarks;

import akka.util.ByteString;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import ockam.channel.PlaintextLength;
import ockam.channel.SecureChannel;
import ockam.wire.Address;
import ockam.wire.Route;

/**
 * Measures this implementation, the Rust one and the floors alternately in one run, and prints the tables as Markdown.
 *
 * <p>Arguments are those of {@link Settings#parse}. The environment variable {@code OCKAM_BENCHMARKS_RUST} names the Rust
 * program; without it, only this implementation is measured. Exits with 1 if something could not be measured.
 */
public final class SideBySide implements AutoCloseable {
    static final String RUST = "Rust";
    static final String OURS = "ours";
    static final String BARE_TELLS = "bare tells";
    static final String CIPHER_ONE_THREAD = "cipher, one thread";
    static final String CIPHER_TWO_THREADS = "cipher, two threads";
    static final String CURVE_WORK = "curve work";

    /** The number of hops at which goals are set, and for which the floors are measured as well. */
    static final int HOPS = 3;

    private static final int ACTORS_BESIDES_HOPS = 3; // encryptor, decryptor, receiver
    private static final ByteString ONE_BYTE = ByteString.fromString("1");

    private final TestBed bed = new TestBed();
    private final List<Traffic> traffics = List.of(new Streams(bed), new PlainSends(bed));
    private final Pinger pinger = new Pinger(bed.node());
    private final Map<Integer, BareTells> bareTells = new HashMap<>();
    private final ExecutorService cipherThreads = Executors.newFixedThreadPool(2);
    private final Optional<Child> rust;

    private SideBySide(Optional<Child> rust) throws Exception {
        this.rust = rust;
    }

    /** Measures and prints. */
    public static void main(String[] args) throws Exception {
        Settings settings = Settings.parse(args);
        Report.Machine machine = Report.Machine.now();
        Figures figures = new Figures();
        Paired paired = new Paired(figures, settings.seconds(), settings.repetitions());
        List<String> traffics;
        String program = System.getenv("OCKAM_BENCHMARKS_RUST");
        try (SideBySide run =
                new SideBySide(program == null ? Optional.empty() : Optional.of(Child.rust(Path.of(program))))) {
            run.warmUp();
            run.measure(settings, paired);
            traffics = run.traffics.stream().map(Traffic::name).toList();
        }
        if (settings.parts().contains("idle")) {
            progress("idle channels");
            paired.attempt("idle channels", () -> IdleChannels.measure(figures, settings.idle()));
        }
        System.out.print(new Report(figures, settings, traffics, machine).markdown());
        paired.failures().forEach(failure -> System.err.println("could not be measured: " + failure));
        System.exit(paired.failures().isEmpty() ? 0 : 1);
    }

    private void warmUp() {
        progress("warm-up");
        Paired discarded = new Paired(new Figures(), 1, 2);
        Cell cell = new Cell(HOPS, 1024);
        discarded.run(cell, oneWay(cell));
        discarded.run(cell, roundTrip(cell));
    }

    /** The JVM's compiler takes longer for the curve arithmetic than for everything else together: some 10,000 handshakes. */
    private static void warmUpCurves(List<Contender> contenders) {
        List<Contender> onThisJvm = contenders.stream()
                .filter(contender -> !contender.name().equals(RUST))
                .toList();
        new Paired(new Figures(), 5, 3).run(Cell.NONE, onThisJvm);
    }

    private void measure(Settings settings, Paired paired) {
        for (int size : settings.sizes()) {
            for (int hops : settings.hops()) {
                Cell cell = new Cell(hops, size);
                if (settings.parts().contains("one-way")) {
                    progress("one way, " + cell);
                    paired.run(cell, oneWay(cell));
                }
                if (settings.parts().contains("round-trip")) {
                    progress("round trip, " + cell);
                    paired.run(cell, roundTrip(cell));
                }
            }
        }
        if (settings.parts().contains("handshake")) {
            progress("handshake");
            List<Contender> contenders = handshake(Showing.NOBODY);
            warmUpCurves(contenders);
            paired.run(Cell.NONE, contenders);
        }
        if (settings.parts().contains("credentials")) {
            progress("handshake with credentials");
            warmUpCurves(handshake(Showing.BOTH));
            for (Showing showing : Showing.values()) {
                paired.run(withCredentials(showing), handshake(showing));
            }
        }
    }

    private List<Contender> oneWay(Cell cell) {
        List<Contender> contenders = new ArrayList<>();
        for (Traffic traffic : traffics) {
            contenders.add(new Contender(traffic.name(), times -> send(traffic, cell, times)));
        }
        rust.ifPresent(peer -> contenders.add(new Contender(RUST, times -> {
            String command = "one-way hops=%d size=%d messages=%d".formatted(cell.hops(), cell.size(), times);
            return Map.of(Measure.PER_SECOND, peer.ask(command).get("per-second"));
        })));
        BareTells tells = bareTells.computeIfAbsent(
                cell.hops() + ACTORS_BESIDES_HOPS, actors -> new BareTells(bed.system(), actors));
        contenders.add(new Contender(BARE_TELLS, times -> {
            long start = System.nanoTime();
            TestBed.await(tells.send(ONE_BYTE, times));
            return Map.of(Measure.PER_SECOND, perSecond(Pump.roundedUp(times), start));
        }));
        if (cell.hops() == HOPS) {
            contenders.add(new Contender(CIPHER_ONE_THREAD, times -> cipherLoops(cell, times, 1)));
            contenders.add(new Contender(CIPHER_TWO_THREADS, times -> cipherLoops(cell, times, 2)));
        }
        return contenders;
    }

    private Map<Measure, Double> send(Traffic traffic, Cell cell, int times) throws Exception {
        Route route = bed.channel(cell.hops()).route(Route.of(traffic.receiver()));
        long messages = Pump.roundedUp(times);
        long allocated = Allocation.total();
        long start = System.nanoTime();
        TestBed.await(traffic.send(route, payload(cell), messages));
        double perSecond = perSecond(messages, start);
        return figures(perSecond, (double) (Allocation.total() - allocated) / messages);
    }

    /** As many frames as messages, shared among the threads, of the same length as the messages' frames. */
    private Map<Measure, Double> cipherLoops(Cell cell, int times, int threads) throws Exception {
        Route to = Route.of(traffics.get(0).receiver());
        byte[] plaintext = new byte[PlaintextLength.of(to, Route.of(Address.of("app")), payload(cell))];
        long share = times / threads;
        List<Future<?>> running = new ArrayList<>();
        long allocated = Allocation.total();
        long start = System.nanoTime();
        for (int i = 0; i < threads; i++) {
            CipherLoop loop = new CipherLoop();
            running.add(cipherThreads.submit(() -> loop.run(plaintext, share)));
        }
        for (Future<?> end : running) {
            end.get();
        }
        double perSecond = perSecond(share * threads, start);
        return figures(perSecond, (double) (Allocation.total() - allocated) / (share * threads));
    }

    private List<Contender> roundTrip(Cell cell) {
        Contender ours = new Contender(
                OURS, times -> latencies(TestBed.await(ping(bed.channel(cell.hops()), payload(cell), times))));
        Stream<Contender> theirs = rust.stream()
                .map(peer -> new Contender(RUST, times -> {
                    String command =
                            "round-trip hops=%d size=%d messages=%d".formatted(cell.hops(), cell.size(), times);
                    Map<String, Double> answer = peer.ask(command);
                    return Map.of(Measure.MEDIAN, answer.get("median-nanos"), Measure.P99, answer.get("p99-nanos"));
                }));
        return Stream.concat(Stream.of(ours), theirs).toList();
    }

    /** The position of a handshake with credentials in the tables. */
    static Cell withCredentials(Showing showing) {
        return new Cell(HOPS, showing.credentials());
    }

    private List<Contender> handshake(Showing showing) {
        List<Contender> contenders = new ArrayList<>();
        contenders.add(new Contender(OURS, times -> {
            long[] nanos = new long[times];
            for (int i = 0; i < times; i++) {
                nanos[i] = openAndClose(showing);
            }
            bed.requireBelieved(showing);
            return latencies(nanos);
        }));
        rust.ifPresent(peer -> contenders.add(new Contender(RUST, times -> {
            String command =
                    "handshake hops=%d messages=%d credentials=%d".formatted(HOPS, times, showing.credentials());
            return Map.of(Measure.MEDIAN, peer.ask(command).get("median-nanos"));
        })));
        CurveWork work = new CurveWork(showing.credentials());
        contenders.add(new Contender(CURVE_WORK, times -> {
            long[] nanos = new long[times];
            for (int i = 0; i < times; i++) {
                long start = System.nanoTime();
                if (!work.run()) {
                    throw new IllegalStateException("the curve work is wrong");
                }
                nanos[i] = System.nanoTime() - start;
            }
            return latencies(nanos);
        }));
        return contenders;
    }

    /** Returns the time from nothing to a channel's first reply, so that both sides have finished. */
    private long openAndClose(Showing showing) throws Exception {
        record Opened(SecureChannel channel, long nanos) {}
        long start = System.nanoTime();
        Opened opened = TestBed.await(bed.open(HOPS, showing)
                .thenCompose(channel -> ping(channel, ONE_BYTE, 1)
                        .thenApply(answered -> new Opened(channel, System.nanoTime() - start))));
        TestBed.await(opened.channel().close());
        return opened.nanos();
    }

    private CompletionStage<long[]> ping(SecureChannel channel, ByteString payload, int times) {
        return pinger.ping(channel, Route.of(bed.echoer()), payload, times);
    }

    private static Map<Measure, Double> latencies(long[] nanos) {
        return Map.of(Measure.MEDIAN, Pinger.percentile(nanos, 50), Measure.P99, Pinger.percentile(nanos, 99));
    }

    private static Map<Measure, Double> figures(double perSecond, double allocated) {
        Map<Measure, Double> figures = new EnumMap<>(Measure.class);
        figures.put(Measure.PER_SECOND, perSecond);
        figures.put(Measure.ALLOCATED, allocated);
        return figures;
    }

    private static double perSecond(long times, long start) {
        return (double) times * 1e9 / (System.nanoTime() - start);
    }

    private static ByteString payload(Cell cell) {
        return ByteString.fromArray(new byte[cell.size()]);
    }

    private static void progress(String text) {
        System.err.println("... " + text);
    }

    @Override
    public void close() {
        rust.ifPresent(Child::close);
        cipherThreads.shutdown();
        bed.close();
    }
}
