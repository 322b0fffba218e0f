// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import com.typesafe.config.Config;
import java.time.Duration;
import ockam.routing.NodeSettings;
import ockam.wire.internal.SettingsBlock;

/**
 * Settings of the streams over the nodes of an actor system, read once from the block {@code ockam.stream}; its keys are explained in
 * {@code reference.conf}.
 *
 * @param window messages that one stream may have under way on a node, 1 to {@value NodeSettings#LARGEST_WINDOW}
 * @param windowBytes their bytes, at least 1
 * @param startTimeout how long the address of a stream is kept for it until it starts, at most 20 days
 * @param drainTimeout how long a stream that ends waits for the next message under way to arrive, at most 20 days
 */
public record StreamSettings(int window, long windowBytes, Duration startTimeout, Duration drainTimeout) {
    private static final SettingsBlock BLOCK = new SettingsBlock("ockam.stream");

    /** Checks the ranges; throws {@link IllegalArgumentException} with a text that begins with the key. */
    public StreamSettings {
        BLOCK.require(
                window >= 1 && window <= NodeSettings.LARGEST_WINDOW,
                "window must be 1 to " + NodeSettings.LARGEST_WINDOW);
        BLOCK.require(windowBytes >= 1, "window-bytes must be at least 1");
        BLOCK.requireTime(startTimeout, "start-timeout");
        BLOCK.requireTime(drainTimeout, "drain-timeout");
    }

    /**
     * Reads the settings from the block {@code ockam.stream}.
     *
     * @throws IllegalArgumentException for a value that is missing, cannot be read or is out of range; its text begins with the key
     */
    public static StreamSettings create(Config stream) {
        return new StreamSettings(
                BLOCK.read("window", stream::getInt),
                BLOCK.read("window-bytes", stream::getBytes),
                BLOCK.read("start-timeout", stream::getDuration),
                BLOCK.read("drain-timeout", stream::getDuration));
    }
}
