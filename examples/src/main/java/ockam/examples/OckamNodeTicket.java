// SPDX-License-Identifier: Apache-2.0

package ockam.examples;

import akka.util.ByteString;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import ockam.authority.AuthorityClient;
import ockam.authority.Ticket;
import ockam.channel.SecureChannel;
import ockam.identity.ChangeHistory;
import ockam.identity.Identity;
import ockam.identity.TokenCode;
import ockam.wire.Attributes;
import ockam.wire.Route;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Makes a ticket, for an enroller. */
@Command(name = "ticket", description = "Have an authority make a token, and print a ticket with its code.")
final class OckamNodeTicket implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private IdentityOption identityOption = new IdentityOption();

    @Mixin
    private AuthorityOption authority = new AuthorityOption();

    @Option(names = "--serve", required = true, description = "Where the project's node listens.")
    private String serve = "";

    @Option(names = "--history", required = true, description = "The history of the project's node, as it prints it.")
    private @Nullable ChangeHistory history;

    @Option(names = "--name", defaultValue = "project", description = "What the project is called.")
    private String name = "";

    @Option(names = "--attribute", description = "What new members have, such as role=member.")
    private Map<String, String> attributes = Map.of();

    @Option(names = "--uses", defaultValue = "1", description = "How many members the ticket makes.")
    private int uses;

    @Option(names = "--minutes", defaultValue = "10", description = "How long it is good.")
    private int minutes;

    @Override
    public Integer call() {
        if (uses < 1 || minutes < 1) {
            throw new ParameterException(spec.commandLine(), "--uses and --minutes must be at least 1");
        }
        ChangeHistory project = Objects.requireNonNull(history);
        requireWritable(project);
        try (Running running = Running.start("ticket")) {
            Route route = authority.connect(running);
            Identity identity = running.identity(identityOption);
            SecureChannel channel = authority.channel(running, route, identity);
            TokenCode code = OckamNode.await(AuthorityClient.create(channel, identity)
                    .issueToken(Attributes.ofTexts(attributes), Duration.ofMinutes(minutes), uses));
            ChangeHistory ofAuthority = OckamNode.await(
                            identity.identities().history(channel.peer().identifier()))
                    .orElseThrow();
            System.out.println("TICKET " + ticket(code, project, ofAuthority).hex());
            return 0;
        }
    }

    /** Before there is a token, of which otherwise nobody would get the code: with another code, and the one history that is known. */
    private void requireWritable(ChangeHistory project) {
        try {
            String unused = ticket(TokenCode.of(ByteString.fromArray(new byte[TokenCode.LENGTH])), project, project)
                    .hex();
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new ParameterException(spec.commandLine(), "the ticket cannot be written: " + e.getMessage(), e);
        }
    }

    private Ticket ticket(TokenCode code, ChangeHistory project, ChangeHistory ofAuthority) {
        return new Ticket(
                AuthorityOption.multiAddr(serve),
                project.identifier(),
                name,
                code,
                project,
                ofAuthority,
                authority.multiAddr());
    }
}
