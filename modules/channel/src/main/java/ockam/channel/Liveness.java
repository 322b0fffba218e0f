// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import java.time.Duration;
import java.util.Objects;
import ockam.wire.Address;

/**
 * How a channel finds out whether its peer is still there: when nothing authentic has come from it for a while, it sends a message to a
 * worker of the peer that answers every message, and expects anything authentic in time. Immutable; each {@code withX} returns a copy.
 *
 * @param echo the address of that worker on the peer's node; it must be open to the channel there
 * @param interval how long nothing may come before a message is sent, and after it before the next one, at most 20 days
 * @param timeout how long nothing may come before the peer counts as gone, longer than the interval and at most 20 days. Counted in
 *     whole intervals, and noticed up to one of them later
 */
public record Liveness(Address echo, Duration interval, Duration timeout) {
    /** Checks the ranges; throws {@link IllegalArgumentException}. */
    public Liveness {
        Objects.requireNonNull(echo, "echo");
        SecureChannelSettings.BLOCK.requireTime(interval, "ping-interval");
        SecureChannelSettings.BLOCK.requireTime(timeout, "peer-timeout");
        SecureChannelSettings.BLOCK.require(
                timeout.compareTo(interval) > 0, "peer-timeout must be longer than ping-interval");
    }

    /** Another worker that answers every message. */
    public Liveness withEcho(Address address) {
        return new Liveness(address, interval, timeout);
    }

    /** Other times. */
    public Liveness withTimes(Duration ping, Duration gone) {
        return new Liveness(echo, ping, gone);
    }
}
