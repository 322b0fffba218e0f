// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * Settings of the streams over the nodes of an actor system, read once from the block {@code ockam.stream}; its keys are explained in
 * {@code reference.conf}.
 *
 * @param window messages that one stream may have under way on a node, at least 1
 * @param windowBytes bytes of them, at least 1
 * @param drainTimeout how long a stream that ends waits for what it has under way
 */
public record StreamSettings(int window, long windowBytes, Duration drainTimeout) {
    /** Checks the ranges. */
    public StreamSettings {
        require(window >= 1, "window must be at least 1");
        require(windowBytes >= 1, "window-bytes must be at least 1");
        require(!drainTimeout.isNegative() && !drainTimeout.isZero(), "drain-timeout must be positive");
    }

    /** Reads the settings from the block {@code ockam.stream}. */
    public static StreamSettings create(Config stream) {
        return new StreamSettings(
                stream.getInt("window"), stream.getBytes("window-bytes"), stream.getDuration("drain-timeout"));
    }

    private static void require(boolean condition, String text) {
        if (!condition) {
            throw new IllegalArgumentException("ockam.stream." + text);
        }
    }
}
