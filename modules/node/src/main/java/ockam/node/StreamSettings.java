// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import com.typesafe.config.Config;
import java.time.Duration;
import ockam.wire.internal.SettingsBlock;

/**
 * Settings of the streams over the nodes of an actor system, read once from the block {@code ockam.stream}; its keys are explained in
 * {@code reference.conf}.
 *
 * @param window messages that one stream may have under way on a node, at least 1
 * @param windowBytes bytes of them, at least 1
 * @param startTimeout how long the address of a stream is kept for it until it starts, at most 20 days
 * @param drainTimeout how long a stream that ends waits for what it has under way, at most 20 days
 */
public record StreamSettings(int window, long windowBytes, Duration startTimeout, Duration drainTimeout) {
    private static final SettingsBlock BLOCK = new SettingsBlock("ockam.stream");

    /** Checks the ranges. */
    public StreamSettings {
        BLOCK.require(window >= 1, "window must be at least 1");
        BLOCK.require(windowBytes >= 1, "window-bytes must be at least 1");
        BLOCK.requireTime(startTimeout, "start-timeout");
        BLOCK.requireTime(drainTimeout, "drain-timeout");
    }

    /** Reads the settings from the block {@code ockam.stream}. */
    public static StreamSettings create(Config stream) {
        return new StreamSettings(
                stream.getInt("window"),
                stream.getBytes("window-bytes"),
                stream.getDuration("start-timeout"),
                stream.getDuration("drain-timeout"));
    }
}
