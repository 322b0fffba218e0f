// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import akka.actor.typed.javadsl.ActorContext;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import ockam.routing.spi.NodeLog;
import ockam.routing.spi.Registration;
import ockam.routing.spi.Router;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Names workers whose handlers do not return. It looks at all workers now and then, so that a message costs no clock read: a handler that is
 * seen twice has been running for at least the time in between. Thread safe, but only one thread at a time may look.
 */
final class SlowHandlers {
    private static final Logger LOG = LoggerFactory.getLogger(SlowHandlers.class);

    private final Router router;
    private final Map<Registration, Handling> all = new ConcurrentHashMap<>();

    SlowHandlers(Router router) {
        this.router = router;
    }

    /** Watches the worker that holds these addresses, until it gives them back. */
    Handling watch(Registration registration, ActorContext<?> context) {
        Handling handling =
                new Handling(registration, context.getExecutionContext().toString());
        if (all.put(registration, handling) == null) { // or it was restarted
            var unused = registration.whenEnded().thenRun(() -> all.remove(registration));
        }
        return handling;
    }

    /** Looks at all workers; {@code interval} is the time since the last look. */
    void look(Duration interval) {
        for (Handling worker : all.values()) {
            if (worker.isSeenAgain()) {
                router.logged(() -> LOG.warn(
                        "The handler at {} has been running for at least {} and holds a thread of {}; a worker that "
                                + "blocks needs a dispatcher of its own, and should not wait for ask",
                        NodeLog.text(worker.registration.address()),
                        NodeLog.text(interval),
                        worker.dispatcher));
            }
        }
    }

    /** Whether a worker is in its handler. Its actor notes that, and nobody else. */
    static final class Handling {
        private final Registration registration;
        private final String dispatcher;
        /** Odd while a handler runs. */
        private final AtomicLong steps = new AtomicLong();

        private long seen; // only used by the one who looks
        private boolean reported; // likewise

        private Handling(Registration registration, String dispatcher) {
            this.registration = registration;
            this.dispatcher = dispatcher;
        }

        /** A handler begins or ends. */
        void step() {
            steps.lazySet(steps.getPlain() + 1);
        }

        /** Whether the same call of the handler runs as when this was last asked; true once for each. */
        private boolean isSeenAgain() {
            long now = steps.get();
            boolean again = now == seen && now % 2 == 1;
            boolean news = again && !reported;
            reported = again;
            seen = now;
            return news;
        }
    }
}
