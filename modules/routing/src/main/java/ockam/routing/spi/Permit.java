// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import akka.annotation.InternalApi;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import ockam.routing.DropReason;
import org.jspecify.annotations.Nullable;

/**
 * INTERNAL API. The share that a message has in the window that let it in. Messages made from one message hold the same permit; the last
 * one that ends gives it back. Thread safe.
 */
@InternalApi
public final class Permit {
    private static final VarHandle HOLDERS;

    static {
        try {
            HOLDERS = MethodHandles.lookup().findVarHandle(Permit.class, "holders", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

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
    private volatile int holders = 1;
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
        int now = holders;
        while (now > 0) {
            if (HOLDERS.compareAndSet(this, now, now + 1)) {
                return true;
            }
            now = holders;
        }
        return false;
    }

    /** A message that held the permit has ended: it was handled, or lost for the given reason. */
    void release(@Nullable DropReason loss) {
        if ((int) HOLDERS.getAndAdd(this, -1) == 1) {
            // What the other holders did to the share happened before they let go, and no one can change it now.
            try {
                if (loss != null) {
                    lost.accept(loss);
                }
            } finally {
                account.release(share);
            }
        }
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
