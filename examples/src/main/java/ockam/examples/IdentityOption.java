// SPDX-License-Identifier: Apache-2.0

package ockam.examples;

import java.nio.file.Path;
import java.time.Clock;
import ockam.identity.Identities;
import ockam.identity.Identity;
import ockam.identity.IdentityFile;
import ockam.identity.InMemoryIdentityRepository;
import ockam.vault.SoftwareVault;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Which identity a command has: a new one, or that of a file. */
final class IdentityOption {
    @ArgGroup(exclusive = false)
    private Place place = new Place();

    static final class Place {
        @Option(
                names = "--identity",
                required = true,
                description = "A file with the identity to be; it is created if there is none.")
        private Path file = Path.of("");

        @Option(
                names = "--password",
                interactive = true,
                arity = "0..1",
                description = "Asks for the password of that file.")
        private char[] password = {};
    }

    boolean isGiven() {
        return !place.file.toString().isEmpty();
    }

    /** For commands whose identity is of use only later. */
    void requireGiven(CommandSpec command) {
        if (!isGiven()) {
            throw new ParameterException(command.commandLine(), "Missing required option: '--identity=<file>'");
        }
    }

    Identity identity(SoftwareVault vault) {
        return !isGiven()
                ? OckamNode.await(Identities.create(vault, InMemoryIdentityRepository.create(), Clock.systemUTC())
                        .create())
                : OckamNode.await(IdentityFile.of(place.file, place.password)
                        .loadOrCreate(vault, Runnable::run, Clock.systemUTC()));
    }
}
