// SPDX-License-Identifier: Apache-2.0

package ockam.benchmarks;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.channel.SecureChannelListenerOptions;
import ockam.channel.SecureChannelOptions;
import ockam.identity.CredentialAndPurposeKey;
import ockam.identity.CredentialOptions;
import ockam.identity.Identities;
import ockam.identity.Identity;
import ockam.identity.InMemoryIdentityRepository;
import ockam.identity.TrustPolicy;
import ockam.node.Hop;
import ockam.node.Node;
import ockam.node.Ockam;
import ockam.vault.SoftwareVault;
import ockam.wire.Address;
import ockam.wire.Attributes;
import ockam.wire.Codec;
import ockam.wire.Route;

/** A node with hops, two identities on it, and secure channels between them over any number of the hops. */
final class TestBed implements AutoCloseable {
    /** Anything that takes longer is stuck. */
    static final Duration LIMIT = Duration.ofSeconds(60);

    /** All channels have the same peer. */
    private static final int MAX_CHANNELS = 16_384;

    private static final Address ECHOER = Address.of("echoer");

    private final ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "benchmarks");
    private final Node node = Ockam.get(system).createNode("benchmarks");
    private final Identity alice;
    private final Identity bob;
    private final Identity authority;
    private final Map<Showing, SecureChannelListener> listeners = new EnumMap<>(Showing.class);
    private final Map<Showing, SecureChannelOptions> opening = new EnumMap<>(Showing.class);
    private final List<Address> hops = new ArrayList<>();
    private final Map<Integer, SecureChannel> channels = new HashMap<>();

    TestBed() throws Exception {
        Identities identities = Identities.create(
                SoftwareVault.create(Ockam.get(system).cryptoExecutor()),
                InMemoryIdentityRepository.create(),
                Clock.systemUTC());
        alice = await(identities.create());
        bob = await(identities.create());
        authority = await(identities.create());
        CredentialAndPurposeKey ofAlice = credential(authority, alice);
        CredentialAndPurposeKey ofBob = credential(authority, bob);
        SecureChannelListenerOptions accepting = SecureChannelListenerOptions.trusting(
                        TrustPolicy.identifier(alice.identifier()))
                .withMaxChannelsPerPeer(MAX_CHANNELS);
        SecureChannelOptions open = SecureChannelOptions.trusting(TrustPolicy.identifier(bob.identifier()));
        listen(Showing.NOBODY, accepting);
        opening.put(Showing.NOBODY, open);
        listen(Showing.INITIATOR, accepting.withAuthorities(authority.identifier()));
        opening.put(Showing.INITIATOR, open.withCredential(ofAlice));
        listen(Showing.BOTH, accepting.withAuthorities(authority.identifier()).withCredential(ofBob));
        opening.put(Showing.BOTH, open.withCredential(ofAlice).withAuthorities(authority.identifier()));
        node.start(ECHOER, Codec.bytes(), Pinger.echoer());
        letIn(ECHOER);
    }

    private static CredentialAndPurposeKey credential(Identity authority, Identity subject) throws Exception {
        Attributes said = Attributes.ofTexts(Map.of("role", "member", "trust_context_id", "benchmarks"));
        return await(authority
                .identities()
                .issueCredential(authority, CredentialOptions.of(subject.identifier(), said, Duration.ofDays(1))));
    }

    /** Fails unless every credential of such handshakes counts at the other side. */
    void requireBelieved(Showing showing) throws Exception {
        for (Identity shower : List.of(alice, bob).subList(0, showing.credentials())) {
            if (await(shower.identities().attributes(shower.identifier(), Set.of(authority.identifier())))
                    .isEmpty()) {
                throw new IllegalStateException("the credential of " + shower + " does not count");
            }
        }
    }

    private void listen(Showing showing, SecureChannelListenerOptions options) {
        Address address = Address.of("listener-" + showing);
        listeners.put(showing, SecureChannelListener.create(node, address, bob, options));
    }

    /** Returns the address of a worker that answers each message with the same message. */
    Address echoer() {
        return ECHOER;
    }

    Node node() {
        return node;
    }

    ActorSystem<Void> system() {
        return system;
    }

    /** Returns a route through this many hops to an address of the node, without a channel. */
    Route route(int hopCount, Address last) {
        while (hops.size() < hopCount) {
            Address hop = Address.of("h" + (hops.size() + 1));
            node.start(hop, Hop.create());
            hops.add(hop);
        }
        return Route.of(hops.subList(0, hopCount)).append(last);
    }

    /** Opens a new channel over this many hops. */
    CompletionStage<SecureChannel> open(int hopCount) {
        return open(hopCount, Showing.NOBODY);
    }

    /** Opens a new channel over this many hops, with credentials. */
    CompletionStage<SecureChannel> open(int hopCount, Showing showing) {
        Address listener = Objects.requireNonNull(listeners.get(showing)).address();
        return SecureChannel.create(
                node, route(hopCount, listener), alice, Objects.requireNonNull(opening.get(showing)));
    }

    /** Returns the channel over this many hops that remains open until the end. */
    SecureChannel channel(int hopCount) throws Exception {
        SecureChannel channel = channels.get(hopCount);
        if (channel == null) {
            channel = await(open(hopCount));
            channels.put(hopCount, channel);
        }
        return channel;
    }

    /** Opens this address to messages from the accepted ends of channels. */
    void letIn(Address address) {
        listeners.values().forEach(listener -> node.allow(address).from(listener));
    }

    static <T> T await(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        system.terminate();
        system.getWhenTerminated()
                .toCompletableFuture()
                .orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS)
                .join();
    }
}
