// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import ockam.routing.spi.TypingErrors;
import org.jspecify.annotations.Nullable;

/**
 * Finds settings below {@code ockam} that nothing reads because they are misspelled or in the wrong place: those that are in no
 * {@code reference.conf}.
 *
 * <p>In one of our blocks every such setting is reported. Elsewhere it is reported only if it looks like one of ours, since an application
 * may have its own blocks there. An application's dispatcher, which is a block with a {@code type} or an {@code executor}, is not looked at.
 * Our dispatchers also accept all settings of Akka's, and their executors may have more, so there too a setting is reported only if it
 * looks like a known one.
 */
final class UnknownSettings {
    private static final String ROOT = "ockam";
    private static final String AKKAS_DISPATCHER = "akka.actor.default-dispatcher";
    private static final List<String> MARKS_OF_A_DISPATCHER = List.of("type", "executor");
    private static final int MOST_TYPING_ERRORS = 2;

    private final Config given;
    private final Config reference;
    /** The settings that are not those of dispatchers. */
    private final Set<String> known = new TreeSet<>();

    private final Set<String> knownOfDispatchers = new TreeSet<>();

    /** Returns a warning for each of these settings, ordered by their keys. */
    static List<String> warnings(Config configuration, Config reference) {
        return new UnknownSettings(configuration, reference).warnings();
    }

    /**
     * Returns the settings of all modules that this class loader finds. Unlike {@link ConfigFactory#defaultReference(ClassLoader)}, it does
     * not contain the settings of the command line, which may be misspelled too.
     */
    static Config reference(ClassLoader modules) {
        return ConfigFactory.defaultReferenceUnresolved(modules)
                .resolve(ConfigResolveOptions.defaults().setAllowUnresolved(true));
    }

    private UnknownSettings(Config configuration, Config whole) {
        given = block(configuration, ROOT);
        reference = block(whole, ROOT);
        for (String key : keys(reference)) {
            (isDispatcher(reference, key) ? knownOfDispatchers : known).add(key);
        }
        for (String name : reference.root().keySet()) {
            if (isDispatcher(reference, name)) {
                keys(block(whole, AKKAS_DISPATCHER)).forEach(key -> knownOfDispatchers.add(name + "." + key));
            }
        }
    }

    private List<String> warnings() {
        Map<String, ConfigValue> unknown = new TreeMap<>();
        given.entrySet().forEach(entry -> unknown.put(entry.getKey(), entry.getValue()));
        unknown.keySet().removeAll(known);
        unknown.keySet().removeAll(knownOfDispatchers);
        List<String> warnings = new ArrayList<>();
        unknown.forEach((key, value) -> {
            String meant = meant(key);
            if (meant != null || isInBlockOfOurs(key)) {
                warnings.add("Unknown setting " + ROOT + "." + key + " ("
                        + value.origin().description() + ")"
                        + (meant == null ? "" : "; did you mean " + ROOT + "." + meant + "?"));
            }
        });
        return warnings;
    }

    private boolean isInBlockOfOurs(String key) {
        return reference.root().get(first(key)) instanceof ConfigObject && !isDispatcher(reference, key);
    }

    private @Nullable String meant(String key) {
        if (isDispatcher(reference, key)) {
            return misspelled(key, knownOfDispatchers);
        }
        if (isDispatcher(given, key)) {
            return null;
        }
        String misspelled = misspelled(key, known);
        String ofDispatcher = misspelled == null ? misspelled(key, knownOfDispatchers) : misspelled;
        return ofDispatcher == null ? misplaced(key) : ofDispatcher;
    }

    private static @Nullable String misspelled(String key, Set<String> candidates) {
        String squeezed = squeezed(key);
        return candidates.stream()
                .filter(candidate -> TypingErrors.between(squeezed, squeezed(candidate)) <= MOST_TYPING_ERRORS)
                .min(Comparator.comparingInt(candidate -> TypingErrors.between(squeezed, squeezed(candidate))))
                .orElse(null);
    }

    /** Returns the setting of the same name in another block. */
    private @Nullable String misplaced(String key) {
        String name = squeezed(last(key));
        return known.stream()
                .filter(candidate -> squeezed(last(candidate)).equals(name))
                .findFirst()
                .orElse(null);
    }

    /** Whether the first name of the key is that of a block that configures a dispatcher. */
    private static boolean isDispatcher(Config root, String key) {
        return root.root().get(first(key)) instanceof ConfigObject block
                && MARKS_OF_A_DISPATCHER.stream().anyMatch(block::containsKey);
    }

    private static Config block(Config configuration, String path) {
        return configuration.hasPath(path) && configuration.getValue(path) instanceof ConfigObject block
                ? block.toConfig()
                : ConfigFactory.empty();
    }

    private static Set<String> keys(Config block) {
        Set<String> keys = new TreeSet<>();
        block.entrySet().forEach(entry -> keys.add(entry.getKey()));
        return keys;
    }

    private static String first(String key) {
        return ConfigUtil.splitPath(key).get(0);
    }

    private static String last(String key) {
        List<String> names = ConfigUtil.splitPath(key);
        return names.get(names.size() - 1);
    }

    /** Makes the different ways to join words the same: max-route-length, maxRouteLength, max_route_length. */
    private static String squeezed(String key) {
        return key.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
    }
}
