// SPDX-License-Identifier: Apache-2.0

package ockam.examples;

import java.util.HexFormat;
import java.util.concurrent.Callable;
import ockam.identity.Identity;
import ockam.vault.SoftwareVault;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints who the identity in a file is, which it creates if there is none. */
@Command(name = "identity", description = "Print the identifier and the history of the identity in a file.")
final class OckamNodeIdentity implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private IdentityOption identityOption = new IdentityOption();

    @Override
    public Integer call() {
        identityOption.requireGiven(spec);
        Identity identity = identityOption.identity(SoftwareVault.create(Runnable::run));
        System.out.println("IDENTIFIER " + identity.identifier());
        System.out.println(
                "HISTORY " + HexFormat.of().formatHex(identity.export().toArray()));
        return 0;
    }
}
