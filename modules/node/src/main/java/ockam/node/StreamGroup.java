// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import akka.annotation.InternalApi;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * INTERNAL API. The streams that end together with something, such as a channel. It knows only those that are running: one that has ended
 * is forgotten, however long the others last. Thread safe.
 */
@InternalApi
public final class StreamGroup {
    private final Set<Consumer<RuntimeException>> members = new HashSet<>(); // guarded by this
    private @Nullable Supplier<? extends RuntimeException> failure; // guarded by this; null until it has ended

    /**
     * Ends the streams. Only the first call does something.
     *
     * @param failure makes what a stream fails with that would go on sending; for each one its own
     */
    public void end(Supplier<? extends RuntimeException> failure) {
        List<Consumer<RuntimeException>> told;
        synchronized (this) {
            if (this.failure != null) {
                return;
            }
            this.failure = failure;
            told = List.copyOf(members);
            members.clear();
        }
        told.forEach(member -> member.accept(failure.get()));
    }

    /** Tells this member of the end, once, on any thread; at once if it is over already. */
    void join(Consumer<RuntimeException> member) {
        Supplier<? extends RuntimeException> ended;
        synchronized (this) {
            ended = failure;
            if (ended == null) {
                members.add(member);
                return;
            }
        }
        member.accept(ended.get());
    }

    /** The member has ended by itself. */
    synchronized void leave(Consumer<RuntimeException> member) {
        members.remove(member);
    }

    /** What a stream fails with that would go on sending, or null. */
    @Nullable
    RuntimeException failure() {
        Supplier<? extends RuntimeException> ended;
        synchronized (this) {
            ended = failure;
        }
        return ended == null ? null : ended.get();
    }

    /** How many streams are running. */
    public synchronized int size() {
        return members.size();
    }
}
