// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import ockam.routing.DropReason;
import ockam.routing.FailureReason;
import ockam.wire.Address;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.jspecify.annotations.Nullable;

/**
 * What an endpoint without a node has: everything that is sent arrives at one consumer, and nothing is bounded.
 *
 * @param sent is given what is sent, on the sender's thread
 */
record NoNode(Consumer<LocalMessage> sent) implements Endpoint.Host {
    @Override
    public @Nullable DropReason dispatch(Endpoint from, LocalMessage message, @Nullable Permit permit) {
        sent.accept(message);
        return null;
    }

    @Override
    public @Nullable Permit admit(LocalMessage message) {
        throw new UnsupportedOperationException("there is no window without a node");
    }

    @Override
    public Permit admitAlways(LocalMessage message) {
        throw new UnsupportedOperationException("there is no window without a node");
    }

    @Override
    public void dropped(DropReason reason, Address address, Supplier<String> detail) {}

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
        return NodeLog.text(route);
    }

    @Override
    public void userCodeFailed(String what, Address address, Throwable failure) {}

    @Override
    public Runnable whenForgotten(Object object, Runnable action) {
        return () -> {};
    }

    @Override
    public void observed(Function<String, Observer.Event> event) {}
}
