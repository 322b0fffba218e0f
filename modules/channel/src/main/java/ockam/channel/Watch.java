// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import java.util.Objects;
import ockam.wire.internal.Failures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One that wants to know of a newer credential. Compared by identity, so that the same code can watch twice. */
final class Watch {
    private static final Logger log = LoggerFactory.getLogger(CredentialRetriever.class);

    private final Runnable newer;

    Watch(Runnable newer) {
        this.newer = Objects.requireNonNull(newer, "newer");
    }

    /** Tells it; if it throws, the others are to be told all the same. */
    void tell() {
        try {
            newer.run();
        } catch (Throwable e) {
            Failures.rethrowIfFatal(e);
            log.error("One that waits for newer credentials threw", e);
        }
    }
}
