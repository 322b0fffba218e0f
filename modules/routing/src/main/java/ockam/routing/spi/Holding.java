// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import java.util.List;
import java.util.Map;
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

    /** Each with what is to be done when it is here no more. */
    private final Map<Deferred, Runnable> deferred = new ConcurrentHashMap<>();

    private volatile boolean closed;

    void add(Deferred message, Runnable whenRemoved) {
        Runnable replaced = deferred.put(message, whenRemoved);
        if (replaced != null) {
            replaced.run();
        }
    }

    void remove(Deferred message) {
        Runnable whenRemoved = deferred.remove(message);
        if (whenRemoved != null) {
            whenRemoved.run();
        }
    }

    /** Settles as lost what the supervision of a worker has kept. */
    void loseKept(DropReason reason) {
        deferred.keySet().forEach(message -> {
            if (message.isKept()) {
                message.lost(reason);
            }
        });
    }

    /** Settles as lost everything that waits. */
    void loseAll(DropReason reason) {
        List.copyOf(deferred.keySet()).forEach(message -> message.lost(reason));
    }

    int size() {
        return deferred.size();
    }

    /** Declares that nothing delivered from now on is handled. */
    void close() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }
}
