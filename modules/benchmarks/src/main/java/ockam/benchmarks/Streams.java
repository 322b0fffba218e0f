// SPDX-License-Identifier: Apache-2.0

package ockam.benchmarks;

import akka.Done;
import akka.stream.ActorAttributes;
import akka.stream.Attributes;
import akka.stream.Materializer;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import ockam.node.WorkerOptions;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;

/** A stream from a source to a sink, bounded by its window. It runs on the same threads as hops and channels. */
final class Streams implements Traffic {
    private static final Attributes DISPATCHER = ActorAttributes.dispatcher(WorkerOptions.DISPATCHER);

    private final TestBed bed;
    private final Materializer materializer;
    private final Address receiver = Address.of("stream-sink");
    private volatile Target target = new Target(Long.MAX_VALUE, new CompletableFuture<>());
    private long arrived; // of the receiving stream

    private record Target(long total, CompletableFuture<Done> reached) {}

    Streams(TestBed bed) {
        this.bed = bed;
        materializer = Materializer.createMaterializer(bed.system());
        var unused = bed.node()
                .source(receiver, Codec.bytes())
                .to(Sink.foreach(message -> {
                    Target now = target;
                    if (++arrived == now.total()) {
                        now.reached().complete(Done.getInstance());
                    }
                }))
                .withAttributes(DISPATCHER)
                .run(materializer);
        bed.letIn(receiver);
    }

    @Override
    public String name() {
        return "streams";
    }

    @Override
    public Address receiver() {
        return receiver;
    }

    @Override
    public CompletionStage<Done> send(Route route, ByteString payload, long messages) {
        CompletableFuture<Done> reached = new CompletableFuture<>();
        target = new Target(arrived + messages, reached);
        var unused = Source.repeat(payload)
                .take(messages)
                .to(bed.node().sink(route, Codec.bytes()))
                .withAttributes(DISPATCHER)
                .run(materializer);
        return reached;
    }
}
