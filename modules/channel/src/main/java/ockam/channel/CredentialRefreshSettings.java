// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import akka.actor.typed.ActorSystem;
import com.typesafe.config.Config;
import java.time.Duration;
import ockam.wire.internal.SettingsBlock;

/**
 * When a {@link RefreshingRetriever} asks for the next credential; read from the block {@code ockam.channel.credential}, whose keys are
 * explained in {@code reference.conf}. Every time is positive and at most 20 days (authority, section 7.1).
 *
 * @param skewGap how long before its end a credential is no longer presented, because the clocks of others may be ahead
 * @param refreshGap how much earlier the next one is asked for
 * @param retryPause the least time between two requests
 * @param maxRetryPause the longest time from a request that has failed to the next, at least {@code retryPause}
 * @param requestTimeout after which a request counts as failed
 * @param jitter by which part of a gap or a pause times vary, so that many nodes do not ask at the same moment; from 0 to 1
 */
public record CredentialRefreshSettings(
        Duration skewGap,
        Duration refreshGap,
        Duration retryPause,
        Duration maxRetryPause,
        Duration requestTimeout,
        double jitter) {
    private static final SettingsBlock BLOCK = new SettingsBlock("ockam.channel.credential");

    /** Checks the ranges; throws {@link IllegalArgumentException} with a text that begins with the key. */
    public CredentialRefreshSettings {
        BLOCK.requireTime(skewGap, "skew-gap");
        BLOCK.requireTime(refreshGap, "refresh-gap");
        BLOCK.requireTime(retryPause, "retry-pause");
        BLOCK.requireTime(maxRetryPause, "max-retry-pause");
        BLOCK.require(maxRetryPause.compareTo(retryPause) >= 0, "max-retry-pause must not be shorter than retry-pause");
        BLOCK.requireTime(requestTimeout, "request-timeout");
        BLOCK.require(jitter >= 0 && jitter <= 1, "jitter must be from 0 to 1");
    }

    /** Returns those of an actor system. */
    public static CredentialRefreshSettings create(ActorSystem<?> system) {
        return SecureChannels.get(system).settings().credentialRefresh();
    }

    /**
     * Reads the settings from the block {@code ockam.channel.credential}.
     *
     * @throws IllegalArgumentException for a value that is missing, cannot be read or is out of range; its text begins with the key
     */
    static CredentialRefreshSettings create(Config channel) {
        SettingsBlock outer = SecureChannelSettings.BLOCK;
        return new CredentialRefreshSettings(
                outer.read("credential.skew-gap", channel::getDuration),
                outer.read("credential.refresh-gap", channel::getDuration),
                outer.read("credential.retry-pause", channel::getDuration),
                outer.read("credential.max-retry-pause", channel::getDuration),
                outer.read("credential.request-timeout", channel::getDuration),
                outer.read("credential.jitter", channel::getDouble));
    }

    /** Returns a copy with other gaps. */
    public CredentialRefreshSettings withGaps(Duration skew, Duration refresh) {
        return new CredentialRefreshSettings(skew, refresh, retryPause, maxRetryPause, requestTimeout, jitter);
    }

    /** Returns a copy with other pauses. */
    public CredentialRefreshSettings withRetryPauses(Duration least, Duration longest) {
        return new CredentialRefreshSettings(skewGap, refreshGap, least, longest, requestTimeout, jitter);
    }

    /** Returns a copy with another time for a request. */
    public CredentialRefreshSettings withRequestTimeout(Duration timeout) {
        return new CredentialRefreshSettings(skewGap, refreshGap, retryPause, maxRetryPause, timeout, jitter);
    }

    /** Returns a copy with another jitter. */
    public CredentialRefreshSettings withJitter(double part) {
        return new CredentialRefreshSettings(skewGap, refreshGap, retryPause, maxRetryPause, requestTimeout, part);
    }
}
