// SPDX-License-Identifier: Apache-2.0

package ockam.examples;

import java.nio.file.Path;
import java.time.Clock;
import ockam.identity.Identities;
import ockam.identity.Identity;
import ockam.identity.IdentityFile;
import ockam.identity.InMemoryIdentityRepository;
import ockam.vault.SoftwareVault;
import picocli.CommandLine.Option;

/** Which identity a command has: a new one, or that of a file. */
final class IdentityOption {
    @Option(names = "--identity", description = "A file with the identity to be; it is created if there is none.")
    private Path file = Path.of("");

    @Option(
            names = "--password",
            interactive = true,
            arity = "0..1",
            description = "Asks for the password of that file.")
    private char[] password = {};

    Identity identity(SoftwareVault vault) {
        return file.toString().isEmpty()
                ? OckamNode.await(Identities.create(vault, InMemoryIdentityRepository.create(), Clock.systemUTC())
                        .create())
                : OckamNode.await(
                        IdentityFile.of(file, password).loadOrCreate(vault, Runnable::run, Clock.systemUTC()));
    }
}
