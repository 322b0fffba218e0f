// SPDX-License-Identifier: Apache-2.0

package ockam.jackson;

import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.List;
import java.util.Map;

/** A sealed hierarchy with records, one of them without components, an enum, a bean and a hierarchy inside. */
sealed interface Command {
    record Measure(Reading reading, List<Reading> earlier) implements Command {}

    record Rename(String name, Map<String, Integer> counts) implements Command {}

    record Stop() implements Command {}

    /** A type inside may be any of the hierarchy too. */
    record Later(Command command, long seconds) implements Command {}

    /** One of its constants has a class of its own. */
    enum Mode implements Command {
        FAST,
        SLOW {
            @Override
            boolean isSlow() {
                return true;
            }
        };

        boolean isSlow() {
            return false;
        }
    }

    sealed interface Admin extends Command {
        @JsonTypeName("reset")
        record Reset(boolean all) implements Admin {}
    }

    record Reading(String sensor, double celsius) {
        public Reading {
            if (celsius < -273.15) {
                throw new IllegalArgumentException(sensor + " is colder than cold");
            }
        }
    }
}
