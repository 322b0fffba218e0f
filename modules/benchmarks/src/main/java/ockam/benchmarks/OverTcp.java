// SPDX-License-Identifier: Apache-2.0

package ockam.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import ockam.node.WorkerOptions;

/**
 * Measures between processes over the loopback interface: this implementation, the Rust one, and Artery with TLS 1.3, alternately in one
 * run. Prints the tables as Markdown.
 *
 * <p>Arguments are those of {@link Settings#parse}; the parts are {@code direct}, {@code relayed}, {@code memory} and {@code connections}.
 * The environment variable {@code OCKAM_BENCHMARKS_RUST_TCP} names the Rust program; without it, that one is left out. Exits with 1 if
 * something could not be measured.
 */
public final class OverTcp implements AutoCloseable {
    static final String STREAMS = "streams";
    static final String PLAIN_SENDS = "plain sends";
    static final String OURS = "ours";
    static final String RUST = "Rust";
    static final String ARTERY = "Artery with TLS";
    static final String BARE = "bare Akka TCP";

    /** Added to the names of this implementation where sockets are served by the threads that serve channels, see {@link #ONE_POOL}. */
    static final String TUNED = ", one pool";

    static final int DIRECT = 0;
    static final int RELAYED = 1;

    /** The number of messages to a slow consumer. */
    static final int MANY = 1_000_000;

    /** How often the heap is looked at meanwhile. */
    static final int PARTS = 10;

    /** The number of idle connections. */
    static final int CONNECTIONS = 1000;

    private static final int WARM_UP_SECONDS = 3;
    private static final String[] DEFAULTS = {
        "repetitions=15", "sizes=1024,16384", "parts=direct,relayed,memory,connections"
    };
    private static final String[] HEAP = {"-Xms512m", "-Xmx512m"};
    private static final String[] ONE_POOL = {
        HEAP[0], HEAP[1], "-Dakka.io.tcp.worker-dispatcher=" + WorkerOptions.DISPATCHER
    };
    private static final String[] BARE_ONE_POOL = {"-Dakka.io.tcp.worker-dispatcher=akka.actor.default-dispatcher"};
    private static final String[] SMALL_HEAP = {"-Xmx256m"};

    private final List<Child> children = new ArrayList<>();
    private final Figures figures = new Figures();
    private final Settings settings;
    private final Paired paired;
    private final Path keyStore;
    private final Optional<Path> rust = Optional.ofNullable(System.getenv("OCKAM_BENCHMARKS_RUST_TCP"))
            .filter(program -> !program.isEmpty())
            .map(Path::of);

    private OverTcp(Settings settings) throws Exception {
        this.settings = settings;
        this.paired = new Paired(figures, settings.seconds(), settings.repetitions());
        this.keyStore = Files.createTempDirectory("benchmarks").resolve("key-store");
    }

    /** Measures and prints. */
    public static void main(String[] args) throws Exception {
        Settings settings = Settings.parse(
                Stream.concat(Stream.of(DEFAULTS), Stream.of(args)).toArray(String[]::new));
        Report.Machine machine = Report.Machine.now();
        try (OverTcp run = new OverTcp(settings)) {
            run.measure();
            System.out.print(new OverTcpReport(run.figures, settings, machine).markdown());
            run.paired.failures().forEach(failure -> System.err.println("could not be measured: " + failure));
            System.exit(run.paired.failures().isEmpty() ? 0 : 1);
        }
    }

    private void measure() throws Exception {
        if (settings.parts().contains("direct")) {
            direct();
            stopChildren();
        }
        if (settings.parts().contains("relayed")) {
            relayed();
            stopChildren();
        }
        if (settings.parts().contains("memory")) {
            memory();
            stopChildren();
        }
        if (settings.parts().contains("connections")) {
            connections();
            stopChildren();
        }
    }

    /** After a warm-up of all: each process has a JVM of its own. */
    private void measure(Cell cell, List<Contender> contenders) {
        new Paired(new Figures(), WARM_UP_SECONDS, 2).run(cell, contenders);
        paired.run(cell, contenders);
    }

    // ---- one node to the next ----

    private void direct() throws Exception {
        Child ours = connected(ockam(HEAP), ockam(HEAP));
        Child tuned = connected(ockam(ONE_POOL), ockam(ONE_POOL));
        Optional<Child> theirs = Optional.empty();
        if (rust.isPresent()) {
            theirs = Optional.of(connected(rust(), rust()));
        }
        Child artery = connected(artery(), artery());
        Child bare = connected(bare(), bare());
        Child bareTuned = connected(bare(BARE_ONE_POOL), bare(BARE_ONE_POOL));
        for (int size : settings.sizes()) {
            Cell cell = new Cell(DIRECT, size);
            List<Contender> contenders = new ArrayList<>(oneWay(ours, tuned, cell, theirs));
            contenders.add(oneWay(ARTERY, artery, "plain-sends", cell));
            measure(cell, contenders);
            measure(
                    cell,
                    Stream.of(
                                    Stream.of(roundTrip(OURS, ours, cell), roundTrip(OURS + TUNED, tuned, cell)),
                                    theirs.stream().map(peer -> roundTrip(RUST, peer, cell)),
                                    Stream.of(
                                            roundTrip(ARTERY, artery, cell),
                                            roundTrip(BARE, bare, cell),
                                            roundTrip(BARE + TUNED, bareTuned, cell)))
                            .flatMap(contender -> contender)
                            .toList());
        }
    }

    /** Returns the near one of two nodes, with a channel to the far one. */
    private static Child connected(Child far, Child near) throws IOException {
        near.ask("connect port=" + far.port("listen"));
        return near;
    }

    // ---- through a third one ----

    private void relayed() throws Exception {
        Child ours = relayed(ockam(HEAP), ockam(HEAP), ockam(HEAP));
        Child tuned = relayed(ockam(ONE_POOL), ockam(ONE_POOL), ockam(ONE_POOL));
        Optional<Child> theirs = Optional.empty();
        if (rust.isPresent()) {
            theirs = Optional.of(relayed(rust(), rust(), rust()));
        }
        for (int size : settings.sizes()) {
            Cell cell = new Cell(RELAYED, size);
            measure(cell, oneWay(ours, tuned, cell, theirs));
            measure(
                    cell,
                    Stream.concat(
                                    Stream.of(roundTrip(OURS, ours, cell), roundTrip(OURS + TUNED, tuned, cell)),
                                    theirs.stream().map(peer -> roundTrip(RUST, peer, cell)))
                            .toList());
        }
    }

    private static Child relayed(Child far, Child middle, Child near) throws IOException {
        near.ask("connect relayed=1 port=" + middle.port("relay to=" + far.port("listen")));
        return near;
    }

    private static List<Contender> oneWay(Child ours, Child tuned, Cell cell, Optional<Child> theirs) {
        return Stream.concat(
                        Stream.of(
                                oneWay(STREAMS, ours, "streams", cell),
                                oneWay(PLAIN_SENDS, ours, "plain-sends", cell),
                                oneWay(STREAMS + TUNED, tuned, "streams", cell)),
                        theirs.stream().map(peer -> oneWay(RUST, peer, "one-way", cell)))
                .toList();
    }

    private static Contender oneWay(String name, Child near, String command, Cell cell) {
        return new Contender(
                name,
                times -> Map.of(
                        Measure.PER_SECOND,
                        near.ask(command + " size=" + cell.size() + " messages=" + times)
                                .get("per-second")));
    }

    private static Contender roundTrip(String name, Child near, Cell cell) {
        return new Contender(name, times -> {
            Map<String, Double> answer = near.ask("round-trip size=" + cell.size() + " messages=" + times);
            return Map.of(Measure.MEDIAN, answer.get("median-nanos"), Measure.P99, answer.get("p99-nanos"));
        });
    }

    // ---- memory ----

    private void memory() throws Exception {
        Child far = ockam(SMALL_HEAP);
        Child near = connected(far, ockam(SMALL_HEAP));
        for (int part = 1; part <= PARTS; part++) {
            near.ask("to-slow size=1024 messages=" + MANY / PARTS);
            Cell cell = new Cell(DIRECT, part * (MANY / PARTS));
            figures.add(OverTcpReport.NEAR, cell, heap(near));
            figures.add(OverTcpReport.FAR, cell, heap(far));
        }
    }

    private void connections() throws Exception {
        Child far = ockam(HEAP);
        int port = far.port("listen");
        Child near = ockam(HEAP);
        near.ask("connections count=1 to=" + port); // loads the classes
        for (int count : List.of(1, 1 + CONNECTIONS)) {
            near.ask("connections count=" + count + " to=" + port);
            Cell cell = new Cell(DIRECT, count);
            figures.add(OverTcpReport.NEAR, cell, heap(near));
            figures.add(OverTcpReport.FAR, cell, heap(far));
        }
    }

    private static Map<Measure, Double> heap(Child child) throws IOException {
        return Map.of(Measure.HEAP, child.ask("heap").get("bytes"));
    }

    // ---- processes ----

    private Child ockam(String... heap) throws IOException {
        return started(Child.java(OckamPeer.class, heap));
    }

    private Child bare(String... options) throws IOException {
        return started(Child.java(BareTcpPeer.class, options));
    }

    private Child rust() throws IOException {
        return started(Child.rust(rust.orElseThrow()));
    }

    private Child artery() throws Exception {
        if (!Files.exists(keyStore)) {
            makeKey();
        }
        return started(Child.java(ArteryPeer.class, HEAP[0], HEAP[1], "-D" + ArteryPeer.KEY_STORE + "=" + keyStore));
    }

    private void makeKey() throws Exception {
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        String command =
                keytool + " -genkeypair -alias peer -keyalg RSA -dname CN=127.0.0.1 -storetype PKCS12 -storepass "
                        + ArteryPeer.PASSWORD + " -keystore " + keyStore;
        if (new ProcessBuilder(command.split(" "))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start()
                        .waitFor()
                != 0) {
            throw new IOException("keytool failed");
        }
    }

    private Child started(Child child) {
        children.add(child);
        return child;
    }

    private void stopChildren() {
        children.forEach(Child::close);
        children.clear();
    }

    @Override
    public void close() throws IOException {
        stopChildren();
        Files.deleteIfExists(keyStore);
        Files.deleteIfExists(keyStore.getParent());
    }
}
