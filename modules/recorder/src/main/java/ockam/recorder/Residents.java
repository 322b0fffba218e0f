// SPDX-License-Identifier: Apache-2.0

package ockam.recorder;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import ockam.wire.Address;

/** Who lives where, as the events of a recording tell it. */
final class Residents {
    /** As {@link Address#random} makes them. */
    private static final Pattern RANDOM = Pattern.compile("[0-9a-f]{32}");

    private static final String CHANNEL = "channel";
    private static final String CONNECTION = "connection";
    private static final String STREAM = "stream";

    private final Map<Party, Party> parts = new HashMap<>();
    private final Map<Party, String> kinds = new HashMap<>();

    private Residents() {}

    static Residents of(List<List<Item>> processes) {
        Residents residents = new Residents();
        processes.forEach(items -> items.forEach(residents::learn));
        return residents;
    }

    private void learn(Item item) {
        Recorded event = item.event();
        if (event.is(Recorded.TAKEN)) {
            String kind = kindOf(event.attribute("step"));
            event.addresses().forEach(address -> kinds.putIfAbsent(new Party(item.place(), address), kind));
        } else if (event.is(Recorded.CHANNEL_STARTED)) {
            Party channel = new Party(item.place(), event.addresses().get(0));
            event.addresses().forEach(address -> parts.put(new Party(item.place(), address), channel));
            kinds.put(channel, CHANNEL);
        }
    }

    /** In words of people: the step in which a node stops it. */
    private static String kindOf(String step) {
        return switch (step) {
            case "SENDING_STREAMS", "RECEIVING_STREAMS" -> STREAM;
            case "CHANNELS" -> CHANNEL;
            case "CONNECTIONS" -> CONNECTION;
            case "LISTENERS", "WORKERS", "MAILBOXES" ->
                step.substring(0, step.length() - 1).toLowerCase(Locale.ROOT).replace("mailboxe", "mailbox");
            default -> "address";
        };
    }

    Party party(Place place, Address address) {
        Party itself = new Party(place, address);
        return parts.getOrDefault(itself, itself);
    }

    boolean isConnection(Place place, Address address) {
        return CONNECTION.equals(kinds.get(new Party(place, address)));
    }

    /** Whether a stream sends from there; what a connection brings in is one. */
    boolean isStream(Place place, Address address) {
        return STREAM.equals(kinds.get(new Party(place, address)));
    }

    boolean isChannel(Party party) {
        return CHANNEL.equals(kinds.get(party));
    }

    /** What it is, if its address is random and says nothing; a name that somebody chose stays. */
    Optional<String> kindOfRandom(Party party) {
        Address address = party.address();
        return address.isLocal() && RANDOM.matcher(address.value().utf8String()).matches()
                ? Optional.of(kinds.getOrDefault(party, "address"))
                : Optional.empty();
    }
}
