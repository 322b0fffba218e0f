// SPDX-License-Identifier: Apache-2.0

package ockam.opentelemetry;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerBuilder;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import ockam.routing.RoutingDropReason;
import ockam.routing.spi.Form;
import ockam.routing.spi.NodeLog;
import ockam.routing.spi.Observer;
import ockam.routing.spi.Observers;
import ockam.routing.spi.RoutingEvent;
import org.jspecify.annotations.Nullable;

/**
 * Makes spans and metrics of events. Messages are only counted; everything else is rare. What modules above routing tell is known by its name.
 */
final class Telemetry implements Observer {
    /** Where the spans and metrics say that they come from. */
    static final String SCOPE = "ockam.opentelemetry";

    private final Tracer tracer;
    private final Figures figures;
    private final OpenSpans spans;
    private volatile boolean closed;

    Telemetry(OpenTelemetry openTelemetry, OckamTelemetrySettings settings, Supplier<List<Observers.Observed>> nodes) {
        String version = Telemetry.class.getPackage().getImplementationVersion(); // of the jar, if it is in one
        TracerBuilder named = openTelemetry.tracerBuilder(SCOPE);
        tracer = (version == null ? named : named.setInstrumentationVersion(version)).build();
        figures = Figures.create(openTelemetry, version, nodes);
        spans = new OpenSpans(settings.maxOpenSpans(), figures::missedSpan);
    }

    @Override
    public void on(Event event) {
        if (closed) {
            return; // of a node that had stopped before, or that is just being told
        }
        if (event instanceof RoutingEvent.MessageDropped dropped) {
            figures.of(dropped.node()).dropped(dropped.reason().name());
        } else if (event instanceof RoutingEvent.NodeStopped stopped) {
            spans.stopped(stopped.node(), RoutingDropReason.NODE_STOPPED.name());
            figures.of(stopped.node()).stopped(stopped.node());
        } else {
            other(event);
        }
    }

    @Override
    public void onDelivered(String node, Form form, Supplier<Event> event) {
        if (!closed) {
            figures.of(node).delivered(form);
        }
    }

    private void other(Event event) {
        switch (event.name()) {
            case "channel-started" -> handshakeBegins(event);
            case "handshake-message-sent", "handshake-message-received" -> handshakeGoesOn(event);
            case "channel-state-changed" -> channelChanged(event);
            case "channel-handshake-failed" -> handshakeFailed(event);
            case "connect-started" ->
                begin(
                        event,
                        span(event, "ockam.connect", SpanKind.CLIENT)
                                .setAttribute(Keys.REMOTE, attribute(event, "remote")));
            case "ask-started" ->
                begin(
                        event,
                        span(event, "ockam.ask", SpanKind.CLIENT)
                                .setAttribute(Keys.ROUTE, NodeLog.text(event.route())));
            case "stream-started" -> begin(event, span(event, "ockam.stream", SpanKind.INTERNAL));
            case "connect-ended", "ask-ended" -> end(event, spans.take(place(event)));
            case "stream-ended" -> streamEnds(event);
            default -> {} // takes no time
        }
    }

    // ---- handshakes, and the channels that come of them ----

    private void handshakeBegins(Event event) {
        String role = attribute(event, "role");
        SpanKind kind = role.equals("INITIATOR") ? SpanKind.CLIENT : SpanKind.SERVER;
        Attributes labels = Attributes.of(Keys.NODE, event.node(), Keys.ROLE, role.toLowerCase(Locale.ROOT));
        List<Place> places = event.addresses().stream()
                .map(address -> new Place(event.node(), address))
                .toList();
        spans.begin(span(event, "ockam.handshake", kind).setAllAttributes(labels), labels, places);
    }

    private void handshakeGoesOn(Event event) {
        OpenSpan handshake = spans.at(place(event));
        if (handshake != null) {
            handshake.span().addEvent(event.name(), Attributes.of(Keys.STEP, attribute(event, "step")));
        }
    }

    private void channelChanged(Event event) {
        boolean open = !attribute(event, "state").equals("CLOSED");
        figures.of(event.node()).channel(place(event), open);
        OpenSpan handshake = open ? spans.take(place(event)) : null;
        if (handshake != null) {
            figures.handshake(handshake.secondsSinceBegin(), handshake.labels());
            handshake.span().setAttribute(Keys.PEER, attribute(event, "peer")).end();
        }
    }

    private void handshakeFailed(Event event) {
        OpenSpan handshake = spans.take(place(event));
        if (handshake != null) {
            String step = attribute(event, "step");
            String reason = attribute(event, "reason");
            figures.handshake(
                    handshake.secondsSinceBegin(),
                    handshake.labels().toBuilder().put(Keys.ERROR, reason).build());
            handshake.span().setAttribute(Keys.STEP, step);
            handshake.fail(reason, step + ": " + reason);
        }
    }

    // ---- whatever else takes time ----

    private SpanBuilder span(Event event, String name, SpanKind kind) {
        return tracer.spanBuilder(name)
                .setSpanKind(kind)
                .setAttribute(Keys.NODE, event.node())
                .setAttribute(Keys.ADDRESS, NodeLog.text(place(event).address()));
    }

    private void begin(Event event, SpanBuilder span) {
        spans.begin(span, Attributes.empty(), List.of(place(event)));
    }

    private void streamEnds(Event event) {
        OpenSpan stream = spans.take(place(event));
        if (stream != null) {
            stream.span()
                    .setAttribute(Keys.SENT, Long.valueOf(attribute(event, "sent")))
                    .setAttribute(Keys.LOST, Long.valueOf(attribute(event, "lost")));
            end(event, stream);
        }
    }

    private static void end(Event event, @Nullable OpenSpan ended) {
        String reason = event.attributes().get("reason");
        if (ended == null) {
            return; // it began before anyone was there to see it, or there was no room
        }
        if (reason == null) {
            ended.span().end();
        } else {
            ended.fail(reason, reason);
        }
    }

    private static Place place(Event event) {
        return new Place(event.node(), event.addresses().get(0));
    }

    private static String attribute(Event event, String name) {
        return event.attributes().getOrDefault(name, "");
    }

    /** Ends the spans that are open. What is still told is not looked at. */
    void close() {
        closed = true;
        spans.close();
        figures.close();
    }
}
