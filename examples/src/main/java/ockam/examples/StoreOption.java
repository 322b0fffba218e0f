// SPDX-License-Identifier: Apache-2.0

package ockam.examples;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.Map;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Where an authority keeps who it is, its members and its tokens: in memory, or in a file. */
final class StoreOption {
    @ArgGroup(exclusive = false)
    private Place place = new Place();

    static final class Place {
        @Option(
                names = "--store",
                required = true,
                description = "A file of SQLite with its identity, members and tokens; it is created if there is none.")
        private String file = "";

        @ArgGroup(multiplicity = "1")
        private Key key = new Key();
    }

    /** Where the key is that seals the private keys in the store, in one of two places. */
    static final class Key {
        private static final String OFF = "off";

        @Option(
                names = "--key-file",
                description = "The key of the store; make one by (umask 077; openssl rand -hex 32 > FILE).")
        private String file = OFF;

        @Option(names = "--key-environment", description = "The environment variable with the key of the store.")
        private String environment = OFF;
    }

    boolean isGiven() {
        return !place.file.isEmpty();
    }

    /** The settings of {@code OckamStore}, if there is a store. */
    Config settings() {
        return isGiven()
                ? ConfigFactory.parseMap(Map.of(
                        "ockam.store.url", "jdbc:sqlite:" + place.file,
                        "ockam.store.key.file", place.key.file,
                        "ockam.store.key.environment", place.key.environment))
                : ConfigFactory.empty();
    }
}
