// SPDX-License-Identifier: Apache-2.0

package ockam.examples;

import akka.util.ByteString;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.Callable;
import ockam.authority.AuthorityClient;
import ockam.authority.Ticket;
import ockam.channel.SecureChannel;
import ockam.identity.ChangeHistory;
import ockam.identity.Identity;
import ockam.identity.TokenCode;
import ockam.wire.Attributes;
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
    private String history = "";

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
        try (Running running = Running.start("ticket")) {
            Identity identity = running.identity(identityOption);
            SecureChannel channel = authority.channel(running, identity);
            TokenCode code = OckamNode.await(AuthorityClient.create(channel, identity)
                    .issueToken(Attributes.ofTexts(attributes), Duration.ofMinutes(minutes), uses));
            ChangeHistory project = ChangeHistory.decode(
                            ByteString.fromArray(HexFormat.of().parseHex(history)))
                    .orElseThrow();
            ChangeHistory ofAuthority = OckamNode.await(
                            identity.identities().history(channel.peer().identifier()))
                    .orElseThrow();
            Ticket ticket = new Ticket(
                    AuthorityOption.multiAddr(serve),
                    project.identifier(),
                    name,
                    code,
                    project,
                    ofAuthority,
                    authority.multiAddr());
            System.out.println("TICKET " + ticket.hex());
            return 0;
        }
    }
}
