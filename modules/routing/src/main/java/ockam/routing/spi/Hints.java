// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import ockam.wire.Address;

/**
 * Tells people why nothing lives at an address: what was there before, or what was probably meant. For log lines and exceptions, which are
 * few: it looks through the addresses in use. Bounded, and thread safe.
 */
final class Hints {
    private static final int MAX_FORMER = 256;
    private static final int MAX_COMPARED = 10_000;
    private static final int LONGEST_NAME = 64;
    private static final int MOST_TYPING_ERRORS = 2;
    /** How people write a route when they guess. */
    private static final Pattern SEPARATORS = Pattern.compile("\\s*(?:=>|->|,|/|;|\\s)\\s*");

    /** Has the form of {@link Address#random}. */
    private static final Pattern RANDOM = Pattern.compile("[0-9a-f]{32}");

    private final Map<Address, String> former = new LinkedHashMap<>(); // guarded by this

    /** Remembers for a while what lived at an address. */
    synchronized void was(Address address, String what) {
        former.put(address, what);
        if (former.size() > MAX_FORMER) {
            former.remove(former.keySet().iterator().next());
        }
    }

    /** Returns a clause that begins with a semicolon, or nothing. */
    String nobodyAt(Address missing, Collection<Address> inUse) {
        String what;
        synchronized (this) {
            what = former.get(missing);
        }
        if (what != null) {
            return "; it was " + what;
        }
        if (isRandom(missing)) {
            return "; asks, streams and channels have such addresses until they end";
        }
        String name = missing.value().utf8String();
        if (name.length() > LONGEST_NAME) {
            return "";
        }
        String route = String.join(
                " => ",
                SEPARATORS.splitAsStream(name).filter(part -> !part.isEmpty()).toList());
        if (route.contains("=>")) {
            return "; that is the name of one address: the route is Route.parse(\""
                    + NodeLog.text(route, 2 * LONGEST_NAME) + "\")";
        }
        return alike(missing, name, inUse)
                .map(meant -> "; did you mean " + NodeLog.text(meant) + "?")
                .orElse("");
    }

    /** Whether an address looks like those that are chosen for whoever waits for a reply, and not like a name that somebody has written. */
    static boolean isRandom(Address address) {
        return RANDOM.matcher(address.value().utf8String()).matches();
    }

    private static Optional<Address> alike(Address missing, String name, Collection<Address> inUse) {
        String wanted = name.toLowerCase(Locale.ROOT);
        // A short name is one or two letters away from any other short one.
        int most = Math.min(MOST_TYPING_ERRORS, (wanted.length() + 1) / 3);
        record Candidate(Address address, int errors) {}
        return inUse.stream()
                .limit(MAX_COMPARED)
                .filter(address -> !address.equals(missing)
                        && Math.abs(address.value().size() - missing.value().size()) <= most)
                .map(address -> new Candidate(
                        address,
                        TypingErrors.between(
                                wanted, address.value().utf8String().toLowerCase(Locale.ROOT))))
                .filter(candidate -> candidate.errors() <= most)
                .min(Comparator.comparingInt(Candidate::errors))
                .map(Candidate::address);
    }
}
