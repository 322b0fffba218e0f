// SPDX-License-Identifier: Apache-2.0

package ockam.benchmarks;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.util.ByteString;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import ockam.channel.SecureChannel;
import ockam.node.Node;
import ockam.node.Routed;
import ockam.node.Worker;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;

/** A worker that sends a message to an echoer, waits for the reply, and sends the next one. */
final class Pinger {
    private final Node node;
    private final Worker worker;
    private volatile Run run = new Run(Route.empty(), ByteString.emptyByteString(), 0);

    private static final class Run {
        final Route route;
        final ByteString payload;
        final long[] nanos;
        final CompletableFuture<long[]> end = new CompletableFuture<>();
        int done;
        long sentAt;

        Run(Route route, ByteString payload, int times) {
            this.route = route;
            this.payload = payload;
            this.nanos = new long[times];
        }
    }

    Pinger(Node node) {
        this.node = node;
        worker = node.start(Address.of("pinger"), Codec.bytes(), Behaviors.receiveMessage(answer -> {
            answered(run);
            return Behaviors.same();
        }));
    }

    /** A worker that answers each message with the same message. */
    static Behavior<Routed<ByteString>> echoer() {
        return Behaviors.receiveMessage(message -> {
            message.reply(message.body());
            return Behaviors.same();
        });
    }

    /** Makes this many round trips through a channel to an echoer, one after the other; completes with the time of each. */
    CompletionStage<long[]> ping(SecureChannel channel, Route echoer, ByteString payload, int times) {
        node.allow(worker).from(channel);
        Run next = new Run(channel.route(echoer), payload, times);
        run = next;
        send(next);
        return next.end;
    }

    private void send(Run current) {
        current.sentAt = System.nanoTime();
        worker.send(current.route, Codec.bytes(), current.payload);
    }

    private void answered(Run current) {
        current.nanos[current.done++] = System.nanoTime() - current.sentAt;
        if (current.done < current.nanos.length) {
            send(current);
        } else {
            current.end.complete(current.nanos);
        }
    }

    /** Returns the time within which so many of a hundred round trips finish. */
    static double percentile(long[] nanos, int percent) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length * percent / 100];
    }
}
