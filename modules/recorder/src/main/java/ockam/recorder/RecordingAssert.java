// SPDX-License-Identifier: Apache-2.0

package ockam.recorder;

import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import ockam.routing.DropReason;

/**
 * Says in a test what a recording must show. What does not hold is an {@link AssertionError} that shows the end of the recording as text, 200
 * lines at most. It needs no library of tests.
 *
 * <p>Those who take part have the names of {@link Recording#mermaid}: the address that somebody chose, such as {@code h1}, or else what it is
 * and a number, such as {@code channel-1}. If there are several nodes, that of the node comes first: {@code alice/h1}.
 */
public final class RecordingAssert {
    private static final int SHOWN = 200;

    private final Recording recording;
    private final Picture picture;

    private RecordingAssert(Recording recording) {
        this.recording = recording;
        this.picture = recording.picture();
    }

    /** Begins with a recording. */
    public static RecordingAssert assertThat(Recording recording) {
        return new RecordingAssert(recording);
    }

    /**
     * These and no other messages were delivered, in this order; messages that had nothing to do with each other are in the order of
     * {@link Recording#mermaid}.
     *
     * @param arrows from and to, as {@code app -> h1}
     */
    public RecordingAssert delivers(String... arrows) {
        List<String> delivered = delivered();
        List<String> wanted = Arrays.asList(arrows);
        return check(
                picture.notDrawn() == 0 && delivered.equals(wanted),
                "expected to be delivered:\n" + String.join("\n", wanted) + "\nbut delivered was:\n"
                        + String.join("\n", delivered));
    }

    private List<String> delivered() {
        return picture.canonical().stream()
                .filter(Step::isMessage)
                .map(step -> Picture.arrow(step, picture.names()))
                .toList();
    }

    /** So many messages were dropped for this reason at this address, and none for another reason or elsewhere. */
    public RecordingAssert drops(int count, DropReason reason, String at) {
        List<String> drops = drops().toList();
        String wanted = reason.name() + " at " + at;
        return check(
                drops.size() == count && drops.stream().allMatch(wanted::equals),
                "expected to be dropped: " + count + " times " + wanted + "\nbut dropped was: " + drops);
    }

    /** No message was dropped. */
    public RecordingAssert dropsNothing() {
        List<String> drops = drops().toList();
        return check(drops.isEmpty(), "expected that nothing is dropped, but dropped was: " + drops);
    }

    private Stream<String> drops() {
        return picture.items().stream()
                .filter(item -> item.event().is(Recorded.DROPPED))
                .map(item -> item.event().attribute("reason") + " at "
                        + picture.names()
                                .full(picture.residents()
                                        .party(
                                                item.place(),
                                                item.event().addresses().get(0))));
    }

    /** No others than these sent or got a message. */
    public RecordingAssert involvesOnly(String... names) {
        Set<String> others = new LinkedHashSet<>();
        picture.canonical().stream()
                .filter(Step::isMessage)
                .flatMap(step -> step.parties().stream())
                .forEach(party -> others.add(picture.names().full(party)));
        others.removeAll(Set.of(names));
        return check(
                picture.notDrawn() == 0 && others.isEmpty(),
                "expected that nobody takes part but " + Arrays.toString(names) + "\nbut so did: " + others);
    }

    /** Everything that was taken while it was recorded was given back: the addresses of workers, channels, connections and all others. */
    public RecordingAssert leavesNothingOpen() {
        Set<Party> open = new HashSet<>();
        for (Item item : picture.items()) {
            boolean isTaken = item.event().is(Recorded.TAKEN);
            if (isTaken || item.event().is(Recorded.FREED)) {
                item.event().addresses().forEach(address -> {
                    Party party = new Party(item.place(), address);
                    boolean unused = isTaken ? open.add(party) : open.remove(party);
                });
            }
        }
        Set<String> names = new TreeSet<>();
        open.forEach(party ->
                names.add(picture.names().full(picture.residents().party(party.place(), party.address()))));
        return check(open.isEmpty(), "expected that nothing is left open, but there is still: " + names);
    }

    private RecordingAssert check(boolean holds, String message) {
        if (!holds || recording.lost() > 0) {
            throw new AssertionError(message + "\n\nThe recording:\n" + recording.text(SHOWN));
        }
        return this;
    }
}
