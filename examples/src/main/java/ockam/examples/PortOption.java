// SPDX-License-Identifier: Apache-2.0

package ockam.examples;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where a command listens, on this machine only. */
final class PortOption {
    private static final int HIGHEST = 65_535;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    private int port;

    @Option(names = "--port", required = true, description = "Where to listen; 0 for any free port.")
    void port(int chosen) {
        if (chosen < 0 || chosen > HIGHEST) {
            throw new ParameterException(command.commandLine(), "--port must be 0 to " + HIGHEST);
        }
        port = chosen;
    }

    String hostAndPort() {
        return "127.0.0.1:" + port;
    }
}
