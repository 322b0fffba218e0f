// SPDX-License-Identifier: Apache-2.0

package ockam.tests.guards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import ockam.examples.IdentityFile;
import ockam.identity.Identity;
import ockam.vault.SoftwareVault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Identities that last: the file of the node for the command line. */
class IdentityFileTest {
    private static final char[] NO_PASSWORD = {};
    private static final char[] PASSWORD = "correct horse".toCharArray();

    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve("identity");
    }

    private Identity loaded(char[] password) {
        return new IdentityFile(file(), password).loadOrCreate(SoftwareVault.create(Runnable::run));
    }

    @Test
    void staysTheSame() throws IOException {
        Identity created = loaded(NO_PASSWORD);

        Identity again = loaded(NO_PASSWORD);

        assertThat(again.identifier()).isEqualTo(created.identifier());
        assertThat(again.export()).isEqualTo(created.export());
        assertThat(again.identities()
                        .secureChannelKey(again)
                        .toCompletableFuture()
                        .join())
                .as("its key can sign")
                .isNotNull();
        assertThat(Files.readAllLines(file())).hasSize(3).first().isEqualTo("ockam-akka identity 1");
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactly(file());
        }
    }

    @Test
    void keyIsSealedWithThePassword() throws IOException {
        Identity created = loaded(PASSWORD);
        assertThat(Files.readAllLines(file()).get(2)).startsWith("sealed ").hasSize(7 + 2 * (16 + 12 + 32 + 16));

        assertThat(loaded(PASSWORD).identifier()).isEqualTo(created.identifier());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> loaded("wrong".toCharArray()))
                .withMessageContaining("the password is wrong");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> loaded(NO_PASSWORD))
                .withMessageContaining("needs a password");
    }

    @Test
    void refusesWhatIsNoIdentity() throws IOException {
        loaded(NO_PASSWORD);
        List<String> lines = Files.readAllLines(file());
        for (List<String> wrong : List.of(
                List.of("", lines.get(1), lines.get(2)),
                List.of(lines.get(0), lines.get(1)),
                List.of(lines.get(0), lines.get(1) + "0", lines.get(2)),
                List.of(lines.get(0), lines.get(1), lines.get(2) + "zz"),
                List.of(lines.get(0), lines.get(1), "ed25519 " + "01".repeat(32)))) {
            Files.write(file(), wrong);
            assertThatIllegalArgumentException().as("%s", wrong).isThrownBy(() -> loaded(NO_PASSWORD));
        }
    }
}
