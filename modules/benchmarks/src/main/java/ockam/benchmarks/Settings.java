// SPDX-License-Identifier: Apache-2.0

package ockam.benchmarks;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What to measure, and for how long. The defaults take about four minutes.
 *
 * @param seconds how long one turn of one contender takes
 * @param repetitions how many turns each contender has
 * @param hops the numbers of hops
 * @param sizes payload sizes in bytes
 * @param idle the numbers of idle channels, in increasing order
 * @param parts which of {@code one-way}, {@code round-trip}, {@code handshake}, {@code credentials}, {@code idle}
 */
record Settings(
        double seconds,
        int repetitions,
        List<Integer> hops,
        List<Integer> sizes,
        List<Integer> idle,
        Set<String> parts) {

    /** Reads {@code name=value} pairs; lists are separated by commas. */
    static Settings parse(String... args) {
        Map<String, String> given = new HashMap<>();
        for (String arg : args) {
            String[] pair = arg.split("=", 2);
            if (pair.length != 2) {
                throw new IllegalArgumentException("not of the form name=value: " + arg);
            }
            given.put(pair[0], pair[1]);
        }
        Settings settings = new Settings(
                Double.parseDouble(take(given, "seconds", "0.35")),
                Integer.parseInt(take(given, "repetitions", "3")),
                numbers(take(given, "hops", "0,1,3,8,16")),
                numbers(take(given, "sizes", "64,1024,16384")),
                numbers(take(given, "idle", "1000,10000")),
                Set.of(take(given, "parts", "one-way,round-trip,handshake,credentials,idle")
                        .split(",")));
        if (!given.isEmpty()) {
            throw new IllegalArgumentException("unknown settings: " + given.keySet());
        }
        return settings;
    }

    private static String take(Map<String, String> given, String name, String otherwise) {
        String value = given.remove(name);
        return value == null ? otherwise : value;
    }

    private static List<Integer> numbers(String text) {
        return Arrays.stream(text.split(",")).map(Integer::valueOf).toList();
    }
}
