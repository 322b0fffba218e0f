// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

import akka.actor.typed.ActorSystem;
import com.typesafe.config.Config;
import java.time.Duration;
import ockam.wire.internal.SettingsBlock;

/**
 * Settings of authorities and their clients, read from the block {@code ockam.authority}; its keys are explained in {@code reference.conf}.
 *
 * @param credentialValidity how long a credential counts, in whole seconds, at least one and at most 10 years; an authority whose identity
 *     cannot answer for so long does not start
 * @param maxRequests requests of members that a service works on at the same time, at least 1
 * @param maxStrangerRequests those of all others, at least 1
 * @param maxPeers peers of each of the two kinds that may wait at a service, at least 1
 * @param maxRequestsPerPeer requests of one peer that a service holds, at least 1
 * @param maxKnownMembers members whom an authority knows without asking its store, at least 1
 * @param maxListSize the longest list of members that is sent, in bytes, at least 1 and at most 8 MiB
 * @param requestTimeout how long a client waits for an answer, at most 20 days
 */
public record AuthoritySettings(
        Duration credentialValidity,
        int maxRequests,
        int maxStrangerRequests,
        int maxPeers,
        int maxRequestsPerPeer,
        int maxKnownMembers,
        long maxListSize,
        Duration requestTimeout) {
    private static final SettingsBlock BLOCK = new SettingsBlock("ockam.authority");
    private static final Duration LONGEST_VALIDITY = Duration.ofDays(3650);

    /** Checks the ranges; throws {@link IllegalArgumentException} with a text that begins with the key. */
    public AuthoritySettings {
        BLOCK.require(
                isValidity(credentialValidity), "credential-validity must be at least a second and at most 3650 days");
        BLOCK.require(maxRequests >= 1, "max-requests must be at least 1");
        BLOCK.require(maxStrangerRequests >= 1, "max-stranger-requests must be at least 1");
        BLOCK.require(maxPeers >= 1, "max-peers must be at least 1");
        BLOCK.require(maxRequestsPerPeer >= 1, "max-requests-per-peer must be at least 1");
        BLOCK.require(maxKnownMembers >= 1, "max-known-members must be at least 1");
        BLOCK.require(
                maxListSize >= 1 && maxListSize <= Answer.MAX_LENGTH,
                "max-list-size must be at least 1 and at most 8 MiB");
        BLOCK.requireTime(requestTimeout, "request-timeout");
    }

    static boolean isValidity(Duration time) {
        return time.toSeconds() >= 1 && time.compareTo(LONGEST_VALIDITY) <= 0;
    }

    /**
     * Reads the settings from the block {@code ockam.authority}.
     *
     * @throws IllegalArgumentException for a value that is missing, cannot be read or is out of range; its text begins with the key
     */
    public static AuthoritySettings create(Config authority) {
        return new AuthoritySettings(
                BLOCK.read("credential-validity", authority::getDuration),
                BLOCK.read("max-requests", authority::getInt),
                BLOCK.read("max-stranger-requests", authority::getInt),
                BLOCK.read("max-peers", authority::getInt),
                BLOCK.read("max-requests-per-peer", authority::getInt),
                BLOCK.read("max-known-members", authority::getInt),
                BLOCK.read("max-list-size", authority::getBytes),
                BLOCK.read("request-timeout", authority::getDuration));
    }

    /** Those of an actor system. */
    static AuthoritySettings of(ActorSystem<?> system) {
        return create(BLOCK.block(system.settings().config()::getConfig));
    }
}
