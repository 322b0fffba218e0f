// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import ockam.wire.Identifier;
import ockam.wire.internal.Failures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who wants to be told when something about an identity changes: open channels, so there are as many. Thread safe. */
final class Watchers {
    private static final Logger log = LoggerFactory.getLogger(Identities.class);

    private final Map<Identifier, Set<Watcher>> watchers = new ConcurrentHashMap<>();

    /** Compared by identity, so that the same code can watch twice. */
    private static final class Watcher {
        private final Runnable changed;

        Watcher(Runnable changed) {
            this.changed = changed;
        }

        void tell(Identifier of) {
            try {
                changed.run();
            } catch (Throwable e) {
                Failures.rethrowIfFatal(e);
                log.error("One who watches {} threw", of, e);
            }
        }
    }

    /** From now on this is run whenever something about the identity changes, until the returned action is run. */
    Runnable add(Identifier of, Runnable changed) {
        Watcher watcher = new Watcher(changed);
        watchers.compute(of, (unused, present) -> {
            Set<Watcher> all = present == null ? ConcurrentHashMap.newKeySet() : present;
            all.add(watcher);
            return all;
        });
        return () -> watchers.computeIfPresent(of, (unused, present) -> {
            present.remove(watcher);
            return present.isEmpty() ? null : present;
        });
    }

    boolean isWatched(Identifier of) {
        return watchers.containsKey(of);
    }

    /** Tells all; one that throws does not keep the others from being told. */
    void tell(Identifier of) {
        watchers.getOrDefault(of, Set.of()).forEach(watcher -> watcher.tell(of));
    }
}
