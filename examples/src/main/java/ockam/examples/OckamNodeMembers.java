// SPDX-License-Identifier: Apache-2.0

package ockam.examples;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import ockam.authority.AuthorityClient;
import ockam.authority.MemberEntry;
import ockam.identity.Identity;
import ockam.wire.Attributes;
import ockam.wire.Identifier;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Adds or removes a member, and lists all of them, for an enroller. */
@Command(name = "members", description = "Add or remove a member of an authority, and list all of them.")
final class OckamNodeMembers implements Callable<Integer> {
    @Mixin
    private IdentityOption identityOption = new IdentityOption();

    @Mixin
    private AuthorityOption authority = new AuthorityOption();

    @ArgGroup(exclusive = false)
    private Added added = new Added();

    static final class Added {
        @Option(names = "--add", required = true, description = "The identifier of a new member.")
        private String identifier = "";

        @Option(names = "--attribute", description = "What the new member has, such as role=member.")
        private Map<String, String> attributes = Map.of();
    }

    @Option(names = "--remove", description = "The identifier of a member that is to be none any more.")
    private String removed = "";

    @Override
    public Integer call() {
        // Both before the first is added.
        Optional<Identifier> toAdd = identifier(added.identifier);
        Optional<Identifier> toRemove = identifier(removed);
        try (Running running = Running.start("members")) {
            Identity identity = running.identity(identityOption);
            AuthorityClient client = authority.client(running, identity);
            toAdd.ifPresent(member -> OckamNode.await(client.addMember(member, Attributes.ofTexts(added.attributes))));
            toRemove.ifPresent(member -> OckamNode.await(client.removeMember(member)));
            Map<Identifier, MemberEntry> members = OckamNode.await(client.members());
            members.forEach((member, entry) -> System.out.println(
                    "MEMBER " + member + " " + entry.attributes().texts()));
            return 0;
        }
    }

    private static Optional<Identifier> identifier(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(Identifier.parse(text));
    }
}
