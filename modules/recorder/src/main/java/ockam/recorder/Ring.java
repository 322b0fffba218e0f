// SPDX-License-Identifier: Apache-2.0

package ockam.recorder;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import ockam.routing.spi.Observer;
import ockam.wire.Address;

/**
 * The latest events in the order in which they came, as many as the bounds allow. Thread safe: the lock is held for no longer than it takes
 * to put an event in.
 */
final class Ring implements Observer {
    /** What an event holds beyond its addresses, routes and texts, with a margin. */
    private static final long OVERHEAD = 256;
    /** What an address holds beyond its bytes. */
    private static final int ADDRESS = 96;

    private record Entry(Instant time, Event event, long bytes) {}

    private final Clock clock;
    private final int maxEvents;
    private final long maxBytes;
    private final Deque<Entry> entries = new ArrayDeque<>(); // these are guarded by this
    private Instant last = Instant.MIN;
    private long bytes;
    private long lost;

    Ring(Clock clock, int maxEvents, long maxBytes) {
        this.clock = clock;
        this.maxEvents = maxEvents;
        this.maxBytes = maxBytes;
    }

    /** Beyond the bounds, the oldest ones give way; one that is larger than all the room is lost itself. */
    @Override
    public void on(Event event) {
        long size = sizeOf(event);
        synchronized (this) {
            Instant now = clock.instant();
            last = now.isBefore(last) ? last : now; // a clock may be set back, but nothing happens before its cause
            entries.addLast(new Entry(last, event, size));
            bytes += size;
            while (entries.size() > maxEvents || bytes > maxBytes) {
                bytes -= entries.removeFirst().bytes();
                lost++;
            }
        }
    }

    private static long sizeOf(Event event) {
        long size = OVERHEAD + event.route().footprint() + event.returnRoute().footprint();
        for (Address address : event.addresses()) {
            size += ADDRESS + address.value().size();
        }
        for (Map.Entry<String, String> attribute : event.attributes().entrySet()) {
            size += 2L * (attribute.getKey().length() + attribute.getValue().length());
        }
        return size;
    }

    /** What is in it now. */
    Recording recording(String process) {
        List<Entry> present;
        long missing;
        synchronized (this) {
            present = List.copyOf(entries);
            missing = lost;
        }
        List<Recorded> events = new ArrayList<>(present.size());
        for (Entry entry : present) {
            Event event = entry.event();
            events.add(new Recorded(
                    entry.time(),
                    event.node(),
                    event.name(),
                    event.addresses(),
                    event.route(),
                    event.returnRoute(),
                    event.size(),
                    event.correlation(),
                    event.attributes()));
        }
        return new Recording(List.of(new Recording.Part(process, missing, events)));
    }
}
