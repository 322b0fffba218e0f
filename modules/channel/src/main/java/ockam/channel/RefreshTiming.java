// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
import ockam.identity.CredentialAndPurposeKey;
import ockam.identity.CredentialData;

/**
 * When the next credential is asked for (authority, section 7.1), without a timer. Not thread safe.
 *
 * <p>Two gaps before its end, a credential is renewed; one gap before its end it is no longer presented. Of the credential's validity, the
 * skew gap is at most a quarter and the refresh gap at most half: with the gaps as they are, a short credential would be out of date at once.
 */
final class RefreshTiming {
    /** Part of a validity that the skew gap may be, and part of what is left of a credential that may pass without a request. */
    private static final int PARTS = 4;
    /** Parts of a validity that the refresh gap may be, with what is added to it at random. */
    private static final int REFRESH_PARTS = 2;
    /** How often a pause is doubled at most; beyond that the longest pause holds anyhow. */
    private static final int MAX_DOUBLINGS = 20;

    private final CredentialRefreshSettings settings;
    private final RandomGenerator random;

    RefreshTiming(CredentialRefreshSettings settings, RandomGenerator random) {
        this.settings = settings;
        this.random = random;
    }

    /**
     * What is known of a credential.
     *
     * @param credential as it is presented
     * @param presentableUntil from then on it is not presented
     * @param renewAt when the next one is asked for
     * @param end from then on it is void
     */
    record Held(CredentialAndPurposeKey credential, Instant presentableUntil, Instant renewAt, Instant end) {
        boolean isPresentable(Instant now) {
            return now.isBefore(presentableUntil);
        }

        /** The same, but the next one is asked for from now on. */
        Held dueAt(Instant now) {
            return new Held(credential, presentableUntil, now, end);
        }
    }

    /** Takes a credential; throws {@link ockam.identity.IdentityException} if it cannot be read. */
    Held held(CredentialAndPurposeKey credential) {
        CredentialData content = credential.credential().content();
        Instant end = earlier(content.expiresAt().toInstant());
        Instant start = earlier(content.createdAt().toInstant());
        Duration part = start.isBefore(end) ? Duration.between(start, end).dividedBy(PARTS) : Duration.ZERO;
        Duration gap = settings.refreshGap();
        Duration refreshGap = shorter(gap.plus(part(gap)), part.multipliedBy(REFRESH_PARTS));
        Instant presentableUntil = end.minus(shorter(settings.skewGap(), part));
        Instant renewAt = presentableUntil.minus(refreshGap);
        return new Held(credential, presentableUntil, renewAt, end);
    }

    /**
     * How long to wait after a request that has failed.
     *
     * @param failures in a row, at least 1
     * @param left of the credential that there is, zero or less if there is none
     */
    Duration afterFailure(int failures, Duration left) {
        Duration pause = shorter(
                settings.retryPause().multipliedBy(1L << Math.min(failures - 1, MAX_DOUBLINGS)),
                settings.maxRetryPause());
        if (!left.isNegative() && !left.isZero()) {
            pause = shorter(pause, left.dividedBy(PARTS));
        }
        Duration least = pause.compareTo(settings.retryPause()) < 0 ? settings.retryPause() : pause;
        return least.plus(part(least));
    }

    /** A random part of a time, as far as times may vary. */
    private Duration part(Duration time) {
        return Duration.ofMillis((long) (time.toMillis() * settings.jitter() * random.nextDouble()));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** The end of time is far enough away to subtract from it, and to count in it. */
    private static Instant earlier(Instant instant) {
        Instant last = Instant.ofEpochSecond(Long.MAX_VALUE / 1_000_000_000);
        return instant.isAfter(last) ? last : instant;
    }
}
