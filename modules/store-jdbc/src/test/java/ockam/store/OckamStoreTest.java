// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import static ockam.store.StoreTests.failureOf;
import static ockam.store.StoreTests.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import ockam.identity.Identity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OckamStoreTest {
    @TempDir
    Path directory;

    private Config config() {
        return ConfigFactory.parseString("ockam.store { url = \"jdbc:sqlite:" + directory.resolve("node.db")
                        + "\", key.file = \"" + directory.resolve("key") + "\" }")
                .withFallback(ConfigFactory.load());
    }

    @Test
    void identityIsTheSameInTheNextRun() throws IOException {
        Files.writeString(directory.resolve("key"), "ab".repeat(32));
        Files.setPosixFilePermissions(directory.resolve("key"), PosixFilePermissions.fromString("rw-------"));
        ActorTestKit first = ActorTestKit.create("first", config());
        Identity made = get(OckamStore.get(first.system()).identity("node"));
        JdbcStore store = get(OckamStore.get(first.system()).store());
        first.shutdownTestKit();
        get(store.close());

        ActorTestKit second = ActorTestKit.create("second", config());
        Identity loaded = get(OckamStore.get(second.system()).identity("node"));
        second.shutdownTestKit();

        assertThat(loaded.identifier()).isEqualTo(made.identifier());
    }

    @Test
    void saysEachTimeWhyItCannotBeOpened() {
        ActorTestKit kit = ActorTestKit.create("lost", config());

        for (int i = 0; i < 2; i++) {
            assertThat(failureOf(OckamStore.get(kit.system()).identity("node")))
                    .isInstanceOfSatisfying(
                            StoreException.class,
                            e -> assertThat(e.reason()).isEqualTo(StoreException.Reason.KEY_MISSING));
        }
        kit.shutdownTestKit();
    }

    @Test
    void settingsThatAreMissingAreNamed() {
        ActorTestKit kit = ActorTestKit.create("unset");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> OckamStore.get(kit.system()))
                .withMessageContaining("ockam.store.key");
        kit.shutdownTestKit();
    }
}
