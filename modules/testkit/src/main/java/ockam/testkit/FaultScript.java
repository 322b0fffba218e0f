// SPDX-License-Identifier: Apache-2.0

package ockam.testkit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a {@link HostileHop} or a {@link MemoryTransport} does to messages, one after the other: each step is for the next message. After the
 * last step, all messages pass. Immutable; each method returns a copy. Prints its steps.
 *
 * <pre>{@code
 * FaultScript.create().pass(2).drop().corrupt(0).replay(1)
 * }</pre>
 *
 * <p>A step that has nothing to work on, such as a bit of an empty payload, or a replay before anything has arrived, lets its message pass.
 */
public final class FaultScript {
    private static final int MOST = 10_000;
    private static final int MEMORY = 1_000;

    private final List<Step> steps;

    private record Step(String text, Fate fate) {}

    private FaultScript(List<Step> steps) {
        this.steps = steps;
    }

    /** Returns a script without steps. */
    public static FaultScript create() {
        return new FaultScript(List.of());
    }

    /** The next message passes. */
    public FaultScript pass() {
        return with("pass", Fate.PASS);
    }

    /** The next messages pass. */
    public FaultScript pass(int messages) {
        return then(create().pass().times(messages));
    }

    /** The next message goes no further. */
    public FaultScript drop() {
        return with("drop", Fate.DROP);
    }

    /** The next message is sent twice. */
    public FaultScript duplicate() {
        return with("duplicate", new Fate(List.of(Fate.Copy.UNCHANGED, Fate.Copy.UNCHANGED), null));
    }

    /** The next message leaves after so many later ones have arrived, at least 1. */
    public FaultScript delay(int later) {
        return with("delay by " + atLeast(1, later), one(new Fate.Copy(null, null, null, later)));
    }

    /**
     * A bit of the next message is flipped.
     *
     * @param bit its number, counted from the lowest bit of the first byte; beyond the last one, it goes on with the first
     */
    public FaultScript corrupt(int bit) {
        return with("flip bit " + atLeast(0, bit), one(new Fate.Copy(null, null, bits -> bit % bits, 0)));
    }

    /** So many bytes of the next message are left, at least 0; all if it has fewer. */
    public FaultScript truncate(int bytes) {
        return with(
                "truncate to " + atLeast(0, bytes),
                one(new Fate.Copy(null, length -> Math.min(bytes, length), null, 0)));
    }

    /**
     * The next message passes, and after it leaves once more what had arrived so many messages before it, as it arrived.
     *
     * @param ago 1 to 1,000
     */
    public FaultScript replay(int ago) {
        if (atLeast(1, ago) > MEMORY) {
            throw new IllegalArgumentException("at most " + MEMORY + ", not " + ago);
        }
        return with("replay " + ago, new Fate(List.of(Fate.Copy.UNCHANGED), kept -> kept - ago));
    }

    /**
     * The next message gets the payload of the last one before it that had another onward route, and was one of the last 1,000: a frame of one
     * channel on the way of another one.
     */
    public FaultScript splice() {
        return with("splice", one(new Fate.Copy(others -> others - 1, null, null, 0)));
    }

    /** This script, and then another one. */
    public FaultScript then(FaultScript next) {
        return new FaultScript(
                bounded(Stream.concat(steps.stream(), next.steps.stream()).toList()));
    }

    /** This script so many times, at least 1. */
    public FaultScript times(int count) {
        if ((long) atLeast(1, count) * steps.size() > MOST) {
            throw new IllegalArgumentException("a script has at most " + MOST + " steps");
        }
        return new FaultScript(
                Collections.nCopies(count, steps).stream().flatMap(List::stream).toList());
    }

    private FaultScript with(String text, Fate fate) {
        List<Step> all = new ArrayList<>(steps);
        all.add(new Step(text, fate));
        return new FaultScript(bounded(List.copyOf(all)));
    }

    private static Fate one(Fate.Copy copy) {
        return new Fate(List.of(copy), null);
    }

    private static List<Step> bounded(List<Step> steps) {
        if (steps.size() > MOST) {
            throw new IllegalArgumentException("a script has at most " + MOST + " steps");
        }
        return steps;
    }

    private static int atLeast(int least, int number) {
        if (number < least) {
            throw new IllegalArgumentException("at least " + least + ", not " + number);
        }
        return number;
    }

    /** The plan of somebody who follows this script from its beginning. */
    <M> FaultPlan<M> plan() {
        var next = steps.iterator();
        return new FaultPlan<>(() -> next.hasNext() ? next.next().fate() : Fate.PASS, MEMORY);
    }

    @Override
    public String toString() {
        return steps.stream().map(Step::text).toList().toString();
    }
}
