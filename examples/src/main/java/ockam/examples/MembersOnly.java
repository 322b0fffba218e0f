// SPDX-License-Identifier: Apache-2.0

package ockam.examples;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import ockam.authority.AuthorityClient;
import ockam.authority.AuthorityNode;
import ockam.authority.AuthorityOptions;
import ockam.authority.PreTrusted;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelOptions;
import ockam.identity.Identity;
import ockam.identity.InMemoryStore;
import ockam.identity.Store;
import ockam.identity.TrustPolicy;
import ockam.node.Node;
import ockam.node.Ockam;
import ockam.vault.SoftwareVault;
import ockam.wire.Attributes;
import ockam.wire.Codec;
import ockam.wire.Route;

/** A member of an authority gets its credential, and shows it to a {@link MembersOnlyEchoer}. */
public final class MembersOnly {
    private MembersOnly() {}

    /** Runs an authority, the echoer and the member on one node; prints what the echoer knows of the member, and its reply. */
    public static void main(String[] args) {
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "example");
        Ockam ockam = Ockam.get(system);
        Node node = ockam.createNode("example");
        Store ofAuthority = InMemoryStore.create(SoftwareVault.create(ockam.cryptoExecutor()));
        Store ofOthers = InMemoryStore.create(SoftwareVault.create(ockam.cryptoExecutor()));
        Identity authority = await(ofAuthority.identity("authority", Clock.systemUTC()));
        Identity bob = await(ofOthers.identity("bob", Clock.systemUTC()));
        Identity alice = await(ofOthers.identity("alice", Clock.systemUTC()));

        // The authority has one member, Alice.
        PreTrusted members = PreTrusted.none().with(alice.identifier(), Attributes.ofTexts(Map.of("role", "member")));
        AuthorityOptions options = AuthorityOptions.forProject("garden").withPreTrusted(members);
        await(AuthorityNode.create(node, authority, ofAuthority, options));

        // Bob knows the authority, and his echoer answers its members.
        await(bob.identities().importHistory(authority.export()));
        MembersOnlyEchoer.start(node, bob, authority.identifier());

        // Alice gets her credential, and shows it to Bob.
        SecureChannelOptions toAuthority =
                SecureChannelOptions.trusting(TrustPolicy.identifier(authority.identifier()));
        SecureChannel asking = await(SecureChannel.create(node, Route.of("api"), alice, toAuthority));
        SecureChannelOptions toBob = SecureChannelOptions.trusting(TrustPolicy.identifier(bob.identifier()))
                .withCredential(await(AuthorityClient.create(asking, alice).credential()));
        SecureChannel channel = await(SecureChannel.create(node, Route.of("secure_channel_listener"), alice, toBob));
        System.out.println("App Received: "
                + await(node.ask(channel.route("echoer"), Codec.string(), "Hello Ockam!"))
                        .body());

        system.terminate();
        await(system.getWhenTerminated());
    }

    private static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}
