// SPDX-License-Identifier: Apache-2.0

package ockam.wire.internal;

import akka.annotation.InternalApi;
import java.time.Duration;

/**
 * A block of settings, such as {@code ockam.node}, that refuses values out of range: with an {@link IllegalArgumentException}
 * whose text begins with the path of the setting.
 *
 * @param path where the block is in the configuration
 */
@InternalApi
public record SettingsBlock(String path) {

    /** The longest time allowed; Akka's scheduler supports a little more, even with the shortest tick. */
    public static final Duration LONGEST_TIME = Duration.ofDays(20);

    /** Refuses a value unless the condition holds; the text is its key and the requirement. */
    public void require(boolean condition, String text) {
        if (!condition) {
            throw new IllegalArgumentException(path + "." + text);
        }
    }

    /** Refuses a time that is not positive or is longer than {@link #LONGEST_TIME}. */
    public void requireTime(Duration time, String key) {
        require(
                !time.isNegative() && !time.isZero() && time.compareTo(LONGEST_TIME) <= 0,
                key + " must be positive and at most " + LONGEST_TIME.toDays() + " days");
    }
}
