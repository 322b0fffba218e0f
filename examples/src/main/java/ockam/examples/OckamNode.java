// SPDX-License-Identifier: Apache-2.0

package ockam.examples;

import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ScopeType;

/** A node for the command line: it serves an echo worker through secure channels, relays, sends, or is an authority. */
@Command(
        name = "OckamNode",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        synopsisSubcommandLabel =
                "(serve | relay | relay-service | send | authority | ticket | enroll | members | identity)",
        description = "A node that serves an echo worker through secure channels, relays, sends, or is an authority.",
        subcommands = {
            OckamNodeServe.class,
            OckamNodeRelay.class,
            OckamNodeRelayService.class,
            OckamNodeSend.class,
            OckamNodeAuthority.class,
            OckamNodeTicket.class,
            OckamNodeEnroll.class,
            OckamNodeMembers.class,
            OckamNodeIdentity.class
        })
public final class OckamNode {
    private OckamNode() {}

    /** Runs the command that the arguments name, and ends with exit code 0, 1 after a failure, or 2 after a wrong argument. */
    public static void main(String[] args) {
        System.exit(Converters.registeredAt(new CommandLine(new OckamNode()))
                .setExecutionStrategy(Arguments::execute)
                .setExecutionExceptionHandler((failure, line, parsed) -> {
                    line.getErr().println("FAILED " + Explanation.of(failure));
                    return 1;
                })
                .execute(args));
    }

    static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }
}
