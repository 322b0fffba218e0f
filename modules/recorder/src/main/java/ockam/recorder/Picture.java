// SPDX-License-Identifier: Apache-2.0

package ockam.recorder;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** What a recording shows: its events in one order, the lines of its sequence diagram in two, and a name for everybody. */
final class Picture {
    /** Of more lines, nobody sees anything; the table of a page has all events. */
    static final int MOST_STEPS = 1000;

    private final List<Item> items;
    private final List<Step> all;
    private final List<Step> steps;
    private final List<Step> canonical;
    private final Names names;
    private final Residents residents;

    private Picture(
            List<Item> items,
            List<Step> all,
            List<Step> steps,
            List<Step> canonical,
            Names names,
            Residents residents) {
        this.items = items;
        this.all = all;
        this.steps = steps;
        this.canonical = canonical;
        this.names = names;
        this.residents = residents;
    }

    static Picture of(Recording recording) {
        List<Recording.Part> processes = recording.parts();
        List<List<Item>> all = IntStream.range(0, processes.size())
                .mapToObj(process -> {
                    List<Recorded> events = processes.get(process).events();
                    return IntStream.range(0, events.size())
                            .mapToObj(index -> new Item(process, index, events.get(index)))
                            .toList();
                })
                .toList();
        Residents residents = Residents.of(all);
        Links links = Links.of(all, residents);
        List<Item> order = CausalOrder.of(all, links);
        List<Step> every = Steps.of(order, residents, links);
        List<Step> steps = every.subList(0, Math.min(MOST_STEPS, every.size()));
        List<Step> canonical = CanonicalOrder.withNotesInOrder(CanonicalOrder.of(steps, residents));
        Names names = new Names(
                residents, processes, order.stream().map(Item::place).distinct().toList());
        names.nameInThisOrder(canonical);
        return new Picture(order, every, steps, canonical, names, residents);
    }

    /** All events. */
    List<Item> items() {
        return items;
    }

    /** All lines, as they were recorded, also those that are not drawn. */
    List<Step> all() {
        return all;
    }

    /** The first lines, as they were recorded. */
    List<Step> steps() {
        return steps;
    }

    /** The same in an order that does not change from run to run. */
    List<Step> canonical() {
        return canonical;
    }

    /** How many lines are missing. */
    int notDrawn() {
        return all.size() - steps.size();
    }

    Names names() {
        return names;
    }

    Residents residents() {
        return residents;
    }

    /** Those who take part, by their nodes, in the order in which they appear. */
    static Map<Place, List<Party>> parties(List<Step> steps) {
        Map<Place, Collection<Party>> found = new LinkedHashMap<>();
        steps.forEach(step -> step.parties()
                .forEach(party -> found.computeIfAbsent(party.place(), unused -> new LinkedHashSet<>())
                        .add(party)));
        Map<Place, List<Party>> parties = new LinkedHashMap<>();
        found.forEach((place, all) -> parties.put(place, new ArrayList<>(all)));
        return parties;
    }

    /** One line of text for each step. */
    static List<String> lines(List<Step> steps, Names names) {
        return steps.stream()
                .map(step -> step.isArrow()
                        ? arrow(step, names) + ": " + step.text()
                        : names.full(step.to()) + ": " + step.text())
                .toList();
    }

    static String arrow(Step step, Names names) {
        return names.full(step.from()) + " -> " + names.full(step.to());
    }
}
