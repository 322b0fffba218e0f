// SPDX-License-Identifier: Apache-2.0

package ockam.relay;

import akka.actor.typed.ActorSystem;
import com.typesafe.config.Config;
import java.time.Duration;
import java.util.Optional;
import ockam.wire.internal.SettingsBlock;

/**
 * Settings of relays, read from the block {@code ockam.relay}; its keys are explained in {@code reference.conf}.
 *
 * @param maxRelays relays that one service may have, at least 1
 * @param maxRelaysPerHolder those of them that one identity or connection may have, at least 1
 * @param goneLimit how long a relay stays when its node is gone, at most 20 days; empty for as long as the service
 * @param connectTimeout how long a registering node waits for the way to the relay's node, at most 20 days
 * @param registrationTimeout how long it waits for the confirmation, at most 20 days
 * @param minBackoff the longest time before a second attempt, at most 20 days
 * @param maxBackoff the longest time before any attempt, at most 20 days and not less than {@code minBackoff}
 * @param renewInterval how often a name is registered again, at most 20 days; empty for never
 */
public record RelaySettings(
        int maxRelays,
        int maxRelaysPerHolder,
        Optional<Duration> goneLimit,
        Duration connectTimeout,
        Duration registrationTimeout,
        Duration minBackoff,
        Duration maxBackoff,
        Optional<Duration> renewInterval) {
    private static final SettingsBlock BLOCK = new SettingsBlock("ockam.relay");

    /** Checks the ranges; throws {@link IllegalArgumentException} with a text that begins with the key. */
    public RelaySettings {
        BLOCK.require(maxRelays >= 1, "max-relays must be at least 1");
        BLOCK.require(maxRelaysPerHolder >= 1, "max-relays-per-holder must be at least 1");
        goneLimit.ifPresent(limit -> BLOCK.requireTime(limit, "gone-limit"));
        BLOCK.requireTime(connectTimeout, "connect-timeout");
        BLOCK.requireTime(registrationTimeout, "registration-timeout");
        BLOCK.requireTime(minBackoff, "min-backoff");
        BLOCK.requireTime(maxBackoff, "max-backoff");
        BLOCK.require(maxBackoff.compareTo(minBackoff) >= 0, "max-backoff must not be less than min-backoff");
        renewInterval.ifPresent(interval -> BLOCK.requireTime(interval, "renew-interval"));
    }

    /**
     * Reads the settings from the block {@code ockam.relay}.
     *
     * @throws IllegalArgumentException for a value that is missing, cannot be read or is out of range; its text begins with the key
     */
    public static RelaySettings create(Config relay) {
        return new RelaySettings(
                BLOCK.read("max-relays", relay::getInt),
                BLOCK.read("max-relays-per-holder", relay::getInt),
                BLOCK.readUnlessOff("gone-limit", relay::getString, relay::getDuration),
                BLOCK.read("connect-timeout", relay::getDuration),
                BLOCK.read("registration-timeout", relay::getDuration),
                BLOCK.read("min-backoff", relay::getDuration),
                BLOCK.read("max-backoff", relay::getDuration),
                BLOCK.readUnlessOff("renew-interval", relay::getString, relay::getDuration));
    }

    /** Those of an actor system. */
    static RelaySettings of(ActorSystem<?> system) {
        return create(BLOCK.block(system.settings().config()::getConfig));
    }
}
