// SPDX-License-Identifier: Apache-2.0

package ockam.recorder;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import ockam.routing.spi.NodeLog;
import ockam.wire.Address;
import ockam.wire.Route;

/**
 * Names that are the same in every run: an address that somebody chose is its own name, and one that was drawn by lot is called by what lives
 * there, with a number in the order in which they appear, such as {@code channel-1}. All of them fit on a line.
 */
final class Names {
    private static final int MOST_ADDRESSES = 8;

    private final Residents residents;
    private final List<Recording.Part> processes;
    private final Map<Place, String> places = new LinkedHashMap<>();
    private final Map<Party, String> parties = new HashMap<>();
    private final Map<Address, Party> drawn = new HashMap<>();
    private final Set<String> taken = new HashSet<>();
    private final Map<String, Integer> numbers = new HashMap<>();

    Names(Residents residents, List<Recording.Part> processes, List<Place> all) {
        this.residents = residents;
        this.processes = processes;
        all.forEach(place -> places.put(place, label(place, all)));
    }

    /** A node's name, with that of its process if there are several nodes of this name. */
    private String label(Place place, List<Place> all) {
        boolean unique = all.stream()
                .allMatch(other -> other.equals(place) || !other.node().equals(place.node()));
        String node = NodeLog.text(place.node(), 80);
        if (unique) {
            return node;
        }
        String process = processes.get(place.process()).name();
        boolean isUniqueProcess =
                processes.stream().filter(other -> other.name().equals(process)).count() == 1;
        return node + " (" + (isUniqueProcess ? NodeLog.text(process, 80) : "process " + (place.process() + 1)) + ")";
    }

    /** Those which are named first get the lowest numbers. */
    void nameInThisOrder(List<Step> steps) {
        steps.forEach(step -> step.parties()
                .forEach(party -> residents
                        .kindOfRandom(party)
                        .ifPresentOrElse(
                                kind -> {}, () -> taken.add(place(party.place()) + "/" + chosen(party.address())))));
        steps.forEach(step -> step.parties().forEach(this::of));
    }

    String place(Place place) {
        return places.getOrDefault(place, place.node());
    }

    /** The name of somebody on a node. */
    String of(Party party) {
        String known = parties.get(party);
        if (known == null) {
            known = residents
                    .kindOfRandom(party)
                    .map(kind -> {
                        drawn.putIfAbsent(party.address(), party);
                        return numbered(place(party.place()) + "/", kind);
                    })
                    .orElseGet(() -> chosen(party.address()));
            parties.put(party, known);
        }
        return known;
    }

    private String numbered(String place, String kind) {
        String name;
        do {
            name = kind + "-" + numbers.merge(place + kind, 1, Integer::sum);
        } while (!taken.add(place + name));
        return name;
    }

    /** As people write it: the number of the transport only if it is not that of the node itself. */
    private static String chosen(Address address) {
        String text = NodeLog.text(address);
        if (address.value().isEmpty()) {
            return address.isLocal() ? "(empty)" : text;
        }
        return address.isLocal() && text.startsWith("0#") ? text.substring(2) : text;
    }

    /** The name with that of the node, if there are several nodes. */
    String full(Party party) {
        return places.size() > 1 ? place(party.place()) + "/" + of(party) : of(party);
    }

    String of(Place place, Address address) {
        return of(residents.party(place, address));
    }

    /** The first addresses of a route, which belong to several nodes; those that were drawn by lot are known by that alone. */
    String text(Route route) {
        StringJoiner text = new StringJoiner(" => ");
        int shown = 0;
        for (Address address : route) {
            if (shown++ == MOST_ADDRESSES) {
                return text + " => ... (" + route.size() + " addresses)";
            }
            Party random = drawn.get(address);
            text.add(random == null ? chosen(address) : full(random));
        }
        return text.toString();
    }
}
