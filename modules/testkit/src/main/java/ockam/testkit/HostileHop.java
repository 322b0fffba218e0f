// SPDX-License-Identifier: Apache-2.0

package ockam.testkit;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.util.ByteString;
import java.util.ArrayList;
import java.util.List;
import ockam.node.Node;
import ockam.node.Routed;
import ockam.node.Worker;
import ockam.routing.Addressed;
import ockam.wire.Address;
import ockam.wire.Any;
import ockam.wire.LocalMessage;
import ockam.wire.Route;

/**
 * A hop that loses, duplicates, delays, damages, replays and mixes up messages: at random, as {@link Faults} say, or one after the other, as a
 * {@link FaultScript} says. The same seed or script and the same messages produce the same faults.
 *
 * <p>It starts calm, that is, like a {@link ockam.node.Hop}, so that a handshake can pass; {@link #start()} and {@link #calm()}
 * switch it. It treats both directions alike, as one sequence of messages. Held-back messages leave when enough later ones have
 * arrived, on {@link #flush()}, or on {@link #calm()}; if a test ends by waiting for the last message, it must have called one of
 * these two.
 *
 * <p>Undamaged messages keep their local info, damaged ones lose it. Payloads are never changed in place. Thread safe. The
 * records grow until {@link #clear()}.
 */
public final class HostileHop implements Addressed {
    private final String faults;
    private final FaultPlan<Routed<Any>> plan; // guarded by this
    private final List<LocalMessage> received = new ArrayList<>(); // guarded by this
    private final List<LocalMessage> sent = new ArrayList<>(); // guarded by this
    private final Worker worker;
    private boolean hostile; // guarded by this

    private HostileHop(Node node, Address address, String faults, FaultPlan<Routed<Any>> plan) {
        this.faults = faults;
        this.plan = plan;
        // The worker may receive its first message before the call returns; that message waits for the lock.
        synchronized (this) {
            this.worker = node.start(address, behavior());
        }
    }

    /** Starts a hop, which is calm at first. */
    public static HostileHop create(Node node, Address address, Faults faults) {
        return new HostileHop(node, address, faults.toString(), faults.plan());
    }

    /** Does the same with a script, whose first step is for the first message after {@link #start}. */
    public static HostileHop create(Node node, Address address, FaultScript script) {
        return new HostileHop(node, address, script.toString(), script.plan());
    }

    @Override
    public Address address() {
        return worker.address();
    }

    /**
     * Injects faults into messages from now on. A channel is open for its initiator when the last message of the handshake has been sent: that one
     * may still be on its way, and be the first to be harmed. {@link OckamTestKit#channel} waits until it has passed.
     */
    public synchronized void start() {
        hostile = true;
    }

    /** Lets messages pass without faults from now on; held-back messages leave immediately. */
    public synchronized void calm() {
        hostile = false;
        flush();
    }

    /** Forwards the held-back messages. */
    public synchronized void flush() {
        plan.release().forEach(this::send);
    }

    /** Returns the messages that arrived, in order, as they arrived: the hop's own address is still at the front of the onward routes. */
    public synchronized List<LocalMessage> received() {
        return List.copyOf(received);
    }

    /** Returns the messages that left, in order, as they left. Whether they reached their next address is not known here. */
    public synchronized List<LocalMessage> sent() {
        return List.copyOf(sent);
    }

    /** Forgets the messages that arrived and left so far. Held-back messages, and those that may be replayed, are kept. */
    public synchronized void clear() {
        received.clear();
        sent.clear();
    }

    private Behavior<Routed<Any>> behavior() {
        return Behaviors.receiveMessage(message -> {
            arrived(message);
            return Behaviors.same();
        });
    }

    private synchronized void arrived(Routed<Any> message) {
        ByteString payload = message.message().payload();
        Route onward = message.message().onwardRoute();
        received.add(message.message());
        if (hostile) {
            plan.harm(message, payload, onward).forEach(this::send);
        } else {
            send(plan.pass(message, payload, onward));
        }
    }

    private synchronized void send(FaultPlan.Parcel<Routed<Any>> parcel) {
        Routed<Any> message = parcel.message();
        LocalMessage out = message.message().step().pushReturn(address());
        if (parcel.payload().equals(out.payload())) {
            sent.add(out);
            message.forward();
        } else {
            LocalMessage damaged = LocalMessage.of(out.onwardRoute(), out.returnRoute(), parcel.payload());
            sent.add(damaged);
            worker.send(damaged);
        }
    }

    @Override
    public String toString() {
        return "HostileHop(" + address() + ", " + faults + ")";
    }
}
