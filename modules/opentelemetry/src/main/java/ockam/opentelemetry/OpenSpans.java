// SPDX-License-Identifier: Apache-2.0

package ockam.opentelemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanBuilder;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The spans that have begun and not ended, by the addresses of what they are about; at most so many. Thread safe. */
final class OpenSpans {
    private final int most;
    private final Runnable missed;
    private final Map<Place, OpenSpan> spans = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private volatile boolean closed;

    /** With a bound, and who is told of each that was not begun because of it. */
    OpenSpans(int most, Runnable missed) {
        this.most = most;
        this.missed = missed;
    }

    /** Begins a span, if there is room. If another one is open at one of the places, nobody told of its end, and it ends now. */
    void begin(SpanBuilder builder, Attributes labels, List<Place> places) {
        if (count.incrementAndGet() > most) {
            count.decrementAndGet();
            missed.run();
            return;
        }
        OpenSpan begun = new OpenSpan(builder.startSpan(), labels, places);
        for (Place place : begun.places()) {
            OpenSpan before = spans.put(place, begun);
            if (before != null && forget(before)) {
                before.span().end();
            }
        }
        if (closed && forget(begun)) {
            begun.span().end();
        }
    }

    /** The span of what lives at a place, or null. */
    @Nullable
    OpenSpan at(Place place) {
        return spans.get(place);
    }

    /** The same, and it is open no more: the caller ends it. */
    @Nullable
    OpenSpan take(Place place) {
        OpenSpan found = spans.get(place);
        return found != null && forget(found) ? found : null;
    }

    private boolean forget(OpenSpan span) {
        if (!span.claim()) {
            return false;
        }
        span.places().forEach(place -> spans.remove(place, span));
        count.decrementAndGet();
        return true;
    }

    /** Ends as failed what is still open on a node that has stopped. */
    void stopped(String node, String reason) {
        forgetAll(place -> place.node().equals(node)).forEach(span -> span.fail(reason, reason));
    }

    /** Ends everything; what begins from now on ends at once. */
    void close() {
        closed = true;
        forgetAll(place -> true).forEach(span -> span.span().end());
    }

    private List<OpenSpan> forgetAll(Predicate<Place> where) {
        return spans.entrySet().stream()
                .filter(entry -> where.test(entry.getKey()))
                .map(Map.Entry::getValue)
                .distinct()
                .toList()
                .stream()
                .filter(this::forget)
                .toList();
    }
}
