// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Changes maps, and takes back what it has changed since it began. Not thread safe. */
final class Undo {
    private final Deque<Runnable> inverses = new ArrayDeque<>();

    <K, V> @Nullable V put(Map<K, V> map, K key, V value) {
        V before = map.put(key, value);
        inverses.push(() -> restore(map, key, before));
        return before;
    }

    <K, V> @Nullable V remove(Map<K, V> map, K key) {
        V before = map.remove(key);
        if (before != null) {
            inverses.push(() -> restore(map, key, before));
        }
        return before;
    }

    /** Says how to take something back that was changed otherwise. */
    void by(Runnable inverse) {
        inverses.push(inverse);
    }

    private static <K, V> void restore(Map<K, V> map, K key, @Nullable V before) {
        if (before == null) {
            map.remove(key);
        } else {
            map.put(key, before);
        }
    }

    /** From here on there is nothing to take back. */
    void begin() {
        inverses.clear();
    }

    void takeBack() {
        while (!inverses.isEmpty()) {
            inverses.pop().run();
        }
    }
}
