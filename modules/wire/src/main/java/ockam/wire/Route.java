// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The addresses that a message has to visit, in order; the front is the next hop (routing, sections 1.1 and 1.4). May be empty.
 *
 * <p>Immutable. A route is a front address and a tail that it shares with other routes, so {@link #next()}, {@link #step()},
 * {@link #recipient()} and adding one address to the front take constant time and copy nothing. Methods that visit every address
 * do so in a loop, so that no length exhausts the stack. Prints as {@code 0#h1 => 0#h2}.
 */
public final class Route implements Iterable<Address> {

    /** The longest route that is read from bytes; routes built by local code are not limited. */
    public static final int MAX_LENGTH = 1024;

    private static final String SEPARATOR = "=>";
    private static final Route EMPTY = new Route();

    private final @Nullable Address front;
    private final Route tail; // of the empty route: itself
    private final int size;
    private final int hash;
    private final int footprint; // asked for wherever a message is let in or changed

    private Route() {
        front = null;
        tail = this;
        size = 0;
        hash = 1;
        footprint = 0;
    }

    private Route(Address front, Route tail) {
        this.front = front;
        this.tail = tail;
        size = Math.addExact(tail.size, 1);
        hash = 31 * tail.hash + front.hashCode();
        footprint = Math.addExact(tail.footprint, front.footprint());
    }

    /** Returns the route without addresses. */
    public static Route empty() {
        return EMPTY;
    }

    /** Returns the route without addresses, as {@link #empty} does. */
    public static Route of() {
        return EMPTY;
    }

    /** Returns the route of these addresses, in this order. */
    public static Route of(Address... addresses) {
        return prependAll(addresses, EMPTY);
    }

    /** Returns the route of the local addresses with these names. Throws as {@link Address#of(String)} does. */
    public static Route of(String... localNames) {
        return of(Arrays.stream(localNames).map(Address::of).toList());
    }

    /** Returns the route of these addresses, in this order. */
    public static Route of(List<Address> addresses) {
        return prependAll(addresses.toArray(Address[]::new), EMPTY);
    }

    private static Route prependAll(Address[] addresses, Route tail) {
        Route route = tail;
        for (int i = addresses.length - 1; i >= 0; i--) {
            route = new Route(addresses[i], route);
        }
        return route;
    }

    /**
     * Reads the text form: addresses in their text form joined by {@code =>}; blanks around each are ignored (routing, section 1.3).
     * Throws {@code INVALID_ROUTE} if a part is not an address, or is empty or blank; the address with an empty name is {@code 0#}.
     */
    public static Route parse(String text) {
        String[] parts = text.split(SEPARATOR, -1);
        List<Address> addresses = new ArrayList<>();
        for (int i = 0; i < parts.length; i++) {
            addresses.add(parsePart(parts[i].strip(), i + 1));
        }
        return of(addresses);
    }

    private static Address parsePart(String part, int number) {
        if (part.isEmpty()) {
            throw invalidPart(number, "there is no address");
        }
        try {
            return Address.parse(part);
        } catch (WireException e) {
            throw invalidPart(number, e.getMessage());
        }
    }

    private static WireException invalidPart(int number, @Nullable String problem) {
        return new WireException(WireException.Reason.INVALID_ROUTE, "part " + number + " of a route: " + problem);
    }

    /** Returns whether there is no address. */
    public boolean isEmpty() {
        return size == 0;
    }

    /** Returns the number of addresses. */
    public int size() {
        return size;
    }

    /** Returns the front address; throws {@code INCOMPLETE_ROUTE} on the empty route. */
    public Address next() {
        return present(front);
    }

    /** Returns the route after the front address; throws {@code INCOMPLETE_ROUTE} on the empty route. */
    public Route step() {
        if (isEmpty()) {
            throw incomplete();
        }
        return tail;
    }

    /** Returns the last address; throws {@code INCOMPLETE_ROUTE} on the empty route. */
    public Address recipient() {
        Route from = this;
        while (from.size > 1) {
            from = from.tail;
        }
        return present(from.front);
    }

    private static Address present(@Nullable Address address) {
        if (address == null) {
            throw incomplete();
        }
        return address;
    }

    private static WireException incomplete() {
        return new WireException(WireException.Reason.INCOMPLETE_ROUTE, "the route has no address");
    }

    /** Returns this route with an address added to the front. */
    public Route prepend(Address address) {
        return new Route(address, this);
    }

    /** Returns this route with all addresses of another added to the front, in their order. */
    public Route prepend(Route route) {
        return isEmpty() ? route : prependAll(route.toArray(), this);
    }

    /** Returns this route with an address added to the end. */
    public Route append(Address address) {
        return EMPTY.prepend(address).prepend(this);
    }

    /** Returns this route with all addresses of another added to the end. */
    public Route append(Route route) {
        return route.prepend(this);
    }

    /** Returns this route with its front address replaced; for the empty route, the route of that address. */
    public Route replaceNext(Address address) {
        return tail.prepend(address);
    }

    /** Returns whether another route is a contiguous part of this one; throws {@code INVALID_ROUTE} when the other is empty. */
    public boolean contains(Route sub) {
        if (sub.isEmpty()) {
            throw new WireException(WireException.Reason.INVALID_ROUTE, "an empty route is not part of any route");
        }
        return Collections.indexOfSubList(toList(), sub.toList()) >= 0;
    }

    /** Returns the addresses as an immutable list. */
    public List<Address> toList() {
        return List.of(toArray());
    }

    private Address[] toArray() {
        Address[] addresses = new Address[size];
        int index = 0;
        for (Address address : this) {
            addresses[index++] = address;
        }
        return addresses;
    }

    @Override
    public Iterator<Address> iterator() {
        return new Addresses(this);
    }

    /** What the route takes on the heap, in bytes: about, and rather more. What it shares with others counts in full. */
    public int footprint() {
        return footprint;
    }

    /** The exact size of the CBOR encoding. */
    public int encodedSize() {
        int bytes = Cbor.headSize(size);
        for (Address address : this) {
            bytes = Math.addExact(bytes, address.encodedSize());
        }
        return bytes;
    }

    /** Writes the array of the addresses (routing, section 3.3). */
    public void writeTo(CborWriter writer) {
        writer.array(size);
        for (Address address : this) {
            address.writeTo(writer);
        }
    }

    /** Reads an array of at most {@link #MAX_LENGTH} addresses. */
    public static Route readFrom(CborReader reader) {
        return of(reader.elements(MAX_LENGTH, Address::readFrom));
    }

    @Override
    public boolean equals(Object other) {
        if (this == other) {
            return true;
        }
        if (!(other instanceof Route that) || size != that.size || hash != that.hash) {
            return false;
        }
        Route mine = this;
        Route theirs = that;
        while (mine != theirs) { // equal sizes: they end together, in the one empty route, or meet in a shared tail
            if (!mine.next().equals(theirs.next())) {
                return false;
            }
            mine = mine.tail;
            theirs = theirs.tail;
        }
        return true;
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Address address : this) {
            text.append(text.isEmpty() ? "" : " " + SEPARATOR + " ").append(address);
        }
        return text.toString();
    }

    private static final class Addresses implements Iterator<Address> {
        private Route rest;

        private Addresses(Route route) {
            rest = route;
        }

        @Override
        public boolean hasNext() {
            return !rest.isEmpty();
        }

        @Override
        public Address next() {
            if (rest.isEmpty()) {
                throw new NoSuchElementException();
            }
            Address address = rest.next();
            rest = rest.tail;
            return address;
        }
    }
}
