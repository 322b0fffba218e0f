// SPDX-License-Identifier: Apache-2.0

package ockam.opentelemetry;

import akka.actor.typed.ActorSystem;
import io.opentelemetry.api.OpenTelemetry;
import ockam.routing.spi.Observers;

/**
 * Makes spans and metrics of what happens on all nodes of an actor system from now on, until it is {@linkplain #close closed}.
 *
 * <p>Spans are {@code ockam.handshake}, with the messages of the handshake as events, {@code ockam.connect}, {@code ockam.ask} and {@code
 * ockam.stream}; there is never one for a message. A span is a child of what is the current span on the thread that creates the channel,
 * connects, asks, or runs the stream. Metrics have the name of the node and reasons as attributes, and no addresses. While nothing is started,
 * nodes do nothing for it. One at a time is enough for an actor system: each makes spans and metrics of its own.
 *
 * <p>Nothing of this leaves the node other than by OpenTelemetry itself; see {@link Traced} for traces that go on at another node.
 *
 * <p>Thread safe. What observes a message only counts it, on the thread that sends it.
 */
public final class OckamTelemetry implements AutoCloseable {
    private final ActorSystem<?> system;
    private final Telemetry telemetry;

    private OckamTelemetry(ActorSystem<?> system, Telemetry telemetry) {
        this.system = system;
        this.telemetry = telemetry;
    }

    /** Starts, with the settings of the actor system in {@code ockam.opentelemetry}. */
    public static OckamTelemetry start(ActorSystem<?> system, OpenTelemetry openTelemetry) {
        return start(system, openTelemetry, OckamTelemetrySettings.of(system));
    }

    /** Starts with settings of your own. */
    public static OckamTelemetry start(
            ActorSystem<?> system, OpenTelemetry openTelemetry, OckamTelemetrySettings settings) {
        Observers observers = Observers.get(system);
        Telemetry telemetry = new Telemetry(openTelemetry, settings, observers::nodes);
        observers.add(telemetry);
        return new OckamTelemetry(system, telemetry);
    }

    /**
     * Ends the spans that are open, and reports nothing more. A second call does nothing.
     *
     * <p>Metrics are read when they are exported: flush or shut down the SDK before, or what was counted since its last export is missing. If
     * the actor system ends too, close this afterwards, or its last spans are cut short. It can be closed when the actor system has terminated,
     * and should be: until then, the SDK keeps a reference to it.
     */
    @Override
    public void close() {
        Observers.get(system).remove(telemetry);
        telemetry.close();
    }
}
