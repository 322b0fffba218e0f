// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * For how long a channel has been idle: nothing sent, and nothing authentic received. Both halves note their use, which costs them no
 * clock; one timer for all channels looks for it. So a time is counted in looks, and is never longer than the true one. Thread safe, but
 * only one thread at a time may look.
 */
final class Idleness {
    /** From one look to the next. */
    static final Duration PERIOD = Duration.ofSeconds(10);

    private final long limit;
    private volatile boolean used = true;
    private final AtomicBoolean heard = new AtomicBoolean();
    private volatile long idleLooks;

    /** With the time after which it is too long; empty for never. */
    Idleness(Optional<Duration> limit) {
        this.limit = limit.map(Idleness::looks).orElse(Long.MAX_VALUE);
    }

    /** The channel has sent or received something. */
    void used() {
        if (!used) { // rarely written, so that the halves do not compete for it
            used = true;
        }
    }

    /** The channel has received something authentic. */
    void received() {
        used();
        if (!heard.get()) {
            heard.set(true);
        }
    }

    /** Returns whether the peer was heard since the last time this was asked. */
    boolean takeHeard() {
        return heard.getAndSet(false);
    }

    /** Looks for use since the last look, and returns whether the channel has been idle for as long as its limit. */
    boolean look() {
        long looks = used ? 0 : idleLooks + 1;
        used = false;
        idleLooks = looks;
        return looks >= limit;
    }

    /** Whether the channel has been idle for at least this time. */
    boolean isAtLeast(Duration time) {
        return looks() >= looks(time);
    }

    /** How often nothing was found in a row. */
    long looks() {
        return used ? 0 : idleLooks;
    }

    private static long looks(Duration time) {
        return time.plus(PERIOD).minusNanos(1).dividedBy(PERIOD);
    }
}
