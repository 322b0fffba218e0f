// SPDX-License-Identifier: Apache-2.0

package ockam.testkit;

import java.util.List;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What happens to one message. Whoever draws or lists fates does not know the messages, so a place in a message or in the memory of a
 * {@link FaultPlan} is a function of how many there are.
 *
 * @param copies what leaves, in order; nothing if the message is dropped
 * @param replay which of the remembered messages, from the oldest, leaves once more; null for none, and none if there is none
 *     with this number
 */
record Fate(List<Copy> copies, @Nullable IntUnaryOperator replay) {
    static final Fate PASS = new Fate(List.of(Copy.UNCHANGED), null);
    static final Fate DROP = new Fate(List.of(), null);

    /** Of one message after the other. */
    @FunctionalInterface
    interface Source {
        Fate next();
    }

    /**
     * One copy of the message.
     *
     * @param splice which of the remembered messages with another route, from the oldest, lends its payload; null for none
     * @param truncation how many bytes of so many are left; null for all
     * @param corruption which of so many bits is flipped; null for none
     * @param delay how many later messages arrive before it leaves
     */
    record Copy(
            @Nullable IntUnaryOperator splice,
            @Nullable IntUnaryOperator truncation,
            @Nullable IntUnaryOperator corruption,
            int delay) {
        static final Copy UNCHANGED = new Copy(null, null, null, 0);
    }
}
