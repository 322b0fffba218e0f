// SPDX-License-Identifier: Apache-2.0

package ockam.examples;

import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Runs the command that the arguments name, unless an option is there without a value: it would be as if it were not there. */
final class Arguments {
    private Arguments() {}

    static int execute(ParseResult parsed) {
        for (ParseResult each = parsed; each != null; each = each.subcommand()) {
            for (OptionSpec option : each.matchedOptions()) {
                if (!option.interactive() && option.stringValues().stream().anyMatch(String::isBlank)) {
                    throw new ParameterException(
                            each.commandSpec().commandLine(),
                            option.longestName() + " is empty: is a variable of the shell not set?");
                }
            }
        }
        return new CommandLine.RunLast().execute(parsed);
    }
}
