// SPDX-License-Identifier: Apache-2.0

package ockam.tcp;

import com.typesafe.config.Config;
import java.time.Duration;
import ockam.wire.internal.SettingsBlock;

/**
 * Settings of the TCP transport, read from the block {@code ockam.tcp}; its keys are explained in {@code reference.conf}.
 *
 * @param connectTimeout how long it may take to connect, at most 20 days
 * @param silenceTimeout how long the other side may be silent in the middle of something, at most 20 days
 * @param maxConnections connections that one listener may have accepted at a time, at least 1
 * @param maxUnfinishedBytes what all connections of a node may hold of messages that have not arrived completely, at least 1
 * @param backlog connections that may wait to be accepted, at least 1
 * @param keepAlive whether the operating system looks after idle connections
 * @param reconnectMinDelay the longest wait before the second attempt to make a connection anew
 * @param reconnectMaxDelay the longest wait before any attempt, at least as long, at most 20 days
 * @param reconnectMaxHeld messages that may wait for one connection to be made anew, at least 0
 * @param reconnectMaxHeldBytes what they may hold, at least 0
 */
public record TcpSettings(
        Duration connectTimeout,
        Duration silenceTimeout,
        int maxConnections,
        long maxUnfinishedBytes,
        int backlog,
        boolean keepAlive,
        Duration reconnectMinDelay,
        Duration reconnectMaxDelay,
        int reconnectMaxHeld,
        long reconnectMaxHeldBytes) {
    private static final SettingsBlock BLOCK = new SettingsBlock("ockam.tcp");

    /** Checks the ranges; throws {@link IllegalArgumentException} with a text that begins with the key. */
    public TcpSettings {
        BLOCK.requireTime(connectTimeout, "connect-timeout");
        BLOCK.requireTime(silenceTimeout, "silence-timeout");
        BLOCK.require(maxConnections >= 1, "max-connections must be at least 1");
        BLOCK.require(maxUnfinishedBytes >= 1, "max-unfinished-bytes must be at least 1");
        BLOCK.require(backlog >= 1, "backlog must be at least 1");
        BLOCK.requireTime(reconnectMinDelay, "reconnect.min-delay");
        BLOCK.requireTime(reconnectMaxDelay, "reconnect.max-delay");
        BLOCK.require(
                reconnectMinDelay.compareTo(reconnectMaxDelay) <= 0,
                "reconnect.max-delay must be at least reconnect.min-delay");
        BLOCK.require(reconnectMaxHeld >= 0, "reconnect.max-held must be at least 0");
        BLOCK.require(reconnectMaxHeldBytes >= 0, "reconnect.max-held-bytes must be at least 0");
    }

    /**
     * Reads the settings from the block {@code ockam.tcp}.
     *
     * @throws IllegalArgumentException for a value that is missing, cannot be read or is out of range; its text begins with the key
     */
    public static TcpSettings create(Config tcp) {
        return new TcpSettings(
                BLOCK.read("connect-timeout", tcp::getDuration),
                BLOCK.read("silence-timeout", tcp::getDuration),
                BLOCK.read("max-connections", tcp::getInt),
                BLOCK.read("max-unfinished-bytes", tcp::getBytes),
                BLOCK.read("backlog", tcp::getInt),
                BLOCK.read("keep-alive", tcp::getBoolean),
                BLOCK.read("reconnect.min-delay", tcp::getDuration),
                BLOCK.read("reconnect.max-delay", tcp::getDuration),
                BLOCK.read("reconnect.max-held", tcp::getInt),
                BLOCK.read("reconnect.max-held-bytes", tcp::getBytes));
    }
}
