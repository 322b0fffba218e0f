// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import ockam.identity.TrustPolicy;
import ockam.routing.FlowControlId;
import ockam.routing.Producer;
import org.jspecify.annotations.Nullable;

/**
 * How a listener accepts secure channels. Immutable; each {@code withX} returns a copy. A trust policy must be named: there is no default
 * that trusts everyone.
 */
public final class SecureChannelListenerOptions {
    private final TrustPolicy policy;
    private final @Nullable Duration handshakeTimeout;
    private final @Nullable Integer maxHalfOpen;
    private final @Nullable Integer maxChannels;
    private final @Nullable Integer maxChannelsPerPeer;
    private final List<FlowControlId> reachableFrom;

    private SecureChannelListenerOptions(
            TrustPolicy policy,
            @Nullable Duration handshakeTimeout,
            @Nullable Integer maxHalfOpen,
            @Nullable Integer maxChannels,
            @Nullable Integer maxChannelsPerPeer,
            List<FlowControlId> reachableFrom) {
        this.policy = policy;
        this.handshakeTimeout = handshakeTimeout;
        this.maxHalfOpen = maxHalfOpen;
        this.maxChannels = maxChannels;
        this.maxChannelsPerPeer = maxChannelsPerPeer;
        this.reachableFrom = List.copyOf(reachableFrom);
    }

    /** Options with the policy that decides about each peer. */
    public static SecureChannelListenerOptions trusting(TrustPolicy policy) {
        return new SecureChannelListenerOptions(policy, null, null, null, null, List.of());
    }

    /** A time other than {@code ockam.channel.handshake-timeout}; positive and at most 20 days. */
    public SecureChannelListenerOptions withHandshakeTimeout(Duration timeout) {
        SecureChannelSettings.requireTimeout(timeout);
        return new SecureChannelListenerOptions(
                policy, timeout, maxHalfOpen, maxChannels, maxChannelsPerPeer, reachableFrom);
    }

    /** A number other than {@code ockam.channel.max-half-open}. */
    public SecureChannelListenerOptions withMaxHalfOpen(int handshakes) {
        if (handshakes < 1) {
            throw new IllegalArgumentException("a listener needs room for at least one handshake");
        }
        return new SecureChannelListenerOptions(
                policy, handshakeTimeout, handshakes, maxChannels, maxChannelsPerPeer, reachableFrom);
    }

    /** A number other than {@code ockam.channel.max-channels}. */
    public SecureChannelListenerOptions withMaxChannels(int channels) {
        requireRoomForAChannel(channels);
        return new SecureChannelListenerOptions(
                policy, handshakeTimeout, maxHalfOpen, channels, maxChannelsPerPeer, reachableFrom);
    }

    /** A number other than {@code ockam.channel.max-channels-per-peer}. */
    public SecureChannelListenerOptions withMaxChannelsPerPeer(int channels) {
        requireRoomForAChannel(channels);
        return new SecureChannelListenerOptions(
                policy, handshakeTimeout, maxHalfOpen, maxChannels, channels, reachableFrom);
    }

    private static void requireRoomForAChannel(int channels) {
        if (channels < 1) {
            throw new IllegalArgumentException("a listener needs room for at least one channel");
        }
    }

    /** Also lets handshakes come in through a producer, such as the listener of the channels that carry them. */
    public SecureChannelListenerOptions withReachableFrom(Producer producer) {
        List<FlowControlId> all = new ArrayList<>(reachableFrom);
        all.add(producer.flowControlId());
        return new SecureChannelListenerOptions(
                policy, handshakeTimeout, maxHalfOpen, maxChannels, maxChannelsPerPeer, all);
    }

    TrustPolicy policy() {
        return policy;
    }

    Duration handshakeTimeout(SecureChannelSettings settings) {
        return handshakeTimeout == null ? settings.handshakeTimeout() : handshakeTimeout;
    }

    int maxHalfOpen(SecureChannelSettings settings) {
        return maxHalfOpen == null ? settings.maxHalfOpen() : maxHalfOpen;
    }

    int maxChannels(SecureChannelSettings settings) {
        return maxChannels == null ? settings.maxChannels() : maxChannels;
    }

    int maxChannelsPerPeer(SecureChannelSettings settings) {
        return maxChannelsPerPeer == null ? settings.maxChannelsPerPeer() : maxChannelsPerPeer;
    }

    List<FlowControlId> reachableFrom() {
        return reachableFrom;
    }
}
