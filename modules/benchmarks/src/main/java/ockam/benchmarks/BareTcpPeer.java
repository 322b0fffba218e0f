// SPDX-License-Identifier: Apache-2.0

package ockam.benchmarks;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import akka.stream.OverflowStrategy;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.stream.javadsl.SourceQueueWithComplete;
import akka.stream.javadsl.Tcp;
import akka.util.ByteString;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The floor of round trips over Akka's TCP, in a process of its own, for {@link OverTcp}: bytes there and back, without anything else.
 *
 * <pre>
 * listen                             -> listen port=4000
 * connect port=4001                  -> connect
 * round-trip size=1024 messages=1000 -> round-trip median-nanos=99000 p99-nanos=180000
 * </pre>
 */
final class BareTcpPeer {
    private final ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "peer");
    private @Nullable SourceQueueWithComplete<ByteString> out;
    private volatile Run run = new Run(ByteString.emptyByteString(), 0);

    private static final class Run {
        final ByteString payload;
        final long[] nanos;
        final CompletableFuture<long[]> end = new CompletableFuture<>();
        int done;
        int missing;
        long sentAt;

        Run(ByteString payload, int times) {
            this.payload = payload;
            this.nanos = new long[times];
        }
    }

    private BareTcpPeer() {}

    /** Runs the commands on standard input. */
    public static void main(String[] args) throws Exception {
        BareTcpPeer peer = new BareTcpPeer();
        Commands.run(peer::run);
        System.exit(0);
    }

    private String run(Commands.Command command) throws Exception {
        return switch (command.name()) {
            case "listen" -> "listen port=" + listen();
            case "connect" -> connect(command.value("port"));
            case "round-trip" -> "round-trip " + roundTrip(command.value("size"), command.value("messages"));
            default -> throw new IllegalArgumentException("unknown command");
        };
    }

    private int listen() throws Exception {
        return TestBed.await(Tcp.get(system)
                        .bind("127.0.0.1", 0)
                        .to(Sink.foreach(incoming -> incoming.handleWith(Flow.create(), system)))
                        .run(system))
                .localAddress()
                .getPort();
    }

    private String connect(int port) {
        out = Source.<ByteString>queue(2, OverflowStrategy.fail())
                .viaMat(Tcp.get(system).outgoingConnection("127.0.0.1", port), Keep.left())
                .to(Sink.foreach(this::read))
                .run(system);
        return "connect";
    }

    private String roundTrip(int size, int messages) throws Exception {
        Run next = new Run(ByteString.fromArray(new byte[size]), messages);
        run = next;
        send(next);
        return OckamPeer.latencies(TestBed.await(next.end));
    }

    private void send(Run current) {
        SourceQueueWithComplete<ByteString> queue = out;
        if (queue == null) {
            throw new IllegalStateException("not connected");
        }
        current.missing = current.payload.size();
        current.sentAt = System.nanoTime();
        var unused = queue.offer(current.payload);
    }

    private void read(ByteString bytes) {
        Run current = run;
        current.missing -= bytes.size();
        if (current.missing == 0) {
            current.nanos[current.done++] = System.nanoTime() - current.sentAt;
            if (current.done < current.nanos.length) {
                send(current);
            } else {
                current.end.complete(current.nanos);
            }
        }
    }
}
