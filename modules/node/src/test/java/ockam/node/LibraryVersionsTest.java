// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.BootstrapSetup;
import akka.actor.setup.ActorSystemSetup;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import ockam.fixtures.LogLines;
import ockam.fixtures.SystemKit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LibraryVersionsTest {
    private static final String OURS = "dev.ockam-akka";
    private static final String MIXED = "Modules of Ockam for Akka in different versions are mixed: "
            + "ockam-wire in 98.1.0; ockam-channel, ockam-node in 98.2.0. "
            + "Give all of them the same version, for example by importing ockam-bom";

    @TempDir
    private Path directory;

    private final List<URL> classPath = new ArrayList<>();
    private final List<URLClassLoader> opened = new ArrayList<>();

    @AfterEach
    void closeJars() throws IOException {
        for (URLClassLoader classes : opened) {
            classes.close();
        }
    }

    private void jar(String vendor, String module, String version) throws IOException {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(Attributes.Name.IMPLEMENTATION_TITLE, module);
        attributes.put(Attributes.Name.IMPLEMENTATION_VERSION, version);
        attributes.putValue("Implementation-Vendor-Id", vendor);
        Path file = directory.resolve(classPath.size() + ".jar");
        new JarOutputStream(Files.newOutputStream(file), manifest).close();
        classPath.add(file.toUri().toURL());
    }

    private void mixed() throws IOException {
        jar(OURS, "ockam-node", "98.2.0");
        jar(OURS, "ockam-wire", "98.1.0");
        jar(OURS, "ockam-channel", "98.2.0");
        jar("com.example", "other", "5");
    }

    private ClassLoader classes(@Nullable ClassLoader parent) {
        URLClassLoader classes = new URLClassLoader(classPath.toArray(URL[]::new), parent);
        opened.add(classes);
        return classes;
    }

    private void check(String akka, boolean fail) {
        LibraryVersions.of(classes(null), akka).check(fail);
    }

    private void check() {
        check(LibraryVersions.AKKA, true);
    }

    @Test
    void namesTheModulesThatAreMixed() throws IOException {
        mixed();

        assertThatThrownBy(this::check)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(MIXED);
    }

    @Test
    void namesAModuleThatIsThereTwice() throws IOException {
        jar(OURS, "ockam-node", "1");
        jar(OURS, "ockam-node", "2");

        assertThatThrownBy(this::check).hasMessageContaining("mixed: ockam-node in 1; ockam-node in 2.");
    }

    @Test
    void onlyWarnsIfToldTo() throws IOException {
        mixed();
        try (LogLines lines = LogLines.of(LibraryVersions.class)) {
            check(LibraryVersions.AKKA, false);

            assertThat(lines.textsWithLevels()).containsExactly("WARN " + MIXED);
        }
    }

    @Test
    void saysNothingOfOneVersionAndOfModulesOfOthers() throws IOException {
        jar(OURS, "ockam-node", "1");
        jar(OURS, "ockam-wire", "1");
        jar("com.example", "ockam-wire", "2");
        try (LogLines lines = LogLines.of(LibraryVersions.class)) {
            check();

            assertThat(lines.texts()).isEmpty();
        }
    }

    @Test
    void saysNothingOfDirectoriesAndOfOneJarWithEverything() throws IOException {
        classPath.add(directory.toUri().toURL());
        check();
        jar("com.example", "application", "1");
        check();
    }

    @Test
    void passesOverWhatIsNoManifest() throws IOException {
        Files.createDirectory(directory.resolve("META-INF"));
        Files.writeString(directory.resolve("META-INF/MANIFEST.MF"), "no manifest");
        classPath.add(directory.toUri().toURL());
        mixed();

        assertThatThrownBy(this::check).hasMessage(MIXED);
    }

    @Test
    void isTestedWithTheVersionThatItSays() {
        assertThat(akka.actor.ActorSystem.Version()).isEqualTo(LibraryVersions.AKKA);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.6.21", "2.7.1"})
    void refusesAnAkkaThatIsTooOld(String akka) {
        String text = "Akka " + akka + " is too old: the library is built and tested with 2.8.5. "
                + "See which dependency brings the old version, and manage the version of Akka by akka-bom_2.13";

        assertThatThrownBy(() -> check(akka, true))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(text);
        try (LogLines lines = LogLines.of(LibraryVersions.class)) {
            check(akka, false);

            assertThat(lines.textsWithLevels()).containsExactly("WARN " + text);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.8.0", "2.8.4", "2.8.6", "2.9.0", "2.10.0"})
    void warnsOfAnAkkaThatItIsNotTestedWith(String akka) {
        try (LogLines lines = LogLines.of(LibraryVersions.class)) {
            check(akka, true);

            assertThat(lines.textsWithLevels())
                    .singleElement()
                    .satisfies(line -> assertThat(line)
                            .startsWith("WARN This is Akka " + akka + "; the library is built and tested with 2.8.5."));
        }
    }

    // ---- in an actor system ----

    private ActorSystem<Void> system(String settings) {
        BootstrapSetup setup = BootstrapSetup.create(
                        ConfigFactory.parseString(settings).withFallback(SystemKit.usual()))
                .withClassloader(classes(getClass().getClassLoader()));
        return ActorSystem.create(Behaviors.empty(), "mixed", ActorSystemSetup.create(setup));
    }

    private static void terminate(ActorSystem<Void> system) {
        system.terminate();
        await(system.getWhenTerminated());
    }

    @Test
    void keepsAnActorSystemFromHavingNodes() throws IOException {
        mixed();
        ActorSystem<Void> system = system("");
        try {
            assertThatThrownBy(() -> Ockam.get(system))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("are mixed: ");
        } finally {
            terminate(system);
        }
    }

    @Test
    void canBeSwitchedOff() throws IOException {
        mixed();
        ActorSystem<Void> system = system("ockam.fail-mixed-versions = off");
        try (LogLines lines = LogLines.of(LibraryVersions.class)) {
            assertThatCode(() -> Ockam.get(system)).doesNotThrowAnyException();

            assertThat(lines.texts())
                    .singleElement()
                    .satisfies(text -> assertThat(text).contains("are mixed: "));
        } finally {
            terminate(system);
        }
    }

    @Test
    void refusesASettingThatCannotBeRead() {
        ActorSystem<Void> system = system("ockam.fail-mixed-versions = perhaps");
        try {
            assertThatThrownBy(() -> Ockam.get(system))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("ockam.fail-mixed-versions cannot be read: ");
        } finally {
            terminate(system);
        }
    }
}
