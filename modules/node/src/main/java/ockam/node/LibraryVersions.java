// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import akka.util.Version;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether what is on the class path fits together: modules of the library among each other, and Akka with the library. Akka itself only
 * compares its own modules.
 *
 * <p>The versions of modules are in the manifests of their jars. Where there is none, as in a directory of classes or in one jar of the whole
 * application, nothing is found and nothing is said.
 */
final class LibraryVersions {
    /** The version that the library is built and tested with. */
    static final String AKKA = "2.8.5";

    private static final String OLDEST_AKKA = "2.8.0";
    private static final String VENDOR = "dev.ockam-akka";
    private static final Logger LOG = LoggerFactory.getLogger(LibraryVersions.class);

    private final SortedMap<String, SortedSet<String>> modules;
    private final Version akka;

    private LibraryVersions(SortedMap<String, SortedSet<String>> modules, String akka) {
        this.modules = modules;
        this.akka = new Version(akka);
    }

    /** Finds the modules that this class loader sees. */
    static LibraryVersions of(ClassLoader classes, String akka) {
        SortedMap<String, SortedSet<String>> modules = new TreeMap<>();
        for (URL url : manifests(classes)) {
            try {
                Attributes manifest = read(url).getMainAttributes();
                String module = manifest.getValue(Attributes.Name.IMPLEMENTATION_TITLE);
                String version = manifest.getValue(Attributes.Name.IMPLEMENTATION_VERSION);
                if (VENDOR.equals(manifest.getValue("Implementation-Vendor-Id")) && module != null && version != null) {
                    modules.computeIfAbsent(version, any -> new TreeSet<>()).add(module);
                }
            } catch (IOException e) {
                LOG.debug("{} cannot be read", url, e);
            }
        }
        return new LibraryVersions(modules, akka);
    }

    private static List<URL> manifests(ClassLoader classes) {
        List<URL> manifests = new ArrayList<>();
        try {
            classes.getResources("META-INF/MANIFEST.MF").asIterator().forEachRemaining(manifests::add);
        } catch (IOException e) {
            LOG.debug("Manifests cannot be listed", e);
        }
        return manifests;
    }

    private static Manifest read(URL url) throws IOException {
        try (InputStream in =
                url.openStream()) { // as Akka did when the actor system started, so the jar is open already
            return new Manifest(in);
        }
    }

    /**
     * Logs what does not fit.
     *
     * @param fail whether to throw instead, if it can break what is running
     * @throws IllegalStateException if modules of different versions are mixed, or Akka is too old
     */
    void check(boolean fail) {
        breakage().ifPresent(text -> {
            if (fail) {
                throw new IllegalStateException(text);
            }
            LOG.warn(text);
        });
        if (!isTooOld() && !akka.equals(new Version(AKKA))) {
            LOG.warn(
                    "This is Akka {}; the library is built and tested with {}. Later versions may be under another licence, and some of them"
                            + " end without a licence key. Let no dependency change the version of Akka",
                    akka,
                    AKKA);
        }
    }

    private Optional<String> breakage() {
        if (modules.size() > 1) {
            return Optional.of("Modules of Ockam for Akka in different versions are mixed: " + list(modules)
                    + ". Give all of them the same version, for example by importing ockam-bom");
        }
        return isTooOld()
                ? Optional.of(
                        "Akka " + akka + " is too old: the library is built and tested with " + AKKA
                                + ". See which dependency brings the old version, and manage the version of Akka by akka-bom_2.13")
                : Optional.empty();
    }

    private boolean isTooOld() {
        return akka.compareTo(new Version(OLDEST_AKKA)) < 0;
    }

    private static String list(Map<String, SortedSet<String>> modules) {
        return modules.entrySet().stream()
                .map(version -> String.join(", ", version.getValue()) + " in " + version.getKey())
                .collect(Collectors.joining("; "));
    }
}
