// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.Optional;
import ockam.identity.HistoryLimits;
import ockam.wire.Address;
import ockam.wire.internal.SettingsBlock;

/**
 * Settings of the secure channels of an actor system, read once from the block {@code ockam.channel}; its keys are explained in
 * {@code reference.conf}.
 *
 * @param handshakeTimeout how long a handshake may take, at most 20 days
 * @param setupTimeout how long the application may take to set a channel up, at most 20 days
 * @param maxHalfOpen handshakes that one listener may have under way, at least 1
 * @param maxChannels open channels that one listener may have accepted, at least 1
 * @param maxChannelsPerPeer those of them that one peer may have, at least 1
 * @param idleLimit after which a channel is closed that is not used, at most 20 days; empty for never
 * @param routeLostLimit after which a channel is closed whose route is lost, at most 20 days
 * @param liveness how a channel that is asked to watch its peer does so
 * @param earlyFrames frames that are kept when they have overtaken the last message of a handshake, at least 1
 * @param earlyFrameBytes bytes of such frames
 * @param acceptedBuffer accepted channels that may wait to be taken by an application, at least 1
 * @param histories how long the change history of a peer may be
 * @param credentialRefresh when a {@link RefreshingRetriever} asks for the next credential
 * @param purposeKeyAge at which a {@link PurposeKeyRotation} replaces a key, at least a second
 */
public record SecureChannelSettings(
        Duration handshakeTimeout,
        Duration setupTimeout,
        int maxHalfOpen,
        int maxChannels,
        int maxChannelsPerPeer,
        Optional<Duration> idleLimit,
        Duration routeLostLimit,
        Liveness liveness,
        int earlyFrames,
        long earlyFrameBytes,
        int acceptedBuffer,
        HistoryLimits histories,
        CredentialRefreshSettings credentialRefresh,
        Duration purposeKeyAge) {
    static final SettingsBlock BLOCK = new SettingsBlock("ockam.channel");

    /** Checks the ranges; throws {@link IllegalArgumentException} with a text that begins with the key. */
    public SecureChannelSettings {
        requireTimeout(handshakeTimeout);
        BLOCK.requireTime(setupTimeout, "setup-timeout");
        BLOCK.require(maxHalfOpen >= 1, "max-half-open must be at least 1");
        BLOCK.require(maxChannels >= 1, "max-channels must be at least 1");
        BLOCK.require(maxChannelsPerPeer >= 1, "max-channels-per-peer must be at least 1");
        idleLimit.ifPresent(limit -> BLOCK.requireTime(limit, "idle-limit"));
        BLOCK.requireTime(routeLostLimit, "route-lost-limit");
        BLOCK.require(earlyFrames >= 1, "early-frames must be at least 1");
        BLOCK.require(earlyFrameBytes >= 0, "early-frame-bytes must not be negative");
        BLOCK.require(acceptedBuffer >= 1, "accepted-buffer must be at least 1");
        BLOCK.require(purposeKeyAge.toSeconds() >= 1, "purpose-key-age must be at least 1 s");
    }

    /**
     * Reads the settings from the block {@code ockam.channel}.
     *
     * @throws IllegalArgumentException for a value that is missing, cannot be read or is out of range; its text begins with the key
     */
    public static SecureChannelSettings create(Config channel) {
        return new SecureChannelSettings(
                BLOCK.read("handshake-timeout", channel::getDuration),
                BLOCK.read("setup-timeout", channel::getDuration),
                BLOCK.read("max-half-open", channel::getInt),
                BLOCK.read("max-channels", channel::getInt),
                BLOCK.read("max-channels-per-peer", channel::getInt),
                BLOCK.readUnlessOff("idle-limit", channel::getString, channel::getDuration),
                BLOCK.read("route-lost-limit", channel::getDuration),
                new Liveness(
                        BLOCK.read("echo", key -> Address.of(channel.getString(key))),
                        BLOCK.read("ping-interval", channel::getDuration),
                        BLOCK.read("peer-timeout", channel::getDuration)),
                BLOCK.read("early-frames", channel::getInt),
                BLOCK.read("early-frame-bytes", channel::getBytes),
                BLOCK.read("accepted-buffer", channel::getInt),
                historyLimits(
                        BLOCK.read("max-history-changes", channel::getInt),
                        BLOCK.read("max-unnamed-history-bytes", channel::getBytes)),
                CredentialRefreshSettings.create(channel),
                BLOCK.read("purpose-key-age", channel::getDuration));
    }

    private static HistoryLimits historyLimits(int maxChanges, long maxUnnamedBytes) {
        BLOCK.require(maxChanges >= 1, "max-history-changes must be at least 1");
        return new HistoryLimits(maxChanges, maxUnnamedBytes);
    }

    static void requireTimeout(Duration timeout) {
        BLOCK.requireTime(timeout, "handshake-timeout");
    }
}
