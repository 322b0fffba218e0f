// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import ockam.routing.RoutingDropReason;
import ockam.routing.RoutingException;
import ockam.wire.Address;
import org.jspecify.annotations.Nullable;

/**
 * Who holds which address of a node, and every registration that has not ended, also those that hold no address any more. Thread safe;
 * to look up an address takes no lock.
 */
final class AddressTable implements Registration.Table {
    /** Who holds an address. */
    record Entry(Endpoint endpoint, Registration registration) {}

    private final String node;
    private final Endpoint.Host host;
    private final FlowControls flowControls;
    private final Consumer<List<Address>> freed;
    private final Map<Address, Entry> entries = new ConcurrentHashMap<>();
    private final Set<Registration> registrations = ConcurrentHashMap.newKeySet();
    private volatile boolean closed; // written under the lock

    /**
     * Creates a table without addresses.
     *
     * @param host of the endpoints at the addresses
     * @param flowControls forgets an address before anyone else can take it
     * @param freed told of addresses that were freed, without a lock
     */
    AddressTable(String node, Endpoint.Host host, FlowControls flowControls, Consumer<List<Address>> freed) {
        this.node = node;
        this.host = host;
        this.flowControls = flowControls;
        this.freed = freed;
    }

    /** Takes addresses, all or none; see {@link Router#register}. */
    synchronized Registration take(List<EndpointSpec> specs, ShutdownOrder step) {
        if (closed) {
            throw new RoutingException(RoutingDropReason.NODE_STOPPED, "node " + node + " is stopping or has stopped");
        }
        Set<Address> wanted = new HashSet<>();
        for (EndpointSpec spec : specs) {
            Address address = spec.address();
            if (entries.containsKey(address) || !wanted.add(address)) {
                throw new RoutingException(RoutingException.Reason.ADDRESS_IN_USE, NodeLog.text(address) + " is taken");
            }
        }
        Registration registration = new Registration(specs, step, host, this);
        registrations.add(registration);
        registration
                .endpoints()
                .forEach(endpoint -> entries.put(endpoint.address(), new Entry(endpoint, registration)));
        return registration;
    }

    /** Frees the addresses that are still held, but not those that a successor has taken in the meantime. */
    @Override
    public void free(Registration registration) {
        List<Address> addresses = takeBack(registration);
        if (!addresses.isEmpty()) {
            freed.accept(addresses);
            registration.freed();
        }
    }

    private synchronized List<Address> takeBack(Registration registration) {
        List<Address> addresses = new ArrayList<>();
        for (Endpoint endpoint : registration.endpoints()) {
            if (entries.remove(endpoint.address(), new Entry(endpoint, registration))) {
                flowControls.remove(endpoint.address());
                addresses.add(endpoint.address());
            }
        }
        return List.copyOf(addresses);
    }

    @Override
    public void ended(Registration registration) {
        registrations.remove(registration);
        free(registration);
    }

    /** From now on nobody gets an address. Returns whether this was not so before. */
    synchronized boolean close() {
        boolean first = !closed;
        closed = true;
        return first;
    }

    /** Whether nobody gets an address any more. */
    boolean isClosed() {
        return closed;
    }

    /** Who holds an address, or null. */
    @Nullable
    Entry find(Address address) {
        return entries.get(address);
    }

    /** Those that have not ended; may change while they are looked at. */
    Set<Registration> registrations() {
        return registrations;
    }

    /** Those that are held; may change while they are looked at. */
    Set<Address> addresses() {
        return entries.keySet();
    }

    /** How many addresses are held. */
    int size() {
        return entries.size();
    }
}
