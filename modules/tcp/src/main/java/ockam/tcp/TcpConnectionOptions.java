// SPDX-License-Identifier: Apache-2.0

package ockam.tcp;

import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import ockam.routing.FlowControlId;
import ockam.routing.Producer;

/** Options of a connection that this side makes. Immutable. */
public final class TcpConnectionOptions {
    private static final TcpConnectionOptions DEFAULTS = new TcpConnectionOptions(Set.of(), Optional.empty());

    private final Set<FlowControlId> openTo;
    private final Optional<Duration> connectTimeout;

    private TcpConnectionOptions(Set<FlowControlId> openTo, Optional<Duration> connectTimeout) {
        this.openTo = Set.copyOf(openTo);
        this.connectTimeout = connectTimeout;
    }

    /** Nothing that comes in from outside may leave by the connection; the time-out is {@code ockam.tcp.connect-timeout}. */
    public static TcpConnectionOptions defaults() {
        return DEFAULTS;
    }

    /**
     * What a producer brings in may leave by the connection (routing, section 6.4): whoever is at its other side can send to whoever is at
     * the other side of this one. To pass on only what a worker of this node has seen, open that worker instead.
     */
    public TcpConnectionOptions withOpenTo(Producer producer) {
        Set<FlowControlId> all = new HashSet<>(openTo);
        all.add(producer.flowControlId());
        return new TcpConnectionOptions(all, connectTimeout);
    }

    /** How long it may take to connect. */
    public TcpConnectionOptions withConnectTimeout(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("a connect time-out is positive, not " + timeout);
        }
        return new TcpConnectionOptions(openTo, Optional.of(timeout));
    }

    Set<FlowControlId> openTo() {
        return openTo;
    }

    Duration connectTimeout(TcpSettings settings) {
        return connectTimeout.orElse(settings.connectTimeout());
    }
}
