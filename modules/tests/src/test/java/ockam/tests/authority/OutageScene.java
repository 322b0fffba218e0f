// SPDX-License-Identifier: Apache-2.0

package ockam.tests.authority;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.javadsl.Behaviors;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import ockam.authority.AuthorityNode;
import ockam.authority.AuthorityOptions;
import ockam.authority.PreTrusted;
import ockam.authority.RemoteCredentials;
import ockam.channel.CredentialRefreshSettings;
import ockam.channel.CredentialRetriever;
import ockam.channel.RefreshingRetriever;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.identity.CredentialAndPurposeKey;
import ockam.identity.InMemoryStore;
import ockam.node.Connection;
import ockam.node.Mailbox;
import ockam.node.Node;
import ockam.node.WorkerOptions;
import ockam.routing.AccessControl;
import ockam.routing.Peer;
import ockam.routing.Producer;
import ockam.routing.RoutingDropReason;
import ockam.routing.rule.Rule;
import ockam.tcp.TcpListener;
import ockam.tcp.TcpTransport;
import ockam.testkit.MemoryTransport;
import ockam.testkit.OckamTestKit;
import ockam.testkit.Party;
import ockam.wire.Address;
import ockam.wire.Attributes;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.jspecify.annotations.Nullable;

/**
 * Three nodes: an authority, which can be out of reach; Alice, a member, who has credentials of it through a connection and a channel of their
 * own for each, as Rust nodes do; and Bob, whose echoer answers members only.
 */
final class OutageScene implements AutoCloseable {
    static final Duration VALIDITY = Duration.ofSeconds(60);
    /** For how long the authority is out of reach, again and again, and for how long it is not, between two of these: less than half of the time. */
    static final Duration DOWN = Duration.ofSeconds(25);

    static final Duration UP = Duration.ofSeconds(20);

    /** Longer than the steps in which tests let time pass. */
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);

    private static final Address API = Address.of("api");

    /** How Alice reaches the authority. */
    private interface Network {
        CompletionStage<Connection> connect();

        void cut();

        void mend();
    }

    private final OckamTestKit kit;
    private final Clock clock;
    private final Node authoritys;
    private final Node alices;
    private final Node bobs;
    private final Party authority;
    private final Party alice;
    private final Party bob;
    private final Network network;
    private final Connection toBob;
    private volatile boolean down;
    private Duration downBefore = Duration.ZERO;
    private long downSince;

    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicInteger issued = new AtomicInteger();
    private volatile Instant lastIssuedAt;
    private volatile long newestUntil;

    private OutageScene(OckamTestKit kit, Clock clock, Duration validity, boolean overTcp) {
        this.kit = kit;
        this.clock = clock;
        authoritys = kit.node("authority");
        alices = kit.node("alice");
        bobs = kit.node("bob");
        // Their keys stay, which the kit does not expect of its own parties.
        authority = Party.create(kit.system(), clock);
        alice = Party.create(kit.system(), clock);
        bob = Party.create(kit.system(), clock);
        lastIssuedAt = clock.instant();
        kit.await(AuthorityNode.create(
                authoritys,
                authority.identity(),
                InMemoryStore.create(authority.vault()),
                AuthorityOptions.forProject("garden")
                        .withPreTrusted(PreTrusted.none()
                                .with(alice.identifier(), Attributes.ofTexts(Map.of("role", "member"))))
                        .withCredentialValidity(validity),
                clock));
        network = overTcp ? new Tcp() : new Memory();
        network.mend();
        toBob = serve();
    }

    /** Inside one JVM. */
    static OutageScene inMemory(OckamTestKit kit, Clock clock, Duration validity) {
        return new OutageScene(kit, clock, validity, false);
    }

    /** With an authority that is reached by TCP. */
    static OutageScene overTcp(OckamTestKit kit, Clock clock, Duration validity) {
        return new OutageScene(kit, clock, validity, true);
    }

    /** Returns Alice's end of a connection to Bob, which stays. */
    private Connection serve() {
        kit.await(bob.identity().identities().importHistory(authority.identity().export()));
        SecureChannelListener listener = SecureChannelListener.create(
                bobs, API, bob.identity(), alice.listenerOptions().withAuthorities(authority.identifier()));
        bobs.start(
                Address.of("echoer"),
                Codec.string(),
                Behaviors.receiveMessage(message -> {
                    message.reply(message.body());
                    return Behaviors.same();
                }),
                WorkerOptions.defaults()
                        .withIncoming(
                                AccessControl.attributes(authority.identifier(), Rule.parse("role=member"), clock))
                        .withOpenTo(listener));
        bobs.start(
                Address.of("until"),
                Codec.string(),
                Behaviors.receiveMessage(message -> {
                    message.reply(String.valueOf(until(message.peer())));
                    return Behaviors.same();
                }),
                WorkerOptions.defaults().withOpenTo(listener));
        MemoryTransport.Link link = MemoryTransport.create().connect(alices, bobs);
        bobs.allow(API).from(link.second());
        return link.first();
    }

    private long until(Optional<Peer> peer) {
        return peer.flatMap(known -> known.attributes(authority.identifier()))
                .map(said -> said.expiresAt().getEpochSecond())
                .orElse(0L);
    }

    private final class Memory implements Network {
        private boolean isCut;
        private MemoryTransport.@Nullable Link last;

        @Override
        public synchronized CompletionStage<Connection> connect() {
            if (isCut) {
                return CompletableFuture.failedStage(new IllegalStateException("out of reach"));
            }
            MemoryTransport.Link link = MemoryTransport.create().connect(alices, authoritys);
            letIn(link.second());
            last = link;
            return CompletableFuture.completedStage(link.first());
        }

        @Override
        public synchronized void cut() {
            isCut = true;
            if (last != null) {
                last.cut();
            }
        }

        @Override
        public synchronized void mend() {
            isCut = false;
        }
    }

    private final class Tcp implements Network {
        private final TcpTransport transport = TcpTransport.create(authoritys);
        private final TcpTransport alicesTransport = TcpTransport.create(alices);
        private TcpListener listener = kit.await(transport.listen("127.0.0.1:0"));
        private final String at = listener.hostAndPort();

        @Override
        public CompletionStage<Connection> connect() {
            return alicesTransport.connect(at);
        }

        @Override
        public void cut() {
            kit.await(listener.stop());
            transport.connections().forEach(Connection::disconnect);
        }

        @Override
        public void mend() {
            if (listener.hasEnded()) {
                listener = kit.await(transport.listen(at));
            }
            letIn(listener);
        }
    }

    private void letIn(Producer from) {
        authoritys.allow(API).from(from);
    }

    // ---- the authority ----

    /** The authority is out of reach from now on, or no longer. */
    void isDown(boolean now) {
        if (now != down) {
            if (now) {
                network.cut();
                downSince = System.nanoTime();
            } else {
                downBefore = downFor();
                network.mend();
            }
            down = now;
        }
    }

    boolean isDown() {
        return down;
    }

    /** For how long it has been out of reach, in real time. */
    Duration downFor() {
        return down ? downBefore.plusNanos(System.nanoTime() - downSince) : downBefore;
    }

    /** Whether it is out of reach after so many seconds, if it was within reach for the first ones. */
    static boolean isDownAt(long second, long first) {
        return second >= first && (second - first) % (DOWN.toSeconds() + UP.toSeconds()) < DOWN.toSeconds();
    }

    /** Renews what a member presents. */
    CredentialRetriever remote(Party member, CredentialRefreshSettings settings) {
        RemoteCredentials source = RemoteCredentials.over(
                alices, network::connect, Route.of(API), member.identity(), authority.identifier());
        return RefreshingRetriever.create(
                kit.system(),
                () -> {
                    asked.incrementAndGet();
                    // What was under way when the authority was cut off has an end, whatever clock there is.
                    CompletableFuture<CredentialAndPurposeKey> answer =
                            source.get().toCompletableFuture().orTimeout(5, TimeUnit.SECONDS);
                    return answer.whenComplete((credential, failure) -> {
                        if (failure == null) {
                            lastIssuedAt = clock.instant();
                            newestUntil = credential
                                    .credential()
                                    .content()
                                    .expiresAt()
                                    .seconds();
                            issued.incrementAndGet();
                        } else {
                            failed.incrementAndGet();
                        }
                    });
                },
                clock,
                settings);
    }

    /** The settings of the scene: gaps of 5 s and 30 s, and a pause of 2 s. */
    CredentialRefreshSettings settings() {
        return CredentialRefreshSettings.create(kit.system())
                .withGaps(Duration.ofSeconds(5), Duration.ofSeconds(30))
                .withRetryPauses(Duration.ofSeconds(2), Duration.ofMinutes(2))
                .withRequestTimeout(REQUEST_TIMEOUT);
    }

    Party authority() {
        return authority;
    }

    Party alice() {
        return alice;
    }

    int asked() {
        return asked.get();
    }

    int failed() {
        return failed.get();
    }

    int issued() {
        return issued.get();
    }

    Instant lastIssuedAt() {
        return lastIssuedAt;
    }

    boolean hasAnswered() {
        return issued.get() + failed.get() == asked.get();
    }

    // ---- Alice and Bob ----

    CompletionStage<SecureChannel> create(Party from, CredentialRetriever presented) {
        return SecureChannel.create(
                alices,
                toBob.route("api"),
                from.identity(),
                bob.channelOptions().withCredentials(presented));
    }

    /** A channel from Alice to Bob. */
    SecureChannel opened(CredentialRetriever presented) {
        return kit.await(create(alice, presented));
    }

    /** The one that Alice sends from. */
    Node alices() {
        return alices;
    }

    void isAnswered(SecureChannel channel, String text) {
        assertThat(kit.await(alices.ask(channel.route("echoer"), Codec.string(), text))
                        .body())
                .isEqualTo(text);
    }

    /** The newest credential has arrived at Bob's. */
    void isUpToDate(SecureChannel channel) {
        kit.eventually(() -> assertThat(kit.await(alices.ask(channel.route("until"), Codec.string(), ""))
                        .body())
                .isEqualTo(String.valueOf(newestUntil)));
    }

    void isNotAnswered(SecureChannel channel) {
        long before = denied();
        Mailbox sender = alices.mailbox("sender");
        assertThat(sender.send(channel.route("echoer"), Codec.string(), "Hello").isAccepted())
                .isTrue();
        sender.close();
        kit.expectDropped(bobs, RoutingDropReason.INCOMING_DENIED, before + 1);
    }

    /** How many messages Bob's worker has refused. */
    long denied() {
        return bobs.dropped(RoutingDropReason.INCOMING_DENIED);
    }

    @Override
    public void close() {
        kit.close();
    }
}
