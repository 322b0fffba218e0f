// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import ockam.routing.DropReason;

/**
 * What the endpoints of one registration share: whether anything is still handled there, and which messages outlive their handlers. Thread
 * safe.
 */
final class Holding {
    /** A message that outlives its handler. */
    interface Deferred {
        /** Whether the supervision of a worker has it, and not the worker. */
        boolean isKept();

        /** Settles it as lost. */
        void lost(DropReason reason);
    }

    private final Set<Deferred> deferred = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    void add(Deferred message) {
        deferred.add(message);
    }

    void remove(Deferred message) {
        deferred.remove(message);
    }

    /** Settles as lost what the supervision of a worker has kept. */
    void loseKept(DropReason reason) {
        deferred.forEach(message -> {
            if (message.isKept()) {
                message.lost(reason);
            }
        });
    }

    /** Settles as lost everything that waits. */
    void loseAll(DropReason reason) {
        List.copyOf(deferred).forEach(message -> message.lost(reason));
    }

    /** Declares that nothing delivered from now on is handled. */
    void close() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }
}
