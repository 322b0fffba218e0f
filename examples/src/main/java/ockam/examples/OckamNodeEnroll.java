// SPDX-License-Identifier: Apache-2.0

package ockam.examples;

import java.util.concurrent.Callable;
import ockam.authority.AuthorityClient;
import ockam.authority.Ticket;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelOptions;
import ockam.identity.CredentialAndPurposeKey;
import ockam.identity.Identity;
import ockam.identity.TrustPolicy;
import ockam.wire.Route;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Becomes a member by a ticket: with an identity in a file, since one that is gone with the process is no use as a member. */
@Command(name = "enroll", description = "Become a member of a project by a ticket.")
final class OckamNodeEnroll implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private IdentityOption identityOption = new IdentityOption();

    @Option(names = "--ticket", required = true, description = "The ticket, in any of its forms.")
    private String ticket = "";

    @Override
    public Integer call() {
        identityOption.requireGiven(spec);
        try (Running running = Running.start("enroll")) {
            Identity identity = running.identity(identityOption);
            enroll(running, identity, ticket);
            System.out.println("ENROLLED " + identity.identifier());
            return 0;
        }
    }

    /** Connects to the authority of a ticket, and returns what it says about this identity. */
    static CredentialAndPurposeKey enroll(Running running, Identity identity, String text) {
        Ticket ticket = Ticket.decode(text).orElseThrow();
        Route route = OckamNode.await(running.tcp().resolve(ticket.routeToAuthority()));
        SecureChannel channel = OckamNode.await(SecureChannel.create(
                running.node(),
                route,
                identity,
                SecureChannelOptions.trusting(TrustPolicy.identifier(ticket.authority()))));
        CredentialAndPurposeKey credential =
                OckamNode.await(AuthorityClient.create(channel, identity).enroll(ticket)).credential();
        OckamNode.await(channel.close());
        return credential;
    }
}
