// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import java.time.Duration;
import java.util.Set;
import java.util.function.LongSupplier;

/** Where most of the messages under way wait, in words: for senders for which there is no room. Thread safe. */
final class Backlog {
    /** Senders that are refused ask again and again, and to look at all addresses takes a while. */
    private static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);

    private final Set<Registration> registrations;
    private final LogLimit looks;
    private volatile String found = "";

    Backlog(Set<Registration> registrations, LongSupplier nanoTime) {
        this.registrations = registrations;
        this.looks = new LogLimit(LOOK_INTERVAL, nanoTime);
    }

    /** Empty, or a clause that begins with a semicolon. It may be about a second old. */
    String where() {
        if (looks.passes()) {
            found = look();
        }
        return found;
    }

    private String look() {
        Registration fullest = null;
        int most = 0;
        for (Registration registration : registrations) {
            int waiting = registration.waiting();
            if (waiting > most) {
                most = waiting;
                fullest = registration;
            }
        }
        return fullest == null ? "" : "; " + most + " of them wait at " + NodeLog.text(fullest.address());
    }
}
