// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import java.util.List;
import java.util.Map;
import ockam.routing.RoutingException;
import ockam.routing.spi.Observer;
import ockam.wire.Address;
import ockam.wire.Route;
import org.jspecify.annotations.Nullable;

/** What begins and ends on a node, apart from connections: questions and streams. Each that has begun is told to have ended, once. */
sealed interface NodeEvent extends Observer.Event {
    /** What a caller does that no longer waits for an answer. */
    String GIVEN_UP = "GIVEN_UP";

    /** A problem in one word: the reason, or the class of an exception that has none. */
    static String nameOf(Throwable problem) {
        return problem instanceof RoutingException refused
                ? refused.reason().name()
                : problem.getClass().getName();
    }

    /** The attributes of an end. */
    private static Map<String, String> reason(@Nullable String problem) {
        return problem == null ? Map.of() : Map.of("reason", problem);
    }

    /**
     * A question is about to be sent, on the thread of the one who asks.
     *
     * @param node the node
     * @param address where the answer is to arrive
     * @param route where the question goes
     */
    record AskStarted(String node, Address address, Route route) implements NodeEvent {
        @Override
        public String name() {
            return "ask-started";
        }

        @Override
        public List<Address> addresses() {
            return List.of(address);
        }
    }

    /** The answer has come, or there will be none; {@code problem} is null, or says why. The one who asked is told next. */
    record AskEnded(String node, Address address, @Nullable String problem) implements NodeEvent {
        @Override
        public String name() {
            return "ask-ended";
        }

        @Override
        public List<Address> addresses() {
            return List.of(address);
        }

        @Override
        public Map<String, String> attributes() {
            return reason(problem);
        }
    }

    /** A stream has its address, on the thread that runs it. */
    record StreamStarted(String node, Address address) implements NodeEvent {
        @Override
        public String name() {
            return "stream-started";
        }

        @Override
        public List<Address> addresses() {
            return List.of(address);
        }
    }

    /**
     * A stream has ended. Those who wait for its end are told next.
     *
     * @param node the node
     * @param address where it lived
     * @param sent messages that it sent
     * @param lost how many of them are known to be lost
     * @param problem null, or why it failed
     */
    record StreamEnded(
            String node,
            Address address,
            long sent,
            long lost,
            @Nullable String problem) implements NodeEvent {
        @Override
        public String name() {
            return "stream-ended";
        }

        @Override
        public List<Address> addresses() {
            return List.of(address);
        }

        @Override
        public Map<String, String> attributes() {
            String took = Long.toString(sent);
            String missed = Long.toString(lost);
            return problem == null
                    ? Map.of("sent", took, "lost", missed)
                    : Map.of("sent", took, "lost", missed, "reason", problem);
        }
    }
}
