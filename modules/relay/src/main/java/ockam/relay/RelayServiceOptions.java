// SPDX-License-Identifier: Apache-2.0

package ockam.relay;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
            List.of());

    private final Address address;
    private final Address staticAddress;
    private final String prefix;
    private final RelayPolicy policy;
    private final List<Producer> openTo;
    private final List<Producer> relaysOpenTo;

    private RelayServiceOptions(
            Address address,
            Address staticAddress,
            String prefix,
            RelayPolicy policy,
            List<Producer> openTo,
            List<Producer> relaysOpenTo) {
        this.address = Objects.requireNonNull(address, "address");
        this.staticAddress = Objects.requireNonNull(staticAddress, "staticAddress");
        this.prefix = prefix;
        this.policy = Objects.requireNonNull(policy, "policy");
        this.openTo = List.copyOf(openTo);
        this.relaysOpenTo = List.copyOf(relaysOpenTo);
    }

    /** The addresses that peers expect, the prefix {@code forward_to_}, and the policy {@link RelayPolicy#firstComeFirstServed}. */
    public static RelayServiceOptions defaults() {
        return DEFAULTS;
    }

    /** Where the service lives. Both addresses do the same; peers send to the second one if they ask for a name. */
    public RelayServiceOptions withAddresses(Address first, Address forNames) {
        return new RelayServiceOptions(first, forNames, prefix, policy, openTo, relaysOpenTo);
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
        return new RelayServiceOptions(address, staticAddress, text, policy, openTo, relaysOpenTo);
    }

    /** Who may have which name. */
    public RelayServiceOptions withPolicy(RelayPolicy who) {
        return new RelayServiceOptions(address, staticAddress, prefix, who, openTo, relaysOpenTo);
    }

    /** Opens the service and all its relays to what a producer brings in, such as a listener. */
    public RelayServiceOptions withOpenTo(Producer producer) {
        return new RelayServiceOptions(
                address, staticAddress, prefix, policy, with(openTo, producer), with(relaysOpenTo, producer));
    }

    /** Opens only the relays: for those who may send to nodes that are registered, and may not register. */
    public RelayServiceOptions withRelaysOpenTo(Producer producer) {
        return new RelayServiceOptions(address, staticAddress, prefix, policy, openTo, with(relaysOpenTo, producer));
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
}
