// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import com.typesafe.config.Config;
import java.time.Duration;
import ockam.wire.internal.SettingsBlock;

/**
 * Settings of the secure channels of an actor system, read once from the block {@code ockam.channel}; its keys are explained in
 * {@code reference.conf}.
 *
 * @param handshakeTimeout how long a handshake may take, at most 20 days
 * @param maxHalfOpen handshakes that one listener may have under way, at least 1
 * @param earlyFrames frames that are kept when they have overtaken the last message of a handshake, at least 1
 * @param earlyFrameBytes bytes of such frames
 * @param acceptedBuffer accepted channels that may wait to be taken by an application, at least 1
 */
public record SecureChannelSettings(
        Duration handshakeTimeout, int maxHalfOpen, int earlyFrames, long earlyFrameBytes, int acceptedBuffer) {
    private static final SettingsBlock BLOCK = new SettingsBlock("ockam.channel");

    /** Checks the ranges; throws {@link IllegalArgumentException} with a text that begins with the key. */
    public SecureChannelSettings {
        requireTimeout(handshakeTimeout);
        BLOCK.require(maxHalfOpen >= 1, "max-half-open must be at least 1");
        BLOCK.require(earlyFrames >= 1, "early-frames must be at least 1");
        BLOCK.require(earlyFrameBytes >= 0, "early-frame-bytes must not be negative");
        BLOCK.require(acceptedBuffer >= 1, "accepted-buffer must be at least 1");
    }

    /**
     * Reads the settings from the block {@code ockam.channel}.
     *
     * @throws IllegalArgumentException for a value that is missing, cannot be read or is out of range; its text begins with the key
     */
    public static SecureChannelSettings create(Config channel) {
        return new SecureChannelSettings(
                BLOCK.read("handshake-timeout", channel::getDuration),
                BLOCK.read("max-half-open", channel::getInt),
                BLOCK.read("early-frames", channel::getInt),
                BLOCK.read("early-frame-bytes", channel::getBytes),
                BLOCK.read("accepted-buffer", channel::getInt));
    }

    static void requireTimeout(Duration timeout) {
        BLOCK.requireTime(timeout, "handshake-timeout");
    }
}
