// SPDX-License-Identifier: Apache-2.0

package ockam.recorder;

/**
 * One event of a recording and where it is in there. Each is equal to itself only.
 */
final class Item {
    private final int process;
    private final int index;
    private final Recorded event;

    Item(int process, int index, Recorded event) {
        this.process = process;
        this.index = index;
        this.event = event;
    }

    /** The number of its process. */
    int process() {
        return process;
    }

    /** Its number in there. */
    int index() {
        return index;
    }

    Recorded event() {
        return event;
    }

    Place place() {
        return new Place(process, event.node());
    }
}
