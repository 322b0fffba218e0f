// SPDX-License-Identifier: Apache-2.0

package ockam.examples;

import java.util.Map;
import java.util.concurrent.Callable;
import ockam.authority.AuthorityClient;
import ockam.authority.MemberEntry;
import ockam.identity.Identity;
import ockam.wire.Attributes;
import ockam.wire.Identifier;
import ockam.wire.Route;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Adds or removes a member, or lists all of them, for an enroller. */
@Command(name = "members", description = "Add or remove a member of an authority; otherwise list all of them.")
final class OckamNodeMembers implements Callable<Integer> {
    @Mixin
    private IdentityOption identityOption = new IdentityOption();

    @Mixin
    private AuthorityOption authority = new AuthorityOption();

    @ArgGroup(exclusive = false)
    private Added added = new Added();

    static final class Added {
        @Option(names = "--add", required = true, description = "The identifier of a new member.")
        private @Nullable Identifier identifier;

        @Option(names = "--attribute", description = "What the new member has, such as role=member.")
        private Map<String, String> attributes = Map.of();
    }

    @Option(names = "--remove", description = "The identifier of a member that is to be none any more.")
    private @Nullable Identifier removed;

    @Override
    public Integer call() {
        try (Running running = Running.start("members")) {
            Route route = authority.connect(running);
            Identity identity = running.identity(identityOption);
            AuthorityClient client = AuthorityClient.create(authority.channel(running, route, identity), identity);
            if (added.identifier != null) {
                OckamNode.await(client.addMember(added.identifier, Attributes.ofTexts(added.attributes)));
                System.out.println("ADDED " + added.identifier);
            }
            if (removed != null) {
                OckamNode.await(client.removeMember(removed));
                System.out.println("REMOVED " + removed);
            }
            if (added.identifier == null && removed == null) {
                Map<Identifier, MemberEntry> members = OckamNode.await(client.members());
                members.forEach((member, entry) -> System.out.println(
                        "MEMBER " + member + " " + entry.attributes().texts()));
            }
            return 0;
        }
    }
}
