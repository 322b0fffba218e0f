// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import ockam.routing.DropReason;
import ockam.routing.FailureReason;
import ockam.routing.RoutingDropReason;
import ockam.wire.Address;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.jspecify.annotations.Nullable;

/**
 * A node as endpoints see it, without an actor system. What is sent arrives at once, is denied or refused, or stays under way until the
 * test ends it: that depends on where it goes.
 */
final class FakeHost implements Endpoint.Host {
    static final Address ARRIVES = Address.of("arrives");
    static final Address STAYS = Address.of("stays");
    static final Address DENIED = Address.of("denied");
    static final Address NOWHERE = Address.of("nowhere");
    static final List<Address> DESTINATIONS = List.of(ARRIVES, STAYS, DENIED, NOWHERE);

    final ByteBudget budget = new ByteBudget(1_000_000);
    private final Window.Lane plainSends = new Window(1_000, 1_000_000, budget, () -> {}).lane();
    private final Queue<Delivery> staying = new ConcurrentLinkedQueue<>();
    private final Queue<Permit> arrived = new ConcurrentLinkedQueue<>();
    private final Queue<Address> drops = new ConcurrentLinkedQueue<>();
    private final AtomicInteger handles = new AtomicInteger();
    private final Holding nothing = new Holding();

    @Override
    public @Nullable DropReason dispatch(Endpoint from, LocalMessage message, @Nullable Permit permit) {
        Address next = message.onwardRoute().next();
        if (next.equals(NOWHERE)) {
            return RoutingDropReason.NO_SUCH_ADDRESS;
        }
        Delivery delivery =
                new Delivery(new Endpoint(EndpointSpec.open(next), this, nothing), from.address(), message, permit);
        if (next.equals(DENIED)) {
            delivery.lost(RoutingDropReason.INCOMING_DENIED);
        } else if (next.equals(STAYS)) {
            staying.add(delivery);
        } else {
            if (permit != null) {
                arrived.add(permit);
            }
            delivery.release();
        }
        return null;
    }

    /** One of those that stay, which the caller is to end; null if there is none. */
    @Nullable
    Delivery takeStaying() {
        return staying.poll();
    }

    boolean isAnyStaying() {
        return !staying.isEmpty();
    }

    /** Whether a message arrived with this permit. */
    boolean hasArrived(Permit permit) {
        return arrived.contains(permit);
    }

    /** How many messages were dropped at an address. */
    int dropsAt(Address address) {
        int count = 0;
        for (Address dropped : drops) {
            if (dropped.equals(address)) {
                count++;
            }
        }
        return count;
    }

    /** How many handles are watched for whether somebody forgets them. */
    int handles() {
        return handles.get();
    }

    @Override
    public Permit admit(LocalMessage message) {
        return plainSends.admit(message.footprint());
    }

    @Override
    public Permit admitAlways(LocalMessage message) {
        return plainSends.admit(message.footprint());
    }

    @Override
    public void dropped(DropReason reason, Address address, Supplier<String> detail) {
        drops.add(address);
    }

    @Override
    public String hint(Address missing) {
        return "";
    }

    @Override
    public String along(Route route) {
        return NodeLog.text(route);
    }

    @Override
    public String explain(FailureReason reason, Route route) {
        throw new AssertionError("nobody asks");
    }

    @Override
    public void userCodeFailed(String what, Address address, Throwable failure) {
        throw new AssertionError(what, failure);
    }

    @Override
    public Runnable whenForgotten(Object object, Runnable action) {
        handles.incrementAndGet();
        return handles::decrementAndGet;
    }

    @Override
    public void observed(Function<String, Observer.Event> event) {}
}
