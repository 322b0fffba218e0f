// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import java.time.Duration;
import ockam.identity.TrustPolicy;
import org.jspecify.annotations.Nullable;

/**
 * How one secure channel is created. Immutable; each {@code withX} returns a copy. A trust policy must be named: there is no default that
 * trusts everyone.
 */
public final class SecureChannelOptions {
    private final TrustPolicy policy;
    private final @Nullable Duration handshakeTimeout;

    private SecureChannelOptions(TrustPolicy policy, @Nullable Duration handshakeTimeout) {
        this.policy = policy;
        this.handshakeTimeout = handshakeTimeout;
    }

    /** Options with the policy that decides about the peer. */
    public static SecureChannelOptions trusting(TrustPolicy policy) {
        return new SecureChannelOptions(policy, null);
    }

    /** A time other than {@code ockam.channel.handshake-timeout}; positive and at most 20 days. */
    public SecureChannelOptions withHandshakeTimeout(Duration timeout) {
        SecureChannelSettings.requireTimeout(timeout);
        return new SecureChannelOptions(policy, timeout);
    }

    TrustPolicy policy() {
        return policy;
    }

    Duration handshakeTimeout(SecureChannelSettings settings) {
        return handshakeTimeout == null ? settings.handshakeTimeout() : handshakeTimeout;
    }
}
