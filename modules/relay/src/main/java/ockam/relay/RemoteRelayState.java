// SPDX-License-Identifier: Apache-2.0

package ockam.relay;

import java.time.Duration;
import ockam.wire.Address;
import ockam.wire.Route;

/** What a {@link RemoteRelay} is doing. */
public sealed interface RemoteRelayState {
    /** It is on its way to the relay's node, or waits for the confirmation. */
    enum Registering implements RemoteRelayState {
        /** The only instance. */
        INSTANCE;

        @Override
        public String toString() {
            return "Registering";
        }
    }

    /**
     * The relay leads here.
     *
     * @param address where it lives on its node
     * @param route the way to it from here
     */
    record Registered(Address address, Route route) implements RemoteRelayState {}

    /**
     * Nothing came of an attempt, and the next one follows.
     *
     * @param delay after which time
     * @param why what happened, for people
     */
    record Waiting(Duration delay, String why) implements RemoteRelayState {}

    /** It was stopped, or its node was. The relay's service is not told. */
    enum Stopped implements RemoteRelayState {
        /** The only instance. */
        INSTANCE;

        @Override
        public String toString() {
            return "Stopped";
        }
    }
}
