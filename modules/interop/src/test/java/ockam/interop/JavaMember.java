// SPDX-License-Identifier: Apache-2.0

package ockam.interop;

import static ockam.interop.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.util.ByteString;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import ockam.authority.AuthorityClient;
import ockam.channel.CredentialRefreshSettings;
import ockam.channel.CredentialRetriever;
import ockam.channel.RefreshingRetriever;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.channel.SecureChannelListenerOptions;
import ockam.channel.SecureChannelOptions;
import ockam.channel.SecureChannels;
import ockam.identity.CredentialAndPurposeKey;
import ockam.identity.CredentialOptions;
import ockam.identity.TrustPolicy;
import ockam.node.Node;
import ockam.node.Routed;
import ockam.node.Worker;
import ockam.node.WorkerOptions;
import ockam.relay.RelayPolicy;
import ockam.relay.RelayService;
import ockam.relay.RelayServiceOptions;
import ockam.relay.RelayWay;
import ockam.relay.RemoteRelay;
import ockam.relay.RemoteRelayOptions;
import ockam.routing.AccessControl;
import ockam.routing.Peer;
import ockam.routing.PeerAttributes;
import ockam.routing.rule.Rule;
import ockam.tcp.TcpListener;
import ockam.tcp.TcpListenerOptions;
import ockam.tcp.TcpTransport;
import ockam.testkit.OckamTestKit;
import ockam.testkit.Party;
import ockam.wire.Address;
import ockam.wire.Any;
import ockam.wire.Attributes;
import ockam.wire.Codec;
import ockam.wire.Identifier;
import ockam.wire.Route;
import org.jspecify.annotations.Nullable;

/** A node of this library that gets credentials from an authority, presents them, and believes those of others; as a {@link RustNode} does. */
final class JavaMember {
    /** Every message of the peer is answered here. */
    static final Address ECHO = Address.of("echo");
    /** Only those are answered whose attributes fit the rule. */
    static final Address GUARDED = Address.of("guarded");

    static final Address LISTENER = Address.of("members");

    /** Channels may go through here, see {@link #startGate}. */
    static final Address GATE = Address.of("gate");

    private static final Duration SHORT = Duration.ofMillis(200);

    private final Node node;
    private final TcpTransport tcp;
    private final Party party;
    private final Worker echo;
    private final List<Worker> open = new ArrayList<>();
    private @Nullable KnownAuthority believed;
    private @Nullable CredentialRetriever presented;
    private @Nullable Worker gate;
    private @Nullable SecureChannelListener accepting;
    private @Nullable TcpListener listener;
    private volatile @Nullable Peer heard;

    JavaMember(OckamTestKit kit, String name) {
        node = kit.node(name);
        tcp = TcpTransport.create(node);
        party = Party.create(kit.system()); // it may make a key for credentials, which the kit does not expect
        echo = node.start(ECHO, Codec.bytes(), echoer());
        open.add(echo);
    }

    private Behavior<Routed<ByteString>> echoer() {
        return Behaviors.receiveMessage(message -> {
            heard = message.peer().orElse(null);
            message.reply(message.body());
            return Behaviors.same();
        });
    }

    Node node() {
        return node;
    }

    Identifier identifier() {
        return party.identifier();
    }

    /** Where it listens. */
    String port() {
        return Objects.requireNonNull(listener).hostAndPort();
    }

    /** The history of its identity. */
    ByteString history() {
        return party.identity().export();
    }

    // ---- credentials ----

    /** A client of the authority, through a new channel. */
    AuthorityClient client(KnownAuthority authority) {
        return client(authority, SecureChannelOptions.trusting(TrustPolicy.identifier(authority.identifier())));
    }

    /** A client that shows the authority what another authority says. */
    AuthorityClient client(KnownAuthority authority, CredentialAndPurposeKey shown) {
        return client(
                authority,
                SecureChannelOptions.trusting(TrustPolicy.identifier(authority.identifier()))
                        .withCredential(shown));
    }

    private AuthorityClient client(KnownAuthority authority, SecureChannelOptions options) {
        return AuthorityClient.create(
                await(SecureChannel.create(
                        node, connect(authority.port()).append(authority.listener()), party.identity(), options)),
                party.identity());
    }

    /** Presents this credential in channels from now on. */
    void present(CredentialAndPurposeKey credential) {
        present(CredentialRetriever.fixed(credential));
    }

    void present(CredentialRetriever retriever) {
        presented = retriever;
    }

    /** Presents, in channels from now on, what the authority gives, and gets it anew before its end. */
    void presentWhatIsAskedOf(KnownAuthority authority) {
        AuthorityClient client = client(authority);
        present(RefreshingRetriever.create(
                node.system(),
                client::credential,
                Clock.systemUTC(),
                CredentialRefreshSettings.create(node.system())
                        .withRetryPauses(Duration.ofSeconds(1), Duration.ofSeconds(1))));
    }

    /** Believes the authority in channels from now on, and lets those to {@link #GUARDED} who fit the rule. */
    void believe(KnownAuthority authority, String rule) {
        importHistory(authority.history());
        believed = authority;
        open.add(node.start(
                GUARDED,
                Codec.bytes(),
                echoer(),
                WorkerOptions.defaults()
                        .withIncoming(AccessControl.attributes(authority.identifier(), Rule.parse(rule)))));
    }

    /** What it says about itself. */
    CredentialAndPurposeKey credentialOfItsOwn(Attributes attributes, Duration validity) {
        return issue(identifier(), attributes, validity);
    }

    /** What it says about somebody whose history it knows. */
    CredentialAndPurposeKey issue(Identifier subject, Attributes attributes, Duration validity) {
        return await(party.identity()
                .identities()
                .issueCredential(party.identity(), CredentialOptions.of(subject, attributes, validity)));
    }

    /** Lets it know somebody's history. */
    void importHistory(ByteString history) {
        await(party.identity().identities().importHistory(history));
    }

    /** What the believed authority says about the peer, as the latest message of it had it. */
    Optional<PeerAttributes> attributes() {
        KnownAuthority authority = Objects.requireNonNull(believed);
        return Objects.requireNonNull(heard).attributes(authority.identifier());
    }

    // ---- channels ----

    private Route connect(String to) {
        return Route.of(await(tcp.connect(to)).address());
    }

    /** Accepts channels of this peer. */
    void accept(Identifier peer) {
        SecureChannelListenerOptions options = SecureChannelListenerOptions.trusting(TrustPolicy.identifier(peer))
                .withSetup(this::letIn);
        if (believed != null) {
            options = options.withAuthorities(believed.identifier());
        }
        if (presented != null) {
            options = options.withCredentials(presented);
        }
        SecureChannelListener members = SecureChannelListener.create(node, LISTENER, party.identity(), options);
        accepting = members;
        TcpListenerOptions byTcp = TcpListenerOptions.defaults().withConsumer(members);
        listener = await(tcp.listen("127.0.0.1:0", gate == null ? byTcp : byTcp.withConsumer(gate)));
    }

    /** From now on, its own channels go through a hop, which loses everything after so many messages in both directions together. */
    void startGate(int messages) {
        AtomicInteger left = new AtomicInteger(messages);
        gate = node.start(GATE, Behaviors.<Routed<Any>>receiveMessage(message -> {
            if (left.getAndDecrement() > 0) {
                message.forward();
            } else {
                message.discard();
            }
            return Behaviors.same();
        }));
    }

    /** Serves relays to those who come through the accepted channels, under names of which the believed authority has a say. */
    RelayService serveRelays() {
        Identifier authority = Objects.requireNonNull(believed).identifier();
        return RelayService.create(
                node,
                RelayServiceOptions.defaults()
                        .withPolicy(RelayPolicy.attribute(authority))
                        .withOpenTo(Objects.requireNonNull(accepting)));
    }

    /** Registers at the relay service at the other side of a channel. */
    RemoteRelay register(SecureChannel channel, String name) {
        return RemoteRelay.create(node, RelayWay.fixed(channel.route(Route.empty())), RemoteRelayOptions.named(name));
    }

    /** Opens a channel to this peer at {@link #LISTENER} of another node. */
    CompletionStage<SecureChannel> open(String to, Identifier peer) {
        SecureChannelOptions options =
                SecureChannelOptions.trusting(TrustPolicy.identifier(peer)).withSetup(this::letIn);
        if (believed != null) {
            options = options.withAuthorities(believed.identifier());
        }
        if (presented != null) {
            options = options.withCredentials(presented);
        }
        Route way = connect(to);
        if (gate != null) {
            node.allow(gate).from(node.findConnection(way).orElseThrow());
            way = way.prepend(GATE);
        }
        return SecureChannel.create(node, way.append(LISTENER), party.identity(), options);
    }

    private void letIn(SecureChannel channel) {
        open.forEach(worker -> node.allow(worker).from(channel));
    }

    /** The channels with this peer. */
    List<SecureChannel> channels(Identifier peer) {
        return SecureChannels.get(node.system()).list(node).stream()
                .filter(channel -> channel.peer().identifier().equals(peer))
                .toList();
    }

    // ---- messages ----

    void echoes(Route along) {
        ByteString sent = JavaNode.bytes(1, 33);
        assertThat(await(node.ask(along, Codec.bytes(), sent, Patience.TIME)).body())
                .isEqualTo(sent);
    }

    /** Asks, and waits for no answer for a short time. */
    <T> CompletionStage<Routed<T>> asksShortly(Route along, Codec<T> codec, T question) {
        return node.ask(along, codec, question, SHORT);
    }
}
