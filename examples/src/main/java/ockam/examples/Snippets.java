// SPDX-License-Identifier: Apache-2.0

package ockam.examples;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.Scheduler;
import akka.actor.typed.javadsl.AskPattern;
import akka.actor.typed.javadsl.Behaviors;
import akka.stream.Materializer;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import java.io.IOException;
import java.nio.file.Path;
import java.security.Provider;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import ockam.authority.RemoteCredentials;
import ockam.channel.ChannelKeeper;
import ockam.channel.CloseReason;
import ockam.channel.CredentialRetriever;
import ockam.channel.HandshakeException;
import ockam.channel.PurposeKeyRotation;
import ockam.channel.RefreshingRetriever;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.channel.SecureChannelListenerOptions;
import ockam.channel.SecureChannelOptions;
import ockam.identity.AttestedAttributes;
import ockam.identity.AttestedKey;
import ockam.identity.CredentialAndPurposeKey;
import ockam.identity.CredentialOptions;
import ockam.identity.Identities;
import ockam.identity.Identity;
import ockam.identity.IdentityOptions;
import ockam.identity.InMemoryIdentityRepository;
import ockam.identity.SecureChannelKey;
import ockam.identity.TrustPolicy;
import ockam.node.Connection;
import ockam.node.Hop;
import ockam.node.Mailbox;
import ockam.node.Node;
import ockam.node.Ockam;
import ockam.node.Relay;
import ockam.node.Routed;
import ockam.node.StreamHandle;
import ockam.node.StreamReport;
import ockam.node.Worker;
import ockam.node.WorkerOptions;
import ockam.recorder.Recorder;
import ockam.routing.AccessControl;
import ockam.routing.SendResult;
import ockam.routing.rule.Rule;
import ockam.routing.rule.Subject;
import ockam.tcp.ReconnectingConnection;
import ockam.tcp.TcpListener;
import ockam.tcp.TcpListenerOptions;
import ockam.tcp.TcpTransport;
import ockam.vault.SignatureAlgorithm;
import ockam.vault.SigningKey;
import ockam.vault.SigningVault;
import ockam.vault.SoftwareVault;
import ockam.vault.Vault;
import ockam.vault.pkcs11.Pkcs11KeyService;
import ockam.vault.service.KeyService;
import ockam.vault.service.KeyServiceVault;
import ockam.vault.service.Later;
import ockam.wire.Address;
import ockam.wire.Attributes;
import ockam.wire.Codec;
import ockam.wire.Identifier;
import ockam.wire.Route;

/** The code snippets of the documentation, kept here so that they compile and run. The pages explain them. */
public final class Snippets {
    private Snippets() {}

    /** Concepts: workers, a hop, a relay. */
    public static Worker workers(Node node) {
        // #workers
        Worker echoer = node.start(Address.of("echoer"), Codec.string(), Echoer.create());
        node.start(Address.of("h1"), Hop.create());
        node.start(Address.of("shortcut"), Relay.create(node, Route.parse("h1 => echoer")));
        // #workers
        return echoer;
    }

    /** Concepts: sending and receiving without an actor. */
    public static CompletionStage<Routed<String>> mailbox(Node node) {
        // #mailbox
        Mailbox app = node.mailbox("app");
        SendResult result = app.send(Route.parse("h1 => echoer"), Codec.string(), "Hello");
        CompletionStage<Routed<String>> answer = app.receive(Codec.string());
        // #mailbox
        return result.isAccepted()
                ? answer
                : CompletableFuture.failedStage(new IllegalStateException(result.toString()));
    }

    /** Identities: creating them. */
    public static CompletionStage<Identity> identity(Ockam ockam) {
        // #identity
        Vault vault = SoftwareVault.create(ockam.cryptoExecutor());
        Identities identities = Identities.create(vault, InMemoryIdentityRepository.create(), Clock.systemUTC());
        CompletionStage<Identity> alice = identities.create();
        // #identity
        return alice;
    }

    /** Identities: a new key. */
    public static CompletionStage<Identity> rotate(Identities identities, Identity alice) {
        // #rotate
        CompletionStage<Identity> rotated = identities.rotate(alice);
        // #rotate
        return rotated;
    }

    /** Identities: new keys for channels and for credentials. */
    public static CompletionStage<AttestedKey<SigningKey>> rotatePurposeKeys(Identities identities, Identity alice) {
        // #purposekeys
        CompletionStage<SecureChannelKey> forChannels = identities.rotateSecureChannelKey(alice);
        CompletionStage<AttestedKey<SigningKey>> forCredentials = identities.rotateCredentialKey(alice);
        // #purposekeys
        return forChannels.thenCompose(key -> forCredentials);
    }

    /** Identities: the same by a schedule. */
    public static PurposeKeyRotation schedule(ActorSystem<?> system, Identity alice) {
        // #schedule
        PurposeKeyRotation rotation = PurposeKeyRotation.start(system, alice);
        // #schedule
        return rotation;
    }

    /** Identities: telling others. */
    public static CompletionStage<Identifier> exchange(Identity alice, Identities bobs) {
        // #exchange
        ByteString exported = alice.export();
        CompletionStage<Identifier> imported = bobs.importHistory(exported, alice.identifier());
        // #exchange
        return imported;
    }

    /** Vaults: an identity whose keys can be elsewhere. */
    public static CompletionStage<Identity> p256(Identities identities) {
        // #p256
        IdentityOptions p256 = IdentityOptions.defaults()
                .withSignatureAlgorithm(SignatureAlgorithm.P256)
                .withCredentialKeyAlgorithm(SignatureAlgorithm.P256);
        CompletionStage<Identity> alice = identities.create(p256);
        // #p256
        return alice;
    }

    /** Vaults: the keys in a token. */
    public static KeyService token(String configuration, Supplier<char[]> pin, Executor tokenThreads) {
        // #token
        Provider provider = Pkcs11KeyService.provider(configuration);
        KeyService keys = Pkcs11KeyService.create(provider, pin, tokenThreads);
        // #token
        return keys;
    }

    /** Vaults: a vault whose signing keys are elsewhere. */
    public static Vault elsewhere(ActorSystem<?> system, KeyService keys) {
        // #elsewhere
        SoftwareVault software = SoftwareVault.create(Ockam.get(system).cryptoExecutor());
        Later later =
                (time, action) -> system.scheduler().scheduleOnce(time, action, system.executionContext())::cancel;
        SigningVault signing = KeyServiceVault.create(keys, software, later);
        Vault vault = Vault.of(software, signing, software);
        // #elsewhere
        return vault;
    }

    /** Identities: an authority says something about a member. */
    public static CompletionStage<CredentialAndPurposeKey> credential(
            Identities authorities, Identity authority, Identifier alice) {
        // #credential
        CompletionStage<CredentialAndPurposeKey> issued = authorities.issueCredential(
                authority,
                CredentialOptions.of(alice, Attributes.ofTexts(Map.of("role", "member")), Duration.ofDays(30)));
        // #credential
        return issued;
    }

    /** Identities: who presents a credential is believed to be what the authority says. */
    public static CompletionStage<Attributes> verified(
            Identities bobs,
            Identifier authority,
            ByteString authoritysHistory,
            Identifier alice,
            ByteString received) {
        // #verified
        CompletionStage<Attributes> said = bobs.importHistory(authoritysHistory, authority)
                .thenCompose(known -> bobs.verifyCredential(
                        CredentialAndPurposeKey.decode(received).orElseThrow(), alice, Set.of(authority)))
                .thenApply(AttestedAttributes::attributes);
        // #verified
        return said;
    }

    /** Identities: whom to trust. */
    public static TrustPolicy policy(Identifier alice, Identifier carol) {
        // #policy
        TrustPolicy either = TrustPolicy.anyOf(alice, carol);
        TrustPolicy own = either.and(peer -> !peer.equals(carol));
        // #policy
        return own;
    }

    /** Secure channels: accepting them. */
    public static SecureChannelListener accept(Node node, Identity bob, TrustPolicy policy) {
        // #listener
        SecureChannelListener listener = SecureChannelListener.create(
                node, Address.of("api"), bob, SecureChannelListenerOptions.trusting(policy));
        // #listener
        return listener;
    }

    /** Secure channels: creating one. */
    public static CompletionStage<SecureChannel> create(Node node, Identity alice, TrustPolicy policy) {
        // #create
        SecureChannelOptions options =
                SecureChannelOptions.trusting(policy).withHandshakeTimeout(Duration.ofSeconds(5));
        CompletionStage<SecureChannel> channel = SecureChannel.create(node, Route.parse("h1 => api"), alice, options);
        // #create
        return channel;
    }

    /** Secure channels: setting up those that are accepted. */
    public static SecureChannelListenerOptions setUp(Node node, TrustPolicy policy, Worker echoer) {
        // #setup
        SecureChannelListenerOptions options = SecureChannelListenerOptions.trusting(policy)
                .withSetup(channel -> node.allow(echoer).from(channel));
        // #setup
        return options;
    }

    /** A peer has opened a channel; nothing that it sends is delivered before the reply. */
    public record Accepted(SecureChannel channel, ActorRef<Done> ready) {}

    /** Secure channels: the same by an actor. */
    public static SecureChannelListenerOptions setUpByActor(
            TrustPolicy policy, ActorRef<Accepted> sessions, Scheduler scheduler) {
        // #setup-by-actor
        SecureChannelListenerOptions options = SecureChannelListenerOptions.trusting(policy)
                .withAsyncSetup(channel -> AskPattern.<Accepted, Done>ask(
                        sessions, ready -> new Accepted(channel, ready), Duration.ofSeconds(5), scheduler));
        // #setup-by-actor
        return options;
    }

    /** Secure channels: by messages. */
    public static Behavior<ChannelKeeper.Event> session(Node node, Identity alice, TrustPolicy policy) {
        // #keeper
        return Behaviors.setup(context -> {
            SecureChannelOptions options = SecureChannelOptions.trusting(policy);
            context.spawn(ChannelKeeper.create(node, Route.of("api"), alice, options, context.getSelf()), "channel");
            return Behaviors.receive(ChannelKeeper.Event.class)
                    .onMessage(ChannelKeeper.Opened.class, opened -> {
                        context.getLog()
                                .info("Connected to {}", opened.channel().peer());
                        return Behaviors.same();
                    })
                    .onMessage(ChannelKeeper.NotOpened.class, failed -> Behaviors.stopped())
                    .onMessage(ChannelKeeper.Closed.class, closed -> Behaviors.stopped())
                    .build();
        });
        // #keeper
    }

    // #failure
    /** Tells the operator why a channel could not be established. */
    public static String explain(Throwable failure) {
        Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
        return cause instanceof HandshakeException handshake
                ? "no channel: " + handshake.reason() + " at step " + handshake.step()
                : "no channel: " + cause;
    }
    // #failure

    /** Secure channels: closing one. */
    public static CompletionStage<CloseReason> close(SecureChannel channel) {
        // #close
        CompletionStage<CloseReason> reason = channel.whenClosed();
        CompletionStage<Done> closed = channel.close();
        // #close
        return closed.thenCompose(done -> reason);
    }

    /** Secure channels: what one knows. */
    public static void states(ActorSystem<?> system, SecureChannel channel) {
        // #states
        channel.states()
                .runForeach(
                        state -> System.out.println(channel.connection().map(Connection::remote) + ": " + state),
                        system);
        // #states
    }

    /** Secure channels: noticing that the peer has gone. */
    public static void watch(SecureChannel channel) {
        // #watch
        channel.watchPeer();
        // #watch
    }

    /** Secure channels: changing the route. */
    public static void move(SecureChannel channel) {
        // #route
        channel.updateRoute(Route.parse("h2 => h3"));
        // #route
    }

    /** Flow control: opening a worker to a channel or to a listener. */
    public static void open(Node node, Worker echoer, SecureChannelListener listener, SecureChannel channel) {
        // #allow
        node.allow(echoer).from(listener); // all channels of this listener, including future ones
        node.allow(echoer).from(channel); // this channel only
        // #allow
    }

    /** Transports: connecting, and the end of a connection. */
    public static CompletionStage<Routed<String>> connect(Node node, String to) {
        // #connect
        TcpTransport tcp = TcpTransport.create(node);
        CompletionStage<Connection> connecting = tcp.connect(to);
        return connecting.thenCompose(connection -> {
            connection.whenClosed().thenAccept(end -> System.out.println("The connection has ended: " + end));
            return node.ask(connection.route("echoer"), Codec.string(), "Hello");
        });
        // #connect
    }

    /** Transports: a channel that goes on when its connection is made anew. */
    public static CompletionStage<SecureChannel> reconnecting(
            Node node, String to, Identity me, SecureChannelOptions options) {
        // #reconnecting
        ReconnectingConnection bob = TcpTransport.create(node).reconnecting(Address.of("bob"), to);
        bob.states().runForeach(state -> System.out.println("The way to bob: " + state), node.system());
        CompletionStage<SecureChannel> channel = SecureChannel.create(node, bob.route("api"), me, options);
        // #reconnecting
        return channel;
    }

    /** Transports: a channel listener and a worker that can be reached over TCP. */
    public static CompletionStage<TcpListener> listen(
            Node node, SecureChannelListener api, Worker timeServer, String at) {
        // #listen
        TcpListenerOptions options =
                TcpListenerOptions.defaults().withConsumer(api).withConsumer(timeServer);
        CompletionStage<TcpListener> listener = TcpTransport.create(node).listen(at, options);
        // #listen
        return listener;
    }

    /** Flow control: a channel through another one. */
    public static SecureChannelListener nested(
            Node node, Identity bob, TrustPolicy policy, SecureChannelListener outer) {
        // #nested
        SecureChannelListener inner = SecureChannelListener.create(
                node,
                Address.of("inner"),
                bob,
                SecureChannelListenerOptions.trusting(policy).withOpenTo(outer));
        // #nested
        return inner;
    }

    /** Flow control: a worker for one peer only. */
    public static Worker guarded(Node node, Identifier alice) {
        // #access
        Worker forAlice = node.start(
                Address.of("private"),
                Codec.string(),
                Echoer.create(),
                WorkerOptions.defaults().withIncoming(AccessControl.peer(alice)));
        // #access
        return forAlice;
    }

    /** Secure channels: a listener that takes the word of an authority. */
    public static SecureChannelListener believing(Node node, Identity bob, TrustPolicy policy, Identifier authority) {
        // #believing
        SecureChannelListener listener = SecureChannelListener.create(
                node,
                Address.of("api"),
                bob,
                SecureChannelListenerOptions.trusting(policy).withAuthorities(authority));
        // #believing
        return listener;
    }

    /** Secure channels: an initiator that presents a credential. */
    public static CompletionStage<SecureChannel> presenting(
            Node node, Route toBob, Identity alice, TrustPolicy policy, CredentialAndPurposeKey credential) {
        // #presenting
        CompletionStage<SecureChannel> channel = SecureChannel.create(
                node, toBob, alice, SecureChannelOptions.trusting(policy).withCredential(credential));
        // #presenting
        return channel;
    }

    /** Secure channels: a credential that is renewed while channels are open. */
    public static CompletionStage<SecureChannel> refreshing(
            ActorSystem<?> system,
            Node node,
            Route toBob,
            Identity alice,
            TrustPolicy policy,
            Supplier<CompletionStage<CredentialAndPurposeKey>> askAuthority) {
        // #refreshing
        CredentialRetriever credentials = RefreshingRetriever.create(system, askAuthority, Clock.systemUTC());
        CompletionStage<SecureChannel> channel = SecureChannel.create(
                node, toBob, alice, SecureChannelOptions.trusting(policy).withCredentials(credentials));
        // #refreshing
        return channel;
    }

    /** Authorities: credentials that are renewed, each through a channel of its own. */
    public static CredentialRetriever renewedBy(
            ActorSystem<?> system, Node node, TcpTransport tcp, Identity member, Identifier authority) {
        // #remote
        RemoteCredentials source =
                RemoteCredentials.over(node, () -> tcp.connect("127.0.0.1:4000"), Route.of("api"), member, authority);
        CredentialRetriever credentials = RefreshingRetriever.create(system, source, Clock.systemUTC());
        // #remote
        return credentials;
    }

    /** Access by attributes: a worker for the members that an authority has named. */
    public static Worker forMembers(Node node, Identifier authority) {
        // #attributes
        AccessControl members = AccessControl.attributes(authority, Rule.parse("role=member"));
        Worker forMembers = node.start(
                Address.of("members"),
                Codec.string(),
                Echoer.create(),
                WorkerOptions.defaults().withIncoming(members));
        // #attributes
        return forMembers;
    }

    /** Access by attributes: a worker that answers members only. */
    public static Worker toMembers(Node node, Identifier authority) {
        // #outgoing
        AccessControl members = AccessControl.attributes(authority, Rule.parse("role=member"));
        Worker reports = node.start(
                Address.of("reports"),
                Codec.string(),
                Echoer.create(),
                WorkerOptions.defaults().withOutgoing(members));
        // #outgoing
        return reports;
    }

    /** Access by attributes: the same rule by calls. */
    public static Rule rule(Identifier alice) {
        // #rule
        Rule members = Rule.attribute("role").isIn("member", "owner");
        Rule awake = Rule.attribute("suspended").exists().not();
        Rule rule = Rule.identifier(alice).or(members.and(awake));
        // #rule
        return rule;
    }

    /** Access by attributes: trying a rule. */
    public static boolean trying(Identifier alice) {
        // #trying
        Rule rule = Rule.parse("guest or role=member");
        Subject member = Subject.of(alice, Attributes.ofTexts(Map.of("role", "member")));
        boolean allowed = rule.allows(member); // false
        String why = rule.denial(member); // "subject.guest is missing"
        // #trying
        return allowed || why.isEmpty();
    }

    /** Streams: over hops. */
    public static CompletionStage<List<String>> stream(Node node, List<String> texts, Materializer materializer) {
        // #stream
        Source<Routed<String>, StreamHandle> readings = node.source(Address.of("readings"), Codec.string());
        Sink<String, StreamHandle> overHops = node.sink(Route.parse("h1 => readings"), Codec.string());
        // #stream
        CompletionStage<List<String>> received =
                readings.map(Routed::body).take(texts.size()).runWith(Sink.seq(), materializer);
        Source.from(texts).runWith(overHops, materializer);
        return received;
    }

    /** Streams: through a channel. */
    public static CompletionStage<List<String>> channelStream(
            SecureChannel channel, List<String> questions, Materializer materializer) {
        // #channel-stream
        Flow<String, Routed<String>, StreamHandle> echo =
                channel.flow(Route.of("echoer"), Codec.string(), Codec.string());
        CompletionStage<List<String>> answers = Source.from(questions)
                .via(echo)
                .map(Routed::body)
                .take(questions.size()) // cancels the flow when all answers are there
                .runWith(Sink.seq(), materializer);
        // #channel-stream
        return answers;
    }

    /** Streams: what became of the messages. */
    public static CompletionStage<Boolean> streamReport(
            Sink<String, StreamHandle> sink, List<String> texts, Materializer materializer) {
        // #stream-report
        StreamHandle sending = Source.from(texts).toMat(sink, Keep.right()).run(materializer);
        CompletionStage<Boolean> allArrived = sending.whenClosed().thenApply(StreamReport::isComplete);
        // #stream-report
        return allArrived;
    }

    /** Streams: answering later. */
    public static Behavior<Routed<String>> defer(Function<String, CompletionStage<String>> lookUp) {
        // #defer
        return Behaviors.receiveMessage(question -> {
            question.defer();
            lookUp.apply(question.body()).thenAccept(question::reply);
            return Behaviors.same();
        });
        // #defer
    }

    /** The recorder: a run as a page. */
    public static void recorder(ActorSystem<?> system, Runnable run, Path page) throws IOException {
        // #recorder
        try (Recorder recorder = Recorder.start(system)) { // all nodes of the actor system, also later ones
            run.run();
            recorder.recording().write(page); // .html, .mmd or .jsonl
        }
        // #recorder
    }
}
