// SPDX-License-Identifier: Apache-2.0

package ockam.opentelemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** A span that has begun. Thread safe; whoever {@linkplain #claim claims} it ends it. */
final class OpenSpan {
    private final Span span;
    private final Attributes labels;
    private final List<Place> places;
    private final long began = System.nanoTime();
    private final AtomicBoolean claimed = new AtomicBoolean();

    /**
     * A span of what lives at these places.
     *
     * @param labels for metrics of the same thing
     */
    OpenSpan(Span span, Attributes labels, List<Place> places) {
        this.span = span;
        this.labels = labels;
        this.places = List.copyOf(places);
    }

    Span span() {
        return span;
    }

    Attributes labels() {
        return labels;
    }

    List<Place> places() {
        return places;
    }

    double secondsSinceBegin() {
        return (System.nanoTime() - began) / 1e9;
    }

    /** Whether it is now up to the one who asks, and to nobody else, to end it. */
    boolean claim() {
        return claimed.compareAndSet(false, true);
    }

    /** Ends it as failed. */
    void fail(String reason, String description) {
        span.setAttribute(Keys.ERROR, reason);
        span.setStatus(StatusCode.ERROR, description);
        span.end();
    }
}
