// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import akka.actor.Cancellable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import ockam.routing.FailureReason;
import ockam.routing.RoutingException;
import ockam.routing.spi.Delivery;
import ockam.wire.Codec;
import org.jspecify.annotations.Nullable;

/**
 * A call of {@link Mailbox#receive}, as the future that its caller gets. It is ended by the one who {@linkplain #claim claims} it first: the
 * mailbox, which has a message for it, the time-out, or the caller, who may complete or cancel it like any other future. So no message goes to
 * a caller who has given up.
 */
final class Receive<T> extends CompletableFuture<Routed<T>> {
    /** What is done just before the end. */
    @FunctionalInterface
    interface Ending {
        /** Is called once; {@code problem} is null if a message has come, and else says why none has. */
        void before(@Nullable String problem);
    }

    private final Codec<T> codec;
    private final Supplier<String> disappointment;
    private final Ending ending;
    private final Consumer<Receive<T>> givenUp;
    private final AtomicBoolean claimed = new AtomicBoolean();
    private @Nullable Cancellable timeout; // written before anyone else knows of this

    /**
     * A call that waits.
     *
     * @param disappointment says what did not happen if it ends without a message
     * @param ending called just before the end, whatever it is
     * @param givenUp told that the caller has ended it
     */
    Receive(Codec<T> codec, Supplier<String> disappointment, Ending ending, Consumer<Receive<T>> givenUp) {
        this.codec = codec;
        this.disappointment = disappointment;
        this.ending = ending;
        this.givenUp = givenUp;
    }

    void cancelLater(Cancellable timer) {
        timeout = timer;
    }

    /** Whether it is now up to the one who asks, and to nobody else, to end this. */
    boolean claim() {
        return claimed.compareAndSet(false, true);
    }

    /** Ends it with a message that was settled before; to be called by the one who has claimed it. */
    void end(Delivery delivery) {
        Routed<T> message;
        try {
            message = Routed.decodeOrThrow(delivery, codec);
        } catch (RoutingException refused) {
            end(refused);
            return;
        }
        beforeEnd(null);
        super.complete(message);
    }

    /** Ends it without a message, and adds why to what did not happen; to be called by the one who has claimed it. */
    void end(FailureReason reason, String why) {
        end(new RoutingException(reason, disappointment.get() + " " + why));
    }

    private void end(RoutingException failure) {
        beforeEnd(failure.reason().name());
        super.completeExceptionally(failure);
    }

    private void beforeEnd(@Nullable String problem) {
        if (timeout != null) {
            timeout.cancel();
        }
        ending.before(problem);
    }

    // ---- the caller has had enough ----

    private boolean giveUp(String problem) {
        if (!claim()) {
            return false;
        }
        givenUp.accept(this);
        beforeEnd(problem);
        return true;
    }

    @Override
    public boolean complete(Routed<T> message) {
        return giveUp(NodeEvent.GIVEN_UP) && super.complete(message);
    }

    @Override
    public boolean completeExceptionally(Throwable failure) {
        return giveUp(NodeEvent.nameOf(failure)) && super.completeExceptionally(failure);
    }

    @Override
    public boolean cancel(boolean mayInterrupt) {
        return giveUp(NodeEvent.GIVEN_UP) ? super.cancel(mayInterrupt) : isCancelled();
    }

    @Override
    public CompletableFuture<Routed<T>> completeAsync(Supplier<? extends Routed<T>> message, Executor executor) {
        var unused = CompletableFuture.supplyAsync(message, executor).whenComplete((made, failure) -> {
            if (failure == null) {
                complete(made);
            } else {
                completeExceptionally(failure);
            }
        });
        return this;
    }

    @Override
    public void obtrudeValue(Routed<T> message) {
        giveUp(NodeEvent.GIVEN_UP);
        super.obtrudeValue(message);
    }

    @Override
    public void obtrudeException(Throwable failure) {
        giveUp(NodeEvent.nameOf(failure));
        super.obtrudeException(failure);
    }
}
