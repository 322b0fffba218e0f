// SPDX-License-Identifier: Apache-2.0

package ockam.wire.internal;

import akka.annotation.InternalApi;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * A block of settings, such as {@code ockam.node}, that refuses what cannot be read and what is out of range: with an
 * {@link IllegalArgumentException} whose text begins with the path of the setting.
 *
 * @param path where the block is in the configuration
 */
@InternalApi
public record SettingsBlock(String path) {

    /** The longest time allowed; Akka's scheduler supports a little more, even with the shortest tick. */
    public static final Duration LONGEST_TIME = Duration.ofDays(20);

    /** Reads the whole block, from a configuration that throws if it has none. */
    public <T> T block(Function<String, T> configuration) {
        return read(path, path, configuration);
    }

    /** Reads a value, from a block that throws if it has none or one of another type. */
    public <T> T read(String key, Function<String, T> block) {
        return read(path + "." + key, key, block);
    }

    /** Reads a value that may be switched off, which is written {@code off}; {@code text} is how a text is read from the block. */
    public <T> Optional<T> readUnlessOff(String key, Function<String, String> text, Function<String, T> block) {
        return read(key, text).equals("off") ? Optional.empty() : Optional.of(read(key, block));
    }

    private static <T> T read(String setting, String key, Function<String, T> from) {
        try {
            return from.apply(key);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(setting + " cannot be read: " + e.getMessage(), e);
        }
    }

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
