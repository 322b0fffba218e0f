// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import ockam.wire.Address;
import ockam.wire.Decoded;
import ockam.wire.Route;
import ockam.wire.WireException;

/** The parts of a MultiAddr, as far as tickets need them (services, section 5). */
record MultiAddr(List<Part> parts) {
    /** The most characters of one. */
    static final int MAX_LENGTH = 4096;

    private static final Set<String> HOSTS = Set.of("ip4", "ip6", "dnsaddr");
    private static final Set<String> PORTS = Set.of("tcp", "udp");
    private static final Set<String> LOCAL = Set.of("service", "worker", "secure");
    private static final Set<String> OTHERS = Set.of("node", "project", "space");
    private static final int MAX_PORT = 65_535;

    /** A name and its value. */
    record Part(String name, String value) {}

    /** Reads the text form. */
    static Decoded<MultiAddr> parse(String text) {
        if (text.length() > MAX_LENGTH) {
            return Decoded.refused("a MultiAddr is too long");
        }
        String[] words = (text.startsWith("/") ? text.substring(1) : text).split("/", -1);
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < words.length && !text.isEmpty(); i += 2) {
            Part part = new Part(words[i], i + 1 < words.length ? words[i + 1] : "");
            if (!isKnown(part)) {
                return Decoded.refused("a part of a MultiAddr is unknown, or its value is invalid");
            }
            parts.add(part);
        }
        return new Decoded.Value<>(new MultiAddr(List.copyOf(parts)));
    }

    private static boolean isKnown(Part part) {
        if (PORTS.contains(part.name())) {
            return part.value().matches("[0-9]{1,5}") && Integer.parseInt(part.value()) <= MAX_PORT;
        }
        return HOSTS.contains(part.name())
                ? !part.value().isEmpty()
                : LOCAL.contains(part.name()) || OTHERS.contains(part.name());
    }

    /** The value of the first service, which in the route of a project is the id of that (authority, section 6). */
    Optional<String> firstService() {
        return parts.stream()
                .filter(part -> part.name().equals("service"))
                .map(Part::value)
                .findFirst();
    }

    /** The route: a host with a TCP port as one address, if there is one, and then local addresses (services, section 5.2). */
    Decoded<Route> route() {
        List<Address> addresses = new ArrayList<>();
        int next = 0;
        if (!parts.isEmpty() && HOSTS.contains(parts.get(0).name())) {
            if (parts.size() < 2 || !parts.get(1).name().equals("tcp")) {
                return Decoded.refused("a host in a MultiAddr has no TCP port");
            }
            String host = parts.get(0).value();
            boolean needsBrackets = parts.get(0).name().equals("ip6");
            next = 2;
            String at = (needsBrackets ? "[" + host + "]" : host) + ":"
                    + parts.get(1).value();
            try {
                addresses.add(Address.of(Address.TCP, at));
            } catch (WireException e) {
                return Decoded.refused("a MultiAddr has no address of its host");
            }
        }
        for (Part part : parts.subList(next, parts.size())) {
            if (!LOCAL.contains(part.name())) {
                return Decoded.refused("a part of a MultiAddr is no address on a node");
            }
            try {
                addresses.add(Address.of(part.value()));
            } catch (WireException e) {
                return Decoded.refused("a part of a MultiAddr is too long");
            }
        }
        return new Decoded.Value<>(Route.of(addresses.toArray(Address[]::new)));
    }
}
