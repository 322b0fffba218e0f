// SPDX-License-Identifier: Apache-2.0

package ockam.relay;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import ockam.routing.AccessControl;
import ockam.routing.Producer;
import ockam.wire.Address;

/** Options of a relay service. Immutable; each {@code withX} returns a copy. */
public final class RelayServiceOptions {
    private static final RelayServiceOptions DEFAULTS = new RelayServiceOptions(
            Address.of("forwarding_service"),
            Address.of("static_forwarding_service"),
            "forward_to_",
            RelayPolicy.firstComeFirstServed(),
            List.of(),
            List.of(),
            AccessControl.allowAll(),
            AccessControl.allowAll());

    private final Address address;
    private final Address staticAddress;
    private final String prefix;
    private final RelayPolicy policy;
    private final List<Producer> openTo;
    private final List<Producer> relaysOpenTo;
    private final AccessControl relayIncoming;
    private final AccessControl relayOutgoing;

    private RelayServiceOptions(
            Address address,
            Address staticAddress,
            String prefix,
            RelayPolicy policy,
            List<Producer> openTo,
            List<Producer> relaysOpenTo,
            AccessControl relayIncoming,
            AccessControl relayOutgoing) {
        this.address = Objects.requireNonNull(address, "address");
        this.staticAddress = Objects.requireNonNull(staticAddress, "staticAddress");
        this.prefix = prefix;
        this.policy = Objects.requireNonNull(policy, "policy");
        this.openTo = List.copyOf(openTo);
        this.relaysOpenTo = List.copyOf(relaysOpenTo);
        this.relayIncoming = Objects.requireNonNull(relayIncoming, "incoming");
        this.relayOutgoing = Objects.requireNonNull(relayOutgoing, "outgoing");
    }

    /** The addresses that peers expect, the prefix {@code forward_to_}, and the policy {@link RelayPolicy#firstComeFirstServed}. */
    public static RelayServiceOptions defaults() {
        return DEFAULTS;
    }

    /** Where the service lives. Both addresses do the same; peers send to the second one if they ask for a name. */
    public RelayServiceOptions withAddresses(Address first, Address forNames) {
        return new RelayServiceOptions(
                first, forNames, prefix, policy, openTo, relaysOpenTo, relayIncoming, relayOutgoing);
    }

    /**
     * What the addresses of all relays begin with.
     *
     * @throws IllegalArgumentException for an empty text, with which strangers could take any free address of the node
     */
    public RelayServiceOptions withPrefix(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("without a prefix, relays could have any address of the node");
        }
        return new RelayServiceOptions(
                address, staticAddress, text, policy, openTo, relaysOpenTo, relayIncoming, relayOutgoing);
    }

    /** Who may have which name. */
    public RelayServiceOptions withPolicy(RelayPolicy who) {
        return new RelayServiceOptions(
                address, staticAddress, prefix, who, openTo, relaysOpenTo, relayIncoming, relayOutgoing);
    }

    /** Opens the service and all its relays to what a producer brings in, such as a listener. */
    public RelayServiceOptions withOpenTo(Producer producer) {
        return new RelayServiceOptions(
                address,
                staticAddress,
                prefix,
                policy,
                with(openTo, producer),
                with(relaysOpenTo, producer),
                relayIncoming,
                relayOutgoing);
    }

    /** Opens only the relays: for those who may send to nodes that are registered, and may not register. */
    public RelayServiceOptions withRelaysOpenTo(Producer producer) {
        return new RelayServiceOptions(
                address,
                staticAddress,
                prefix,
                policy,
                openTo,
                with(relaysOpenTo, producer),
                relayIncoming,
                relayOutgoing);
    }

    /** What may reach each relay. Who may register is up to the policy. */
    public RelayServiceOptions withRelayIncoming(AccessControl control) {
        return new RelayServiceOptions(
                address, staticAddress, prefix, policy, openTo, relaysOpenTo, control, relayOutgoing);
    }

    /**
     * What may leave each relay for the node that has registered, the confirmation included. With {@link AccessControl#attributes}, only what
     * goes on to a node that is registered through a secure channel, and has these attributes.
     */
    public RelayServiceOptions withRelayOutgoing(AccessControl control) {
        return new RelayServiceOptions(
                address, staticAddress, prefix, policy, openTo, relaysOpenTo, relayIncoming, control);
    }

    private static List<Producer> with(List<Producer> some, Producer another) {
        List<Producer> all = new ArrayList<>(some);
        all.add(another);
        return all;
    }

    Address address() {
        return address;
    }

    Address staticAddress() {
        return staticAddress;
    }

    String prefix() {
        return prefix;
    }

    RelayPolicy policy() {
        return policy;
    }

    List<Producer> openTo() {
        return openTo;
    }

    List<Producer> relaysOpenTo() {
        return relaysOpenTo;
    }

    AccessControl relayIncoming() {
        return relayIncoming;
    }

    AccessControl relayOutgoing() {
        return relayOutgoing;
    }
}
