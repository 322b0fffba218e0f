// SPDX-License-Identifier: Apache-2.0

package ockam.tests.vault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * The tokens of this run, in files below the build directory. Needs SoftHSM ({@code apt-get install softhsm2}); without it, tests that
 * ask for a token are skipped. All tokens are made at once, since the library looks for them only when it is loaded.
 *
 * @param library the PKCS#11 library
 * @param slots the slots of the tokens, by their names
 */
record SoftHsm(Path library, Map<String, String> slots) {
    static final String PIN = "1234";

    private static final List<String> TOKENS = List.of("keys", "identities", "guarded", "readable");
    private static final Pattern SLOT = Pattern.compile("reassigned to slot (\\d+)");
    private static final List<String> LIBRARIES = List.of(
            "/usr/lib/softhsm/libsofthsm2.so",
            "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
            "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
            "/usr/lib64/softhsm/libsofthsm.so",
            "/usr/lib64/pkcs11/libsofthsm2.so",
            "/usr/local/lib/softhsm/libsofthsm2.so",
            "/opt/homebrew/lib/softhsm/libsofthsm2.so");

    private static final class Holder {
        static final Optional<SoftHsm> INSTALLED = find();
    }

    /** Returns the tokens, or skips the test with a message. */
    static SoftHsm get() {
        Assumptions.assumeTrue(
                Holder.INSTALLED.isPresent(),
                "skipped: SoftHSM is not installed, or the tests do not run in Maven (SOFTHSM2_CONF is not set)");
        return Holder.INSTALLED.orElseThrow();
    }

    /** The configuration of a provider for this token. */
    String configuration(String token) {
        return "name = " + token + "\nlibrary = " + library + "\nslot = " + slot(token);
    }

    String slot(String token) {
        return Optional.ofNullable(slots.get(token)).orElseThrow();
    }

    private static Optional<SoftHsm> find() {
        Optional<Path> library =
                LIBRARIES.stream().map(Path::of).filter(Files::exists).findFirst();
        String configuration = System.getenv("SOFTHSM2_CONF");
        return library.isPresent() && configuration != null && hasUtility()
                ? Optional.of(create(library.get(), Path.of(configuration)))
                : Optional.empty();
    }

    private static boolean hasUtility() {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, "softhsm2-util")));
    }

    private static SoftHsm create(Path library, Path configuration) {
        try {
            Path tokens =
                    Files.createTempDirectory(configuration.toAbsolutePath().getParent(), "tokens");
            Files.writeString(
                    configuration,
                    "directories.tokendir = " + tokens + "\nobjectstore.backend = file\nlog.level = ERROR\n");
            return new SoftHsm(
                    library, TOKENS.stream().collect(Collectors.toMap(token -> token, SoftHsm::initialized)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String initialized(String token) {
        String output =
                run("softhsm2-util", "--init-token", "--free", "--label", token, "--pin", PIN, "--so-pin", "4321");
        Matcher slot = SLOT.matcher(output);
        assertThat(slot.find()).as(output).isTrue();
        return slot.group(1);
    }

    private static String run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor())
                    .as("%s: %s", Stream.of(command).toList(), output)
                    .isZero();
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
