// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import akka.annotation.InternalApi;
import java.util.concurrent.atomic.AtomicInteger;
import ockam.routing.DropReason;
import org.jspecify.annotations.Nullable;

/**
 * INTERNAL API. The share that a message has in the window of the inlet that let it in. Messages made from one message share its permit; the last one
 * that ends gives it back. Thread safe.
 */
@InternalApi
public final class Permit {
    private final Window window;
    private final long share;
    private final AtomicInteger holders = new AtomicInteger(1);

    Permit(Window window, long share) {
        this.window = window;
        this.share = share;
    }

    /** One more message holds the permit; not once it was given back. */
    boolean share() {
        int now = holders.get();
        while (now > 0) {
            if (holders.compareAndSet(now, now + 1)) {
                return true;
            }
            now = holders.get();
        }
        return false;
    }

    /** A message that held the permit has ended, as it should or by being lost for the given reason. */
    void release(@Nullable DropReason lost) {
        if (holders.decrementAndGet() == 0) {
            window.release(share, lost);
        }
    }
}
