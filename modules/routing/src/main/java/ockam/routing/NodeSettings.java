// SPDX-License-Identifier: Apache-2.0

package ockam.routing;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.Optional;
import ockam.wire.internal.SettingsBlock;

/**
 * Settings of the nodes of an actor system, read once from the block {@code ockam.node}; its keys are explained in {@code reference.conf}.
 *
 * @param maxRouteLength addresses that a route may have, 1 to 1024
 * @param mailboxCapacity messages that a mailbox keeps, at least 1
 * @param receiveTimeout how long {@code ask} and {@code receive} wait when the caller gives no time
 * @param stopTimeout how long a stopping node waits for what lives on it
 * @param dropLogInterval the time in which drops for one reason at one address are logged at most once
 * @param slowHandlerWarning how long a worker's handler may take before a warning names it; empty for never
 * @param refusedPairsLogged pairs refused by flow control that get a log line
 * @param maxBytesUnderWay bytes that all messages on a node may have together
 * @param sendWindow messages from plain sends that may be under way, 1 to {@value #LARGEST_WINDOW}
 * @param sendWindowBytes their bytes, at least 1
 */
public record NodeSettings(
        int maxRouteLength,
        int mailboxCapacity,
        Duration receiveTimeout,
        Duration stopTimeout,
        Duration dropLogInterval,
        Optional<Duration> slowHandlerWarning,
        int refusedPairsLogged,
        long maxBytesUnderWay,
        int sendWindow,
        long sendWindowBytes) {

    /** The most messages that any window may be set to, that of plain sends or that of a stream. */
    public static final int LARGEST_WINDOW = 1_000_000;

    private static final SettingsBlock BLOCK = new SettingsBlock("ockam.node");

    /** Checks the ranges; throws {@link IllegalArgumentException} with a text that begins with the key. */
    public NodeSettings {
        BLOCK.require(maxRouteLength >= 1 && maxRouteLength <= 1024, "max-route-length must be 1 to 1024");
        BLOCK.require(mailboxCapacity >= 1, "mailbox-capacity must be at least 1");
        BLOCK.requireTime(receiveTimeout, "receive-timeout");
        BLOCK.requireTime(stopTimeout, "stop-timeout");
        BLOCK.requireTime(dropLogInterval, "drop-log-interval");
        slowHandlerWarning.ifPresent(time -> BLOCK.requireTime(time, "slow-handler-warning"));
        BLOCK.require(refusedPairsLogged >= 0, "refused-pairs-logged must not be negative");
        BLOCK.require(maxBytesUnderWay >= 1, "max-bytes-under-way must be at least 1");
        BLOCK.require(sendWindow >= 1 && sendWindow <= LARGEST_WINDOW, "send-window must be 1 to " + LARGEST_WINDOW);
        BLOCK.require(sendWindowBytes >= 1, "send-window-bytes must be at least 1");
    }

    /**
     * Reads the settings from the block {@code ockam.node}.
     *
     * @throws IllegalArgumentException for a value that is missing, cannot be read or is out of range; its text begins with the key
     */
    public static NodeSettings create(Config node) {
        return new NodeSettings(
                BLOCK.read("max-route-length", node::getInt),
                BLOCK.read("mailbox-capacity", node::getInt),
                BLOCK.read("receive-timeout", node::getDuration),
                BLOCK.read("stop-timeout", node::getDuration),
                BLOCK.read("drop-log-interval", node::getDuration),
                BLOCK.readUnlessOff("slow-handler-warning", node::getString, node::getDuration),
                BLOCK.read("refused-pairs-logged", node::getInt),
                BLOCK.read("max-bytes-under-way", node::getBytes),
                BLOCK.read("send-window", node::getInt),
                BLOCK.read("send-window-bytes", node::getBytes));
    }
}
