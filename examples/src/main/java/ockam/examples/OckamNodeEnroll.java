// SPDX-License-Identifier: Apache-2.0

package ockam.examples;

import java.util.Objects;
import java.util.concurrent.Callable;
import ockam.authority.AuthorityClient;
import ockam.authority.Enrollment;
import ockam.authority.Ticket;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelOptions;
import ockam.identity.Identity;
import ockam.identity.TrustPolicy;
import ockam.wire.Route;
import org.jspecify.annotations.Nullable;
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

    @Option(names = "--ticket", required = true, description = "The ticket, in any of its forms, or a file with it.")
    private @Nullable Ticket ticket;

    @Override
    public Integer call() {
        identityOption.requireGiven(spec);
        try (Running running = Running.start("enroll")) {
            Identity identity = running.identity(identityOption);
            boolean isNew =
                    enroll(running, identity, Objects.requireNonNull(ticket)).isNew();
            System.out.println(isNew ? "ENROLLED " + identity.identifier() : already(identity));
            return 0;
        }
    }

    /** What is said when a ticket was not needed, and is as good as before. */
    static String already(Identity member) {
        return "ALREADY " + member.identifier() + " is a member: the code of the ticket was not used";
    }

    /** Connects to the authority of a ticket, and returns what has come of it. */
    static Enrollment enroll(Running running, Identity identity, Ticket ticket) {
        Route route = OckamNode.await(running.tcp().resolve(ticket.routeToAuthority()));
        SecureChannel channel = OckamNode.await(SecureChannel.create(
                running.node(),
                route,
                identity,
                SecureChannelOptions.trusting(TrustPolicy.identifier(ticket.authority()))));
        Enrollment enrollment =
                OckamNode.await(AuthorityClient.create(channel, identity).enroll(ticket));
        OckamNode.await(channel.close());
        return enrollment;
    }
}
