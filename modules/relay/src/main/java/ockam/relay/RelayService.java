// SPDX-License-Identifier: Apache-2.0

package ockam.relay;

import akka.Done;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import ockam.node.Node;
import ockam.node.Worker;
import ockam.node.WorkerOptions;
import ockam.routing.AccessControl;
import ockam.routing.Addressed;
import ockam.wire.Address;
import ockam.wire.Codec;

/**
 * Makes relays for nodes that nobody can connect to: they register here, and whatever is sent to their relay goes on to them (services,
 * section 1).
 *
 * <p>Nothing reaches it from outside unless it was opened: with {@link RelayServiceOptions#withOpenTo}, or as a consumer of a listener; a
 * new relay is open to whatever the service is open to then. Lives until it is stopped, or its node is, and its relays end with it. Thread
 * safe.
 */
public final class RelayService implements Addressed {
    private final Node node;
    private final Address address;
    private final Address staticAddress;
    private final Map<Address, RelayInfo> relays;

    private RelayService(Node node, Address address, Address staticAddress, Map<Address, RelayInfo> relays) {
        this.node = node;
        this.address = address;
        this.staticAddress = staticAddress;
        this.relays = relays;
    }

    /** Starts a service with default options. */
    public static RelayService create(Node node) {
        return create(node, RelayServiceOptions.defaults());
    }

    /**
     * Starts a service; it can be reached as soon as the call returns.
     *
     * @throws ockam.routing.RoutingException {@code ADDRESS_IN_USE} or {@code NODE_STOPPED}
     * @throws IllegalArgumentException for settings that cannot be read or are out of range
     */
    public static RelayService create(Node node, RelayServiceOptions options) {
        RelaySettings settings = RelaySettings.of(node.system());
        Map<Address, RelayInfo> relays = new ConcurrentHashMap<>();
        WorkerOptions worker = WorkerOptions.defaults()
                .withOutgoing(AccessControl.denyAll())
                .withAddress(options.staticAddress(), AccessControl.allowAll(), AccessControl.denyAll());
        Worker started = node.start(
                options.address(),
                Codec.string(),
                Registrar.create(node, options, settings, relays),
                Registrar.Asked::new,
                worker);
        options.openTo().forEach(producer -> {
            node.allow(options.address()).from(producer);
            node.allow(options.staticAddress()).from(producer);
        });
        return new RelayService(node, started.address(), options.staticAddress(), relays);
    }

    /** Where nodes register that need no name. */
    @Override
    public Address address() {
        return address;
    }

    /** Where nodes register that want a name: {@code TcpListenerOptions.defaults().withConsumer(service::staticAddress)}. */
    public Address staticAddress() {
        return staticAddress;
    }

    /** The relays that there are, in no particular order. */
    public List<RelayInfo> relays() {
        return List.copyOf(relays.values());
    }

    /** Ends the service and its relays. Fails with {@code NO_SUCH_ADDRESS} if it has ended. */
    public CompletionStage<Done> stop() {
        return node.stop(address);
    }

    @Override
    public String toString() {
        return "RelayService(" + address + ", " + relays.size() + " relays)";
    }
}
