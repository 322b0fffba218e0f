// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import com.typesafe.config.Config;
import java.time.Duration;
import ockam.routing.NodeSettings;
import ockam.wire.internal.SettingsBlock;

/**
 * Settings of the connections of the nodes of an actor system, read once from the block {@code ockam.connection}; its keys are explained in
 * {@code reference.conf}.
 *
 * @param readWindow messages that one connection may have under way of what it has read, 1 to {@value NodeSettings#LARGEST_WINDOW}
 * @param readWindowBytes their bytes, at least 1
 * @param turnWindow messages that answer these and may wait to be written, 1 to {@value NodeSettings#LARGEST_WINDOW}
 * @param turnWindowBytes their bytes, at least 1
 * @param stallTimeout how long a reader waits for a destination that takes nothing, at most 20 days
 * @param outwardStallTimeout the same if what goes there leaves by another connection; at most 20 days
 * @param maxDetachedBytes what may wait at such destinations before the connection ends, at least 1
 * @param writeBatchBytes messages that wait to be written are written together up to so many bytes, at least 1
 * @param closeTimeout how long a connection that ends waits until everything is written and the other side has ended it too, at most 20 days
 */
public record ConnectionSettings(
        int readWindow,
        long readWindowBytes,
        int turnWindow,
        long turnWindowBytes,
        Duration stallTimeout,
        Duration outwardStallTimeout,
        long maxDetachedBytes,
        long writeBatchBytes,
        Duration closeTimeout) {
    private static final SettingsBlock BLOCK = new SettingsBlock("ockam.connection");

    /** Checks the ranges; throws {@link IllegalArgumentException} with a text that begins with the key. */
    public ConnectionSettings {
        requireWindow(readWindow, "read-window");
        requireBytes(readWindowBytes, "read-window-bytes");
        requireWindow(turnWindow, "turn-window");
        requireBytes(turnWindowBytes, "turn-window-bytes");
        BLOCK.requireTime(stallTimeout, "stall-timeout");
        BLOCK.requireTime(outwardStallTimeout, "outward-stall-timeout");
        requireBytes(maxDetachedBytes, "max-detached-bytes");
        requireBytes(writeBatchBytes, "write-batch-bytes");
        BLOCK.requireTime(closeTimeout, "close-timeout");
    }

    /**
     * Reads the settings from the block {@code ockam.connection}.
     *
     * @throws IllegalArgumentException for a value that is missing, cannot be read or is out of range; its text begins with the key
     */
    public static ConnectionSettings create(Config connection) {
        return new ConnectionSettings(
                BLOCK.read("read-window", connection::getInt),
                BLOCK.read("read-window-bytes", connection::getBytes),
                BLOCK.read("turn-window", connection::getInt),
                BLOCK.read("turn-window-bytes", connection::getBytes),
                BLOCK.read("stall-timeout", connection::getDuration),
                BLOCK.read("outward-stall-timeout", connection::getDuration),
                BLOCK.read("max-detached-bytes", connection::getBytes),
                BLOCK.read("write-batch-bytes", connection::getBytes),
                BLOCK.read("close-timeout", connection::getDuration));
    }

    /** The outward stall-timeout in stall-timeouts, rounded up. */
    long outwardPatience() {
        return 1 + (outwardStallTimeout.toMillis() - 1) / Math.max(1, stallTimeout.toMillis());
    }

    private static void requireWindow(int messages, String key) {
        BLOCK.require(
                messages >= 1 && messages <= NodeSettings.LARGEST_WINDOW,
                key + " must be 1 to " + NodeSettings.LARGEST_WINDOW);
    }

    private static void requireBytes(long bytes, String key) {
        BLOCK.require(bytes >= 1, key + " must be at least 1");
    }
}
