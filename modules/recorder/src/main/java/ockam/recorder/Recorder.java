// SPDX-License-Identifier: Apache-2.0

package ockam.recorder;

import akka.actor.typed.ActorSystem;
import java.time.Clock;
import ockam.routing.spi.Observers;

/**
 * Records what passes on all nodes of an actor system from now on, until it is {@linkplain #stop stopped}: in memory, and only so much of it
 * as its {@linkplain RecorderSettings bounds} allow.
 *
 * <p>What it records are the addresses, routes and sizes of messages, and what the modules say about channels, connections and drops: never
 * a payload, never a key. Who lives where is said only once, so start it before channels and connections are made. While no recorder is
 * there, nodes do nothing for it. Thread safe.
 */
public final class Recorder implements AutoCloseable {
    private final ActorSystem<?> system;
    private final Ring ring;

    private Recorder(ActorSystem<?> system, Ring ring) {
        this.system = system;
        this.ring = ring;
    }

    /** Starts to record, with the bounds that the settings of the actor system have in {@code ockam.recorder}. */
    public static Recorder start(ActorSystem<?> system) {
        return start(system, RecorderSettings.of(system));
    }

    /** The same with bounds of your own; the other settings do not apply. */
    public static Recorder start(ActorSystem<?> system, RecorderSettings settings) {
        Ring ring = new Ring(Clock.systemUTC(), settings.maxEvents(), settings.maxBytes());
        Observers.get(system).add(ring);
        return new Recorder(system, ring);
    }

    /** What was recorded so far. */
    public Recording recording() {
        return ring.recording(system.name());
    }

    /** Ends it; what was recorded remains. */
    public void stop() {
        Observers.get(system).remove(ring);
    }

    /** Ends it, like {@link #stop}. */
    @Override
    public void close() {
        stop();
    }
}
