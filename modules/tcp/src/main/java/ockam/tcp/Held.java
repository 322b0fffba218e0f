// SPDX-License-Identifier: Apache-2.0

package ockam.tcp;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Predicate;
import ockam.routing.DropReason;
import ockam.routing.spi.Delivery;

/**
 * What waits for the next connection, in order and within bounds. It keeps its permits, so that a stream that sent it waits too. Not thread
 * safe.
 */
final class Held {
    private final int maxMessages;
    private final long maxBytes;
    private final Deque<Delivery> waiting = new ArrayDeque<>();
    private long bytes;

    Held(int maxMessages, long maxBytes) {
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
    }

    /** Keeps a message if there is room, and drops it otherwise. */
    void add(Delivery delivery) {
        int size = sizeOf(delivery);
        if (waiting.size() < maxMessages && bytes + size <= maxBytes) {
            waiting.add(delivery);
            bytes += size;
        } else {
            delivery.lost(TcpDropReason.NOT_CONNECTED);
        }
    }

    /** Hands over what waits, until something is not taken. */
    void handTo(Predicate<Delivery> taking) {
        for (Delivery next = waiting.peek(); next != null && taking.test(next); next = waiting.peek()) {
            waiting.remove();
            bytes -= sizeOf(next);
        }
    }

    /** Gives up what waits. */
    void lose(DropReason reason) {
        handTo(delivery -> {
            delivery.lost(reason);
            return true;
        });
    }

    int size() {
        return waiting.size();
    }

    private static int sizeOf(Delivery delivery) {
        return delivery.message().footprint();
    }
}
