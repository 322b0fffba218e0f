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

    /** What counts a message. */
    interface Account {
        /** More bytes of a message that is in, however much there is. */
        void grow(int bytes);

        /** A message that another account of the node has counted, if there is room for it. */
        boolean tryTakeOver(long share);

        /** Another account counts the message from now on. */
        void handOver(long share);

        /** The message has ended. */
        void release(long share);
    }

    private final Consumer<DropReason> lost;
    private Account account; // guarded by this while somebody holds the permit
    private int bytes; // likewise
    private volatile int state = 1;
    private @Nullable DropReason loss; // of one of those that have ended; written before it lets go
    private long number; // guarded by this; 0 until somebody asks

    /**
     * Held by one message.
     *
     * @param lost told if the message is lost, before its room is free again
     */
    Permit(Consumer<DropReason> lost, Account account, int bytes) {
        this.lost = lost;
        this.account = account;
        this.bytes = bytes;
    }

    /** One more message holds the permit; not once it was given back. */
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

    /** The message is where it was to go. What becomes of those that still hold the permit is no loss of it. */
    void arrived() {
        STATE.getAndBitwiseOr(this, ARRIVED);
    }

    /** A message that held the permit has ended, as it should or by being lost for the given reason. */
    void release(@Nullable DropReason loss) {
        if (loss == null) {
            letGo(ARRIVED);
        } else {
            this.loss = loss;
            letGo(0);
        }
    }

    /** One who held the permit does so no more, and the fate of the message is with the others. */
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
            // What the other holders did here happened before they let go, and nobody can do anything any more.
            DropReason reason = loss;
            if (reason != null && (next & ARRIVED) == 0) {
                lost.accept(reason);
            }
            account.release(share());
        }
    }

    private static int holders(int state) {
        return state & (ARRIVED - 1);
    }

    private long share() {
        return Shares.ofMessage(bytes);
    }

    /** A number of its own among those that the counter has given, for one who watches messages. */
    synchronized long number(AtomicLong counter) {
        if (number == 0) {
            number = counter.incrementAndGet();
        }
        return number;
    }

    /** A message that holds the permit has become larger. Always granted, since it is in already. */
    public synchronized void grow(int more) {
        account.grow(more);
        bytes += more;
    }

    /** Another account counts the message from now on, if it has room; what the node counts stays the same. */
    synchronized boolean tryMoveTo(Account target) {
        if (!target.tryTakeOver(share())) {
            return false;
        }
        account.handOver(share());
        account = target;
        return true;
    }
}
