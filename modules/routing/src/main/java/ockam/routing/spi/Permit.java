// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import akka.annotation.InternalApi;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import ockam.routing.DropReason;
import org.jspecify.annotations.Nullable;

/**
 * INTERNAL API. The share that a message has in the window that let it in. Messages made from one message hold the same permit; the last
 * one that ends gives it back. The message that came in is lost if none of them has arrived. Thread safe.
 */
@InternalApi
public final class Permit {
    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Permit.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** In the state: one of the messages has arrived. The bits below count who holds the permit. */
    private static final int ARRIVED = 1 << 30;

    /** Counts messages: a window. */
    interface Account {
        /** More bytes of a message that is in, however much there is. */
        void grow(long bytes);

        /** Counts a message that another account of the node has counted so far, if there is room for it. */
        boolean tryTakeOver(long share);

        /** Gives up a message that another account counts from now on. */
        void handOver(long share);

        /** Gives up a message that has ended. */
        void release(long share);
    }

    private final Consumer<DropReason> lost;
    private Account account; // guarded by this while the permit is held
    private long share; // likewise
    private volatile int state = 1;
    private @Nullable DropReason loss; // of one of those that have ended; written before it lets go
    private long number; // guarded by this; 0 until it is asked for

    /**
     * Creates a permit held by one message.
     *
     * @param lost called if the message is lost, before its room is free again
     */
    Permit(Consumer<DropReason> lost, Account account, long share) {
        this.lost = lost;
        this.account = account;
        this.share = share;
    }

    /** Lets one more message hold the permit, unless it was given back. */
    boolean retain() {
        int now = state;
        while (holders(now) > 0) {
            if (STATE.compareAndSet(this, now, now + 1)) {
                return true;
            }
            now = state;
        }
        return false;
    }

    /** The message is where it was to go. If those that still hold the permit are lost, it is not. */
    void arrived() {
        STATE.getAndBitwiseOr(this, ARRIVED);
    }

    /** A message that held the permit has ended: it has arrived, or was lost for the given reason. */
    void release(@Nullable DropReason loss) {
        if (loss == null) {
            letGo(ARRIVED);
        } else {
            this.loss = loss;
            letGo(0);
        }
    }

    /** A holder gives up the permit, and leaves it to the others whether the message arrives. */
    void letGo() {
        letGo(0);
    }

    private void letGo(int arrived) {
        int now;
        int next;
        do {
            now = state;
            next = (now - 1) | arrived;
        } while (!STATE.compareAndSet(this, now, next));
        if (holders(next) == 0) {
            // What the other holders did here happened before they let go, and no one can change it now.
            DropReason reason = loss;
            try {
                if (reason != null && (next & ARRIVED) == 0) {
                    lost.accept(reason);
                }
            } finally {
                account.release(share);
            }
        }
    }

    private static int holders(int state) {
        return state & (ARRIVED - 1);
    }

    /** Returns the permit's number, for observers; it is drawn from the counter the first time. */
    synchronized long number(AtomicLong counter) {
        if (number == 0) {
            number = counter.incrementAndGet();
        }
        return number;
    }

    /**
     * A message that holds the permit has become so large; a smaller one changes nothing. Always granted, because it is in already.
     *
     * @param bytes what the message holds, see {@link ockam.wire.LocalMessage#footprint}
     */
    synchronized void growTo(int bytes) {
        growBy(bytes - Shares.bytes(share));
    }

    /** One more message holds the permit, and so many bytes. Always granted. */
    synchronized void growBy(long bytes) {
        if (bytes > 0) {
            account.grow(bytes);
            share += bytes;
        }
    }

    /** Whether the message counts where this says. */
    synchronized boolean isCountedBy(Predicate<Account> which) {
        return which.test(account);
    }

    /** Lets another account count the message from now on, if it has room; the node's count does not change. */
    synchronized boolean tryMoveTo(Account target) {
        if (!target.tryTakeOver(share)) {
            return false;
        }
        account.handOver(share);
        account = target;
        return true;
    }
}
