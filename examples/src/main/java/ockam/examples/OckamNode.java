// SPDX-License-Identifier: Apache-2.0

package ockam.examples;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import ockam.identity.Identity;
import ockam.node.Node;
import ockam.node.Ockam;
import ockam.tcp.TcpTransport;
import ockam.vault.SoftwareVault;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** A node for the command line: it serves an echo worker through secure channels, relays, sends, or is an authority. */
@Command(
        name = "OckamNode",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "(serve | relay | relay-service | send | authority | ticket | enroll | members)",
        description = "A node that serves an echo worker through secure channels, relays, sends, or is an authority.",
        subcommands = {
            OckamNodeServe.class,
            OckamNodeRelay.class,
            OckamNodeRelayService.class,
            OckamNodeSend.class,
            OckamNodeAuthority.class,
            OckamNodeTicket.class,
            OckamNodeEnroll.class,
            OckamNodeMembers.class
        })
public final class OckamNode {
    private OckamNode() {}

    /** Runs the command that the arguments name, and ends with exit code 0, 1 after a failure, or 2 after a wrong argument. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new OckamNode())
                .setExecutionExceptionHandler((failure, line, parsed) -> {
                    line.getErr().println("FAILED " + OckamNodeSend.explain(failure));
                    return 1;
                })
                .execute(args));
    }

    /** A node on an actor system of its own, with its transport. */
    record Running(ActorSystem<Void> system, Node node, TcpTransport tcp) implements AutoCloseable {
        static Running start(String name) {
            ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), name);
            Node node = Ockam.get(system).createNode(name);
            return new Running(system, node, TcpTransport.create(node));
        }

        Identity identity(IdentityOption option) {
            return option.identity(SoftwareVault.create(Ockam.get(system).cryptoExecutor()));
        }

        @Override
        public void close() {
            system.terminate();
            await(system.getWhenTerminated());
        }
    }

    static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }
}
