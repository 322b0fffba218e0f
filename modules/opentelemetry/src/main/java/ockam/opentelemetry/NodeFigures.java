// SPDX-License-Identifier: Apache-2.0

package ockam.opentelemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import ockam.routing.spi.Form;

/** What is counted of a node, to be read when metrics are exported. Thread safe; to count takes no lock. */
final class NodeFigures {
    private final String node;
    private final Map<Form, LongAdder> delivered = new EnumMap<>(Form.class); // not changed any more
    private final Map<String, LongAdder> dropped = new ConcurrentHashMap<>(); // one for each reason there is
    private final Set<Place> openChannels = ConcurrentHashMap.newKeySet(); // those that there are

    NodeFigures(String node) {
        this.node = node;
        for (Form form : Form.values()) {
            delivered.put(form, new LongAdder());
        }
    }

    void delivered(Form form) {
        LongAdder count = delivered.get(form);
        if (count != null) {
            count.increment();
        }
    }

    void dropped(String reason) {
        dropped.computeIfAbsent(reason, unused -> new LongAdder()).increment();
    }

    /** A channel is open, as it may have been before, or closed. */
    void channel(Place channel, boolean open) {
        if (open) {
            openChannels.add(channel);
        } else {
            openChannels.remove(channel);
        }
    }

    /** No channel of this node is open any more. */
    void stopped(String stopped) {
        openChannels.removeIf(channel -> channel.node().equals(stopped));
    }

    void readDelivered(ObservableLongMeasurement counter) {
        delivered.forEach((form, count) -> {
            if (count.sum() > 0) {
                String name = form.name().toLowerCase(Locale.ROOT);
                counter.record(count.sum(), Attributes.of(Keys.NODE, node, Keys.FORM, name));
            }
        });
    }

    void readDropped(ObservableLongMeasurement counter) {
        dropped.forEach((reason, count) ->
                counter.record(count.sum(), Attributes.of(Keys.NODE, node, Keys.DROP_REASON, reason)));
    }

    void readOpenChannels(ObservableLongMeasurement counter) {
        counter.record(openChannels.size(), Attributes.of(Keys.NODE, node));
    }
}
