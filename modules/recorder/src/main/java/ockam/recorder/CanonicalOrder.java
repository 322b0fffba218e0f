// SPDX-License-Identifier: Apache-2.0

package ockam.recorder;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An order of steps that is the same in every run of the same program, as far as there is one. A message and those that are made from it, a
 * flow, are drawn one after the other, as if nothing else had happened at the same time. What a worker asks others before it answers is drawn
 * before its answer. A flow that had ended before another began, or was first between the same two, comes first; of the rest the one whose
 * first step is first in the alphabet.
 */
final class CanonicalOrder {
    /** Messages that are made from one another. */
    private static final class Flow {
        final List<Step> steps = new ArrayList<>();
        final List<Integer> positions = new ArrayList<>();
        /** Where it is first between the same two. */
        final Map<List<Party>, Integer> between = new LinkedHashMap<>();
        /** By the step that they follow. */
        final Map<Integer, List<Flow>> inside = new HashMap<>();

        void add(Step step, int position) {
            steps.add(step);
            positions.add(position);
            between.putIfAbsent(step.parties(), position);
        }

        int start() {
            return positions.get(0);
        }

        int end() {
            return positions.get(positions.size() - 1);
        }

        boolean isNote() {
            return steps.get(0).kind() == Step.Kind.NOTE;
        }
    }

    private final Residents residents;
    /** Who takes part, numbered. */
    private final Map<Party, Integer> appearance = new HashMap<>();

    private final Map<Step, List<Step>> notes = new HashMap<>();
    private final List<Step> result = new ArrayList<>();

    private CanonicalOrder(Residents residents) {
        this.residents = residents;
    }

    static List<Step> of(List<Step> steps, Residents residents) {
        CanonicalOrder order = new CanonicalOrder(residents);
        steps.stream()
                .filter(Step::isMessage)
                .flatMap(step -> step.parties().stream())
                .forEach(party -> order.appearance.putIfAbsent(party, order.appearance.size()));
        order.write(order.nested(order.flows(steps)));
        return order.result;
    }

    /** In the order in which they begin. That a channel is open, or will not be, belongs to its handshake. */
    private List<Flow> flows(List<Step> steps) {
        Map<Integer, Flow> flows = new HashMap<>();
        List<Flow> order = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            Step anchor = step.kind() == Step.Kind.NOTE ? anchor(step, steps.subList(0, i)) : null;
            if (anchor == null) {
                Flow flow = flows.computeIfAbsent(step.flow(), unused -> {
                    Flow made = new Flow();
                    order.add(made);
                    return made;
                });
                flow.add(step, i);
            } else {
                notes.computeIfAbsent(anchor, unused -> new ArrayList<>()).add(step);
            }
        }
        return order;
    }

    private static @Nullable Step anchor(Step note, List<Step> before) {
        boolean ofHandshake = note.text().equals("open") || note.text().startsWith("handshake failed");
        for (int i = before.size() - 1; i >= 0 && ofHandshake; i--) {
            Step step = before.get(i);
            if (step.touches(note.to()) && step.kind() == Step.Kind.HANDSHAKE) {
                return step;
            }
        }
        return null;
    }

    /** Puts a flow that lies between a question and its answer there, and returns the rest. */
    private List<Flow> nested(List<Flow> flows) {
        List<Flow> top = new ArrayList<>();
        for (Flow flow : flows) {
            Flow innermost = null;
            int after = -1;
            for (Flow outer : flows) {
                int gap = outer.start() < flow.start() ? gapOf(outer, flow) : -1;
                if (gap >= 0 && (innermost == null || outer.start() > innermost.start())) {
                    innermost = outer;
                    after = gap;
                }
            }
            if (innermost == null) {
                top.add(flow);
            } else {
                innermost
                        .inside
                        .computeIfAbsent(after, unused -> new ArrayList<>())
                        .add(flow);
            }
        }
        return top;
    }

    private int gapOf(Flow outer, Flow inner) {
        for (int i = 0; i + 1 < outer.steps.size(); i++) {
            Step question = outer.steps.get(i);
            Step answer = outer.steps.get(i + 1);
            if (outer.positions.get(i) < inner.start()
                    && inner.end() < outer.positions.get(i + 1)
                    && question.to().equals(answer.from())
                    && question.to().place().equals(inner.steps.get(0).from().place())
                    && !residents.isChannel(question.to())
                    && !answer.passesOn(question)) {
                return i;
            }
        }
        return -1;
    }

    private void write(List<Flow> flows) {
        for (Flow flow : sorted(flows)) {
            for (int i = 0; i < flow.steps.size(); i++) {
                Step step = flow.steps.get(i);
                result.add(step);
                result.addAll(notes.getOrDefault(step, List.of()));
                write(flow.inside.getOrDefault(i, List.of()));
            }
        }
    }

    private List<Flow> sorted(List<Flow> flows) {
        Map<Flow, List<Flow>> followers = new HashMap<>();
        Map<Flow, Integer> waitingFor = new HashMap<>();
        for (Flow one : flows) {
            for (Flow other : flows) {
                if (one != other && isBefore(one, other)) {
                    followers.computeIfAbsent(one, unused -> new ArrayList<>()).add(other);
                    waitingFor.merge(other, 1, Integer::sum);
                }
            }
        }
        Queue<Flow> ready = new PriorityQueue<>(Comparator.comparing(this::key)
                .thenComparing(flow -> appearance.getOrDefault(flow.steps.get(0).from(), Integer.MAX_VALUE))
                .thenComparing(Flow::start));
        flows.stream().filter(flow -> !waitingFor.containsKey(flow)).forEach(ready::add);
        Set<Flow> sorted = new LinkedHashSet<>();
        Iterator<Flow> earliest = flows.iterator();
        while (sorted.size() < flows.size()) {
            Flow next = ready.poll();
            if (next == null) {
                next = earliest.next(); // those that are left all wait for each other, or it is there already
            }
            if (sorted.add(next)) {
                for (Flow follower : followers.getOrDefault(next, List.of())) {
                    if (waitingFor.merge(follower, -1, Integer::sum) == 0) {
                        ready.add(follower);
                    }
                }
            }
        }
        return List.copyOf(sorted);
    }

    private static boolean isBefore(Flow one, Flow other) {
        if (one.isNote()
                && other.isNote()
                && !one.steps.get(0).touches(other.steps.get(0).to())) {
            return false; // each happened for itself
        }
        if (one.end() < other.start()) {
            return true;
        }
        if (other.end() < one.start()) {
            return false;
        }
        for (Map.Entry<List<Party>, Integer> theirs : other.between.entrySet()) {
            Integer ours = one.between.get(theirs.getKey());
            if (ours != null) {
                return ours < theirs.getValue();
            }
        }
        return false;
    }

    private String key(Flow flow) {
        Step first = flow.steps.get(0);
        return name(first.from()) + " " + name(first.to()) + " " + first.text();
    }

    private String name(Party party) {
        return party.place().node() + "/"
                + residents.kindOfRandom(party).orElse(party.address().toString());
    }

    /** What happens to several of them between two arrows is shown in the order in which they first appear. */
    static List<Step> withNotesInOrder(List<Step> steps) {
        Map<Party, Integer> first = new HashMap<>();
        steps.stream()
                .filter(Step::isArrow)
                .flatMap(step -> step.parties().stream())
                .forEach(party -> first.putIfAbsent(party, first.size()));
        List<Step> ordered = new ArrayList<>(steps);
        int begin = 0;
        for (int i = 0; i <= ordered.size(); i++) {
            if (i == ordered.size() || ordered.get(i).kind() != Step.Kind.NOTE) {
                ordered.subList(begin, i)
                        .sort(Comparator.comparingInt(note -> first.getOrDefault(note.to(), Integer.MAX_VALUE)));
                begin = i + 1;
            }
        }
        return ordered;
    }
}
