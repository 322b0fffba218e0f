// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * Settings of the secure channels of an actor system, read once from the block {@code ockam.channel}; its keys are explained in
 * {@code reference.conf}.
 *
 * @param handshakeTimeout how long a handshake may take, at most 20 days
 * @param maxHalfOpen handshakes that one listener may have under way, at least 1
 * @param earlyFrames frames kept that have overtaken the last message of a handshake, at least 1
 * @param earlyFrameBytes bytes of such frames
 * @param acceptedBuffer accepted channels that may wait to be taken by an application, at least 1
 */
public record SecureChannelSettings(
        Duration handshakeTimeout, int maxHalfOpen, int earlyFrames, long earlyFrameBytes, int acceptedBuffer) {
    /** Akka's scheduler reaches a little further, even with the shortest tick. */
    private static final Duration LONGEST_TIME = Duration.ofDays(20);

    /** Checks the ranges. */
    public SecureChannelSettings {
        requireTimeout(handshakeTimeout);
        require(maxHalfOpen >= 1, "max-half-open must be at least 1");
        require(earlyFrames >= 1, "early-frames must be at least 1");
        require(earlyFrameBytes >= 0, "early-frame-bytes must not be negative");
        require(acceptedBuffer >= 1, "accepted-buffer must be at least 1");
    }

    /** Reads the settings from the block {@code ockam.channel}. */
    public static SecureChannelSettings create(Config channel) {
        return new SecureChannelSettings(
                channel.getDuration("handshake-timeout"),
                channel.getInt("max-half-open"),
                channel.getInt("early-frames"),
                channel.getBytes("early-frame-bytes"),
                channel.getInt("accepted-buffer"));
    }

    static void requireTimeout(Duration timeout) {
        require(
                !timeout.isNegative() && !timeout.isZero() && timeout.compareTo(LONGEST_TIME) <= 0,
                "handshake-timeout must be positive and at most 20 days");
    }

    private static void require(boolean condition, String text) {
        if (!condition) {
            throw new IllegalArgumentException("ockam.channel." + text);
        }
    }
}
