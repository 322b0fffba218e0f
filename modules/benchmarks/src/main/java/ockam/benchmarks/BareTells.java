// SPDX-License-Identifier: Apache-2.0

package ockam.benchmarks;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.util.ByteString;
import java.util.concurrent.CompletionStage;

/** The floor under hops: an object told from actor to actor on the same dispatcher, with no other work. */
final class BareTells {
    private final ActorRef<Pump.Command> pump;
    private final ActorRef<ByteString> first;

    /** Creates as many actors as a message visits, including the last one. */
    BareTells(ActorSystem<?> system, int actors) {
        String name = "bare-tells-" + actors;
        pump = system.systemActorOf(Pump.create(Pump.WINDOW), name, Pump.DISPATCHER);
        ActorRef<ByteString> next = system.systemActorOf(end(new Pump.Arrivals(pump)), name + "-end", Pump.DISPATCHER);
        for (int i = 1; i < actors; i++) {
            next = system.systemActorOf(passingOn(next), name + "-" + i, Pump.DISPATCHER);
        }
        first = next;
    }

    CompletionStage<Done> send(ByteString message, long messages) {
        return Pump.run(pump, () -> first.tell(message), messages);
    }

    private static Behavior<ByteString> passingOn(ActorRef<ByteString> next) {
        return Behaviors.receiveMessage(message -> {
            next.tell(message);
            return Behaviors.same();
        });
    }

    private static Behavior<ByteString> end(Pump.Arrivals arrivals) {
        return Behaviors.receiveMessage(message -> {
            arrivals.one();
            return Behaviors.same();
        });
    }
}
