// SPDX-License-Identifier: Apache-2.0

package ockam.testkit;

import java.util.List;
import java.util.Map;
import ockam.vault.KeyCounts;
import ockam.wire.Identifier;

/**
 * What the nodes and parties of an {@link OckamTestKit} hold at one time, to be compared with what they hold later.
 *
 * @param actors the names of the nodes' actors, without their children
 * @param addresses how many addresses of the nodes are in use
 * @param channels how many ends of secure channels are there
 * @param connections how many ends of connections are there, each of which holds a socket if the transport has some
 * @param messagesUnderWay for how many messages a permit is out
 * @param keys how many keys each party has
 */
public record Footprint(
        List<String> actors,
        int addresses,
        int channels,
        int connections,
        int messagesUnderWay,
        Map<Identifier, KeyCounts> keys) {

    /** Copies what can be changed. */
    public Footprint {
        actors = List.copyOf(actors);
        keys = Map.copyOf(keys);
    }

    /** Returns the number of actors of a kind, such as {@code worker} or {@code channel}. */
    public long actors(String kind) {
        return actors.stream().filter(name -> name.contains("-" + kind + "-")).count();
    }

    /** Returns how many keys a party has; throws {@link IllegalArgumentException} if it is none of the kit's. */
    public KeyCounts keys(Party party) {
        KeyCounts counts = keys.get(party.identifier());
        if (counts == null) {
            throw new IllegalArgumentException(party + " does not belong to this kit");
        }
        return counts;
    }

    /** Whether nothing is held any more, except the keys that a party keeps: those of its identity, and one for its channels. */
    boolean isEmpty() {
        return actors.isEmpty()
                && addresses == 0
                && channels == 0
                && connections == 0
                && messagesUnderWay == 0
                && keys.values().stream().allMatch(Footprint::isAtRest);
    }

    private static boolean isAtRest(KeyCounts keys) {
        return keys.aeadKeys() == 0 && keys.secrets() == 0 && keys.agreementKeys() <= 1;
    }

    /** One thing in each line. */
    String lines() {
        return "  actors " + actors + "\n  addresses " + addresses + "\n  channels " + channels + "\n  connections "
                + connections + "\n  messages under way " + messagesUnderWay + "\n  keys " + keys;
    }
}
