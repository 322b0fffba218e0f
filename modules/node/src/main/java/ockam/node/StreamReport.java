// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import java.util.Map;
import ockam.routing.DropReason;

/**
 * What became of the messages that a stream sent, as far as its node knows. A message has arrived when it has ended on the node without
 * being dropped: a worker handled it or answered it, a source handed it to downstream, or it left for another node. What happens to it there
 * is not known here, and neither is what became of an answer. A message that was copied on its way is lost only if all copies are.
 *
 * @param sent messages that were taken from upstream and let in
 * @param lost how many of them were lost, for each reason that there was
 */
public record StreamReport(long sent, Map<DropReason, Long> lost) {

    /** Copies the counts. */
    public StreamReport {
        lost = Map.copyOf(lost);
        if (sent < count(lost)) {
            throw new IllegalArgumentException("more is lost than was sent");
        }
    }

    /** How many messages have arrived. */
    public long arrived() {
        return sent - count(lost);
    }

    /** Whether all of them have arrived, as far as the node knows. */
    public boolean isComplete() {
        return lost.isEmpty();
    }

    private static long count(Map<DropReason, Long> lost) {
        return lost.values().stream().mapToLong(Long::longValue).sum();
    }
}
