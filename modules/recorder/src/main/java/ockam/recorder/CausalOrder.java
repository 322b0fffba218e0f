// SPDX-License-Identifier: Apache-2.0

package ockam.recorder;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The events of several processes in one order: that of each process as it is, no message before it was sent, and otherwise by the clocks,
 * which need not agree.
 */
final class CausalOrder {
    private CausalOrder() {}

    static List<Item> of(List<List<Item>> processes, Links links) {
        int[] next = new int[processes.size()];
        List<Item> order = new ArrayList<>();
        Item first = earliest(processes, links, next);
        while (first != null) {
            order.add(first);
            next[first.process()]++;
            first = earliest(processes, links, next);
        }
        return order;
    }

    /** Of those that come next in their process; one that waits for another process gives way to one that does not. */
    private static @Nullable Item earliest(List<List<Item>> processes, Links links, int[] next) {
        Item earliest = null;
        boolean waits = true;
        for (int process = 0; process < next.length; process++) {
            List<Item> items = processes.get(process);
            if (next[process] < items.size()) {
                Item item = items.get(next[process]);
                Item cause = links.departureOf(item);
                boolean itWaits = cause != null && cause.index() >= next[cause.process()];
                if (earliest == null
                        || (waits && !itWaits)
                        || (waits == itWaits
                                && item.event().time().isBefore(earliest.event().time()))) {
                    earliest = item;
                    waits = itWaits;
                }
            }
        }
        return earliest;
    }
}
