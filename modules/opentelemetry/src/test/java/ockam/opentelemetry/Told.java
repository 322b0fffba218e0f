// SPDX-License-Identifier: Apache-2.0

package ockam.opentelemetry;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import ockam.routing.spi.Observer;
import ockam.wire.Address;
import ockam.wire.Route;

/** An event as another module would tell it. */
record Told(String name, String node, List<Address> addresses, Map<String, String> attributes, Route route)
        implements Observer.Event {

    /** About one address, with names and values. */
    static Told of(String name, String address, String... attributes) {
        return of("node", name, List.of(Address.of(address)), attributes);
    }

    static Told of(String node, String name, List<Address> addresses, String... attributes) {
        Map<String, String> all = new TreeMap<>();
        for (int i = 0; i < attributes.length; i += 2) {
            all.put(attributes[i], attributes[i + 1]);
        }
        return new Told(name, node, addresses, all, Route.of("h1", "echoer"));
    }
}
