// SPDX-License-Identifier: Apache-2.0

package ockam.recorder;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import ockam.wire.Route;
import org.jspecify.annotations.Nullable;

/**
 * Which message that came in by a connection is which one that left another node by one. A connection takes its own address off the onward
 * route, and the node at the other side puts one before the return route; the rest of both stays as it is, and so does the size.
 */
final class Links {
    private record Shape(Route onward, Route back, int size) {}

    private final Map<Item, Item> departures = new HashMap<>();
    private final Set<Item> arrived = new HashSet<>();

    private Links() {}

    static Links of(List<List<Item>> processes, Residents residents) {
        Map<Shape, Deque<Item>> sent = new HashMap<>();
        processes.stream()
                .flatMap(List::stream)
                .filter(item -> item.event().is(Recorded.DELIVERED) && leaves(item, residents))
                .sorted(Comparator.comparing(item -> item.event().time())) // stable: of a process, the order stays
                .forEach(item -> sent.computeIfAbsent(
                                new Shape(
                                        item.event().route().step(),
                                        item.event().returnRoute(),
                                        item.event().size()),
                                unused -> new ArrayDeque<>())
                        .add(item));
        Links links = new Links();
        processes.stream()
                .flatMap(List::stream)
                .filter(item -> item.event().is(Recorded.DELIVERED) && comesIn(item, residents))
                .sorted(Comparator.comparing(item -> item.event().time()))
                .forEach(item -> links.link(item, sent));
        return links;
    }

    private static boolean leaves(Item item, Residents residents) {
        return residents.isConnection(item.place(), item.event().addresses().get(1));
    }

    /** What a connection brings in goes out from an address where nobody can send to; answers go to the connection's own. */
    static boolean comesIn(Item item, Residents residents) {
        Recorded event = item.event();
        return !event.returnRoute().isEmpty()
                && residents.isConnection(item.place(), event.returnRoute().next())
                && residents.isStream(item.place(), event.addresses().get(0));
    }

    private void link(Item arrival, Map<Shape, Deque<Item>> sent) {
        Recorded event = arrival.event();
        Deque<Item> candidates =
                sent.get(new Shape(event.route(), event.returnRoute().step(), event.size()));
        if (candidates == null) {
            return;
        }
        for (Iterator<Item> each = candidates.iterator(); each.hasNext(); ) {
            Item departure = each.next();
            if (!departure.place().equals(arrival.place())) {
                departures.put(arrival, departure);
                arrived.add(departure);
                each.remove();
                return;
            }
        }
    }

    /** What it was when it left the other node, if that is known. */
    @Nullable
    Item departureOf(Item arrival) {
        return departures.get(arrival);
    }

    /** Whether it is known where it came in. */
    boolean hasArrived(Item departure) {
        return arrived.contains(departure);
    }
}
