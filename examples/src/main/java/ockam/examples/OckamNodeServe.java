// SPDX-License-Identifier: Apache-2.0

package ockam.examples;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.util.ByteString;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import ockam.channel.SecureChannelListener;
import ockam.channel.SecureChannelListenerOptions;
import ockam.identity.ChangeHistory;
import ockam.identity.Identity;
import ockam.identity.TrustPolicy;
import ockam.node.Hop;
import ockam.node.Node;
import ockam.node.Routed;
import ockam.node.Worker;
import ockam.node.WorkerOptions;
import ockam.relay.RelayWay;
import ockam.relay.RemoteRelay;
import ockam.relay.RemoteRelayOptions;
import ockam.routing.AccessControl;
import ockam.routing.rule.Rule;
import ockam.tcp.TcpListener;
import ockam.tcp.TcpListenerOptions;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Identifier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Serves an echo worker through secure channels, until it is interrupted. */
@Command(name = "serve", description = "Accept secure channels at api, and answer at echo what comes through them.")
final class OckamNodeServe implements Callable<Integer> {
    @Mixin
    private IdentityOption identityOption = new IdentityOption();

    @Mixin
    private PortOption port = new PortOption();

    @Option(names = "--hops", split = ",", description = "Hops to start, such as h1,h2,h3.")
    private List<Address> hops = List.of();

    @Option(names = "--trust", required = true, description = "The identifier whose channels to accept, or any.")
    private TrustPolicy trust = peer -> false;

    @ArgGroup(exclusive = false)
    private Relayed relayed = new Relayed();

    @ArgGroup(exclusive = false)
    private Members members = new Members();

    static final class Relayed {
        @Option(
                names = "--relay",
                required = true,
                description = "Where a node with a relay service listens, at which to register.")
        private String relay = "";

        @Option(names = "--name", description = "The name of the relay; otherwise it gets a random one.")
        private String name = "";
    }

    static final class Members {
        @Option(
                names = "--authority",
                required = true,
                description = "The history of an authority, as it prints it; only its members are answered.")
        private @Nullable ChangeHistory authority;

        @Option(
                names = "--allow",
                description = "Which of them: a rule, such as role=member. Otherwise whoever has a credential.")
        private Rule allow = Rule.parse("(= subject.has_credential true)");
    }

    /** Answers the bytes of each payload, unchanged. */
    static Behavior<Routed<ByteString>> echo() {
        return Behaviors.receiveMessage(message -> {
            message.reply(message.body());
            return Behaviors.same();
        });
    }

    @Override
    public Integer call() {
        Running running = Running.start("serve");
        Node node = running.node();
        Identity identity = running.identity(identityOption);
        WorkerOptions guard = WorkerOptions.defaults();
        SecureChannelListenerOptions channels = SecureChannelListenerOptions.trusting(trust);
        if (members.authority != null) {
            Identifier believed = OckamNode.await(identity.identities().importHistory(members.authority.export()));
            channels = channels.withAuthorities(believed);
            guard = guard.withIncoming(AccessControl.attributes(believed, members.allow));
        }
        Worker echo = node.start(Address.of("echo"), Codec.bytes(), echo(), guard);
        SecureChannelListener api = SecureChannelListener.create(
                node,
                Address.of("api"),
                identity,
                channels.withSetup(channel -> node.allow(echo).from(channel)));
        TcpListenerOptions options =
                TcpListenerOptions.defaults().withConsumer(api).withConsumer(echo);
        for (Address hop : hops) {
            options = options.withConsumer(node.start(hop, Hop.create()));
        }
        TcpListener listener = OckamNode.await(running.tcp().listen(port.hostAndPort(), options));

        System.out.println("LISTENING " + listener.hostAndPort());
        System.out.println("IDENTIFIER " + identity.identifier());
        if (members.authority != null) {
            System.out.println(
                    "HISTORY " + HexFormat.of().formatHex(identity.export().toArray()));
        }
        if (!relayed.relay.isEmpty()) {
            System.out.println("RELAY " + register(running, api));
        }
        OckamNode.await(running.system().getWhenTerminated());
        return 0;
    }

    /** What comes by the relay reaches the channel listener. */
    private String register(Running running, SecureChannelListener api) {
        RemoteRelay registered = RemoteRelay.create(
                running.node(),
                RelayWay.over(() -> running.tcp().connect(relayed.relay).thenApply(connection -> {
                    running.node().allow(api).from(connection);
                    return connection;
                })),
                relayed.name.isEmpty() ? RemoteRelayOptions.ephemeral() : RemoteRelayOptions.named(relayed.name));
        return OckamNode.await(registered.whenRegistered()).address().value().utf8String();
    }
}
