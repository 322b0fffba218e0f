// SPDX-License-Identifier: Apache-2.0

package ockam.benchmarks;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.Behaviors;
import akka.util.ByteString;
import java.util.concurrent.CompletionStage;
import ockam.node.Mailbox;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;

/** Single sends, bounded by a {@link Pump}. */
final class PlainSends implements Traffic {
    private final ActorRef<Pump.Command> pump;
    private final Mailbox sender;
    private final Address receiver;

    PlainSends(TestBed bed) {
        pump = bed.system().systemActorOf(Pump.create(Pump.WINDOW), "plain-sends", Pump.DISPATCHER);
        sender = bed.node().mailbox("app");
        receiver = Address.of("sink");
        Pump.Arrivals arrivals = new Pump.Arrivals(pump);
        bed.node().start(receiver, Codec.bytes(), Behaviors.receiveMessage(message -> {
            arrivals.one();
            return Behaviors.same();
        }));
        bed.letIn(receiver);
    }

    @Override
    public String name() {
        return "plain sends";
    }

    @Override
    public Address receiver() {
        return receiver;
    }

    @Override
    public CompletionStage<Done> send(Route route, ByteString payload, long messages) {
        return Pump.run(pump, () -> sender.send(route, Codec.bytes(), payload), messages);
    }
}
