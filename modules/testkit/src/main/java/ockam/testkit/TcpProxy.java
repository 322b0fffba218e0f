// SPDX-License-Identifier: Apache-2.0

package ockam.testkit;

import akka.Done;
import akka.actor.typed.ActorSystem;
import akka.io.Inet.SocketOption;
import akka.io.TcpSO;
import akka.stream.KillSwitches;
import akka.stream.SharedKillSwitch;
import akka.stream.javadsl.BidiFlow;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Tcp;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import ockam.testkit.TcpFaults.Cut;
import ockam.testkit.TcpFaults.Way;

/**
 * A network that misbehaves: it listens at a free port of the loopback interface, and passes on what comes in by each connection to a target,
 * and back. By a seed or by calls it cuts, stalls, half-closes and slows down connections, leaves them half open, and tears their bytes into small
 * pieces. It knows nothing of what the bytes mean.
 *
 * <pre>{@code
 * TcpProxy proxy = TcpProxy.create(system, listener.localAddress(), TcpFaults.seeded(1).withPieces(7))
 *         .toCompletableFuture().get(10, SECONDS);
 * ... connect to proxy.hostAndPort() ...
 * proxy.links().get(0).reset();
 * }</pre>
 *
 * <p>It ends when it is stopped, or its actor system is. Thread safe.
 */
public final class TcpProxy {
    private static final List<SocketOption> NO_DELAY = List.of(TcpSO.tcpNoDelay(true)); // pieces are sent as such
    private static final int BACKLOG = 1_024;

    private final Tcp.ServerBinding binding;
    private final List<Link> links;
    private final SharedKillSwitch wires;

    private TcpProxy(Tcp.ServerBinding binding, List<Link> links, SharedKillSwitch wires) {
        this.binding = binding;
        this.links = links;
        this.wires = wires;
    }

    /** Starts a proxy without faults. */
    public static CompletionStage<TcpProxy> create(ActorSystem<?> system, InetSocketAddress target) {
        return create(system, target, TcpFaults.seeded(0));
    }

    /** Starts a proxy with faults. Completes when others can connect. */
    public static CompletionStage<TcpProxy> create(ActorSystem<?> system, InetSocketAddress target, TcpFaults faults) {
        Tcp tcp = Tcp.get(system);
        List<Link> links = new CopyOnWriteArrayList<>();
        SharedKillSwitch wires = KillSwitches.shared("wires");
        return tcp.bind("127.0.0.1", 0, BACKLOG, NO_DELAY, true, Optional.empty())
                .zipWithIndex()
                .to(Sink.foreach(accepted -> {
                    long number = accepted.second();
                    accepted.first()
                            .flow()
                            .via(wires.flow())
                            .joinMat(BidiFlow.fromGraph(new TcpLinkStage(faults, number)), Keep.right())
                            .joinMat(
                                    tcp.outgoingConnection(
                                            target,
                                            Optional.empty(),
                                            NO_DELAY,
                                            true,
                                            Optional.empty(),
                                            Optional.empty()),
                                    (logic, reached) ->
                                            new Link(logic, reached, "connection " + number + " with " + faults))
                            .mapMaterializedValue(links::add) // before anything passes
                            .run(system);
                }))
                .run(system)
                .thenApply(binding -> new TcpProxy(binding, links, wires));
    }

    /** Where it listens. */
    public InetSocketAddress localAddress() {
        return binding.localAddress();
    }

    /** The same as a text, such as {@code 127.0.0.1:4000}. */
    public String hostAndPort() {
        return localAddress().getHostString() + ":" + localAddress().getPort();
    }

    /** All connections that were accepted, in that order, with those that have ended. */
    public List<Link> links() {
        return List.copyOf(links);
    }

    /** Accepts no more connections, and resets those that are left. Completes when the port is free. */
    public CompletionStage<Done> stop() {
        return binding.unbind().thenApply(done -> {
            wires.abort(new IOException("the proxy was stopped"));
            links.forEach(Link::reset); // what is half open has no wires any more
            return Done.getInstance();
        });
    }

    @Override
    public String toString() {
        return "TcpProxy(" + hostAndPort() + ")";
    }

    /** One connection through the proxy. What a call demands happens soon after it has returned. */
    public static final class Link {
        private final TcpLinkStage.Logic logic;
        private final CompletionStage<?> reached;
        private final String text;

        private Link(TcpLinkStage.Logic logic, CompletionStage<?> reached, String text) {
            this.logic = logic;
            this.reached = reached;
            this.text = text;
        }

        /** Not before the target has been reached, which would be told otherwise. */
        private void cut(Cut how, Way way) {
            var unused = reached.thenRun(() -> logic.call(how, way));
        }

        /** Cuts it, so that both sides see it reset. */
        public void reset() {
            cut(Cut.RESET, Way.TO_TARGET);
        }

        /** Cuts it, so that both sides see it end. */
        public void finish() {
            cut(Cut.FINISH, Way.TO_TARGET);
        }

        /** Ends one direction: its receiver sees the end, and what is sent later is lost. The other direction goes on. */
        public void halfClose(Way way) {
            cut(Cut.HALF_CLOSE, way);
        }

        /** Resets the receiver of one direction. The sender is not told: what it sends is lost, and it gets nothing until it ends its side. */
        public void halfOpen(Way way) {
            cut(Cut.HALF_OPEN, way);
        }

        /** Lets nothing pass in one direction, until it is resumed; the end of the connection neither. */
        public void stall(Way way) {
            logic.setStalled(way, true);
        }

        /** Lets pass what waits in a direction that was stalled. */
        public void resume(Way way) {
            logic.setStalled(way, false);
        }

        /** The bytes that have been passed on in one direction. */
        public long passed(Way way) {
            return logic.passed(way);
        }

        /** Completes when it has ended, both ways. */
        public CompletionStage<Done> whenEnded() {
            return logic.ended().minimalCompletionStage();
        }

        /** Whether it has ended, both ways. */
        public boolean hasEnded() {
            return logic.ended().isDone();
        }

        /** Which connection it is, the faults of the proxy, and how far it came. */
        @Override
        public String toString() {
            return text + ", " + passed(Way.TO_TARGET) + " bytes to the target and " + passed(Way.TO_CLIENT) + " back";
        }
    }
}
