// SPDX-License-Identifier: Apache-2.0

package ockam.relay;

import java.util.Objects;
import java.util.Optional;
import ockam.wire.Address;

/** What a node registers as, and where. Immutable; each {@code withX} returns a copy. */
public final class RemoteRelayOptions {
    private final Optional<String> name;
    private final Address service;

    private RemoteRelayOptions(Optional<String> name, Address service) {
        this.name = name;
        this.service = Objects.requireNonNull(service, "service");
    }

    /**
     * A name that others know: the service makes an address of it, with a prefix of its own.
     *
     * @throws IllegalArgumentException for {@code register}, which means no name, and for an empty one
     */
    public static RemoteRelayOptions named(String name) {
        if (name.isEmpty() || name.equals(Registrar.EPHEMERAL)) {
            throw new IllegalArgumentException("no relay can have the name '" + name + "'");
        }
        return new RemoteRelayOptions(Optional.of(name), Address.of("static_forwarding_service"));
    }

    /** A random name, and another one each time that the node registers anew. */
    public static RemoteRelayOptions ephemeral() {
        return new RemoteRelayOptions(Optional.empty(), Address.of("forwarding_service"));
    }

    /** Where the service lives on its node. */
    public RemoteRelayOptions withService(Address address) {
        return new RemoteRelayOptions(name, address);
    }

    Optional<String> name() {
        return name;
    }

    Address service() {
        return service;
    }
}
