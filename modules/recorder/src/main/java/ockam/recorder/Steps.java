// SPDX-License-Identifier: Apache-2.0

package ockam.recorder;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import ockam.wire.Address;
import org.jspecify.annotations.Nullable;

/** Makes the lines of a sequence diagram of the events of a recording, in their order. */
final class Steps {
    /** How far is looked back for the message that was dropped. */
    private static final int LOOK_BACK = 256;

    /** What is known of a message where it arrived. */
    private record State(Content content, int flow) {}

    /** A message, and those that are made from it, where they have arrived. */
    private record Arrived(Party at, OptionalLong flow) {}

    private record Sent(Place place, OptionalLong flow) {}

    private final Residents residents;
    private final Links links;
    private final List<Step> steps = new ArrayList<>();
    private final List<Step> messages = new ArrayList<>();
    private final Map<Item, State> states = new HashMap<>();
    private final Map<Arrived, State> arrived = new HashMap<>();
    private final Map<Sent, State> latest = new HashMap<>();
    /** Which message of a handshake a channel sends next. */
    private final Map<Party, Integer> handshakes = new HashMap<>();

    private final Set<Party> open = new HashSet<>();
    /** What somebody has last sent to another node. */
    private final Map<Party, Item> lastDepartures = new HashMap<>();
    /** Notes of those who sent it, which come after it, until it has arrived and is drawn. */
    private final Map<Item, List<Step>> waiting = new HashMap<>();
    /** Connections with both sides in the recording. */
    private final Set<Party> joined = new HashSet<>();

    private int flows;

    private Steps(Residents residents, Links links) {
        this.residents = residents;
        this.links = links;
    }

    static List<Step> of(List<Item> order, Residents residents, Links links) {
        Steps made = new Steps(residents, links);
        order.forEach(made::add);
        // What happens to somebody who neither sends nor gets anything makes a picture wider, and says nothing. Nor
        // does
        // it say much that a connection begins and ends whose other side is in the picture too.
        Set<Party> seen = new HashSet<>();
        made.steps.stream().filter(Step::isArrow).forEach(step -> seen.addAll(step.parties()));
        seen.removeAll(made.joined);
        return made.steps.stream()
                .filter(step -> step.kind() != Step.Kind.NOTE || seen.contains(step.to()))
                .toList();
    }

    private void add(Item item) {
        Recorded event = item.event();
        switch (event.event()) {
            case Recorded.DELIVERED -> delivered(item);
            case Recorded.DROPPED -> dropped(item);
            case Recorded.HANDSHAKE_SENT ->
                handshakes.put(at(item, event.addresses().get(0)), stepOf(event));
            case Recorded.CHANNEL_FAILED ->
                note(item, "handshake failed: " + event.attribute("step") + ": " + event.attribute("reason"));
            case Recorded.CHANNEL_CHANGED -> channelChanged(item);
            case Recorded.CONNECTION_OPENED -> note(item, "connected");
            case Recorded.CONNECTION_CLOSED -> note(item, "connection ended: " + event.attribute("reason"));
            default -> {} // for the table only
        }
    }

    /** {@code MESSAGE_2} is 2. */
    private static int stepOf(Recorded event) {
        String step = event.attribute("step");
        char last = step.isEmpty() ? '0' : step.charAt(step.length() - 1);
        return last >= '1' && last <= '3' ? last - '0' : 0;
    }

    private Party at(Item item, Address address) {
        return residents.party(item.place(), address);
    }

    private void delivered(Item item) {
        Recorded event = item.event();
        Party from = at(item, event.addresses().get(0));
        Party to = at(item, event.addresses().get(1));
        Item departure = links.departureOf(item);
        boolean comesIn = Links.comesIn(item, residents);
        State before = before(item, departure, from, comesIn);
        State now = new State(
                switch (event.attribute("form")) {
                    case "HANDSHAKE" -> Content.handshake(handshakes.getOrDefault(from, 0));
                    case "FRAME" -> before.content().sealed();
                    case "OPENED" -> before.content().opened();
                    default -> before.content();
                },
                before.flow());
        states.put(item, now);
        arrived.put(new Arrived(to, event.flow()), now);
        latest.put(new Sent(item.place(), event.flow()), now);
        if (departure != null) {
            joined.add(at(departure, departure.event().addresses().get(1)));
            joined.add(at(item, event.returnRoute().next()));
            from = at(departure, departure.event().addresses().get(isPassedThrough(departure) ? 1 : 0));
        } else if (comesIn) {
            from = at(item, event.returnRoute().next());
        }
        Step step = Step.of(now.content(), from, to, now.flow(), item);
        messages.add(step);
        if (!links.hasArrived(item) || isPassedThrough(item)) {
            steps.add(step);
        } else {
            lastDepartures.put(from, item);
            waiting.put(item, new ArrayList<>());
        }
        List<Step> notes = departure == null ? null : waiting.remove(departure);
        if (notes != null) {
            steps.addAll(notes);
        }
    }

    /** In by one connection and out by another: of such a node, only its connections can be shown. */
    private boolean isPassedThrough(Item departure) {
        return Links.comesIn(departure, residents);
    }

    /** What is known of the message that this one is made from. */
    private State before(Item item, @Nullable Item departure, Party from, boolean comesIn) {
        State before = null;
        if (departure != null) {
            before = states.get(departure);
        } else if (!comesIn && item.event().flow().isPresent()) {
            before = arrived.get(new Arrived(from, item.event().flow()));
            if (before == null) {
                before = latest.get(new Sent(item.place(), item.event().flow()));
            }
        }
        return Objects.requireNonNullElseGet(
                before, () -> new State(comesIn ? Content.UNKNOWN : Content.MESSAGE, ++flows));
    }

    /** Who dropped it is not said; but it was to go to this address next, or had arrived there. */
    private void dropped(Item item) {
        Address address = item.event().addresses().get(0);
        Party to = at(item, address);
        Party from = to;
        int flow = 0;
        for (int i = messages.size() - 1; i >= Math.max(0, messages.size() - LOOK_BACK) && flow == 0; i--) {
            Step message = messages.get(i);
            Recorded event = message.item().event();
            if (message.item().place().equals(item.place())) {
                if (event.addresses().get(1).equals(address)) {
                    flow = message.flow();
                } else if (event.route().size() > 1
                        && event.route().step().next().equals(address)) {
                    from = message.to();
                    flow = message.flow();
                }
            }
        }
        steps.add(new Step(
                Step.Kind.DROP,
                from,
                to,
                "dropped: " + item.event().attribute("reason"),
                flow == 0 ? ++flows : flow,
                item));
    }

    private void channelChanged(Item item) {
        Recorded event = item.event();
        String state = event.attribute("state");
        if (state.equals("CLOSED")) {
            note(item, "closed: " + event.attribute("reason"));
        } else if (state.equals("UP") && open.add(at(item, event.addresses().get(0)))) {
            note(item, "open");
        } else {
            note(item, state.toLowerCase(Locale.ROOT).replace('_', ' '));
        }
    }

    private void note(Item item, String text) {
        Party party = at(item, item.event().addresses().get(0));
        Item sent = lastDepartures.get(party);
        List<Step> after = sent == null ? steps : waiting.getOrDefault(sent, steps);
        after.add(new Step(Step.Kind.NOTE, party, party, text, ++flows, item));
    }
}
