// SPDX-License-Identifier: Apache-2.0

package ockam.recorder;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import ockam.wire.Address;
import ockam.wire.Route;

/** The recording of one process, written by hand: an event each millisecond of its clock. */
final class Script {
    static final Instant START = Instant.parse("2026-11-24T10:00:00Z");

    private final String process;
    private final List<Recorded> events = new ArrayList<>();
    private Instant now;

    Script(String process, Instant start) {
        this.process = process;
        this.now = start;
    }

    static Script of(String process) {
        return new Script(process, START);
    }

    /** A random address that is the same in every run. */
    static Address random(int number) {
        return Address.of("%032x".formatted(number));
    }

    static Route route(Object... addresses) {
        return Route.of(Stream.of(addresses).map(Script::address).toList());
    }

    private static Address address(Object address) {
        return address instanceof Address itself ? itself : Address.of((String) address);
    }

    Script event(String node, String event, Map<String, String> attributes, Object... addresses) {
        return add(node, event, route(addresses).toList(), Route.empty(), Route.empty(), 0, 0, attributes);
    }

    Script taken(String node, String step, Object... addresses) {
        return event(node, Recorded.TAKEN, Map.of("step", step), addresses);
    }

    Script freed(String node, Object... addresses) {
        return event(node, Recorded.FREED, Map.of(), addresses);
    }

    Script dropped(String node, String reason, Object address) {
        return event(node, Recorded.DROPPED, Map.of("reason", reason), address);
    }

    /** A message whose payload has 10 bytes, to the first address of the onward route. */
    Script delivered(String node, long flow, Object source, Route onward, Route back) {
        return delivered(node, flow, source, onward, back, "");
    }

    Script delivered(String node, long flow, Object source, Route onward, Route back, String form) {
        return add(
                node,
                Recorded.DELIVERED,
                List.of(address(source), onward.next()),
                onward,
                back,
                10,
                flow,
                form.isEmpty() ? Map.of() : Map.of("form", form));
    }

    private Script add(
            String node,
            String event,
            List<Address> addresses,
            Route onward,
            Route back,
            int size,
            long flow,
            Map<String, String> attributes) {
        events.add(new Recorded(
                now,
                node,
                event,
                addresses,
                onward,
                back,
                size,
                flow == 0 ? OptionalLong.empty() : OptionalLong.of(flow),
                attributes));
        now = now.plusMillis(1);
        return this;
    }

    Recording recording() {
        return recording(0);
    }

    Recording recording(long lost) {
        return new Recording(List.of(new Recording.Part(process, lost, events)));
    }
}
