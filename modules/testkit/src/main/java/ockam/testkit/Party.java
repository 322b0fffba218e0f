// SPDX-License-Identifier: Apache-2.0

package ockam.testkit;

import akka.actor.typed.ActorSystem;
import java.time.Clock;
import java.util.Arrays;
import ockam.channel.SecureChannelListenerOptions;
import ockam.channel.SecureChannelOptions;
import ockam.identity.Identities;
import ockam.identity.Identity;
import ockam.identity.IdentityRepository;
import ockam.identity.InMemoryIdentityRepository;
import ockam.identity.TrustPolicy;
import ockam.node.Ockam;
import ockam.vault.KeyCounts;
import ockam.vault.SoftwareVault;
import ockam.vault.Vault;
import ockam.wire.Identifier;

/**
 * Somebody who opens and accepts channels: an identity with a vault of its own, whose keys can be counted. All is in memory.
 *
 * @param vault the vault that holds the keys
 * @param identity the identity
 */
public record Party(SoftwareVault vault, Identity identity) {

    /** Creates a party, and waits for it. */
    public static Party create(ActorSystem<?> system) {
        return create(system, Clock.systemUTC());
    }

    /** Creates a party with its own clock, and waits for it. */
    public static Party create(ActorSystem<?> system, Clock clock) {
        SoftwareVault vault = vault(system);
        return create(vault, vault, InMemoryIdentityRepository.create(), clock);
    }

    /**
     * Creates a party, and waits for it.
     *
     * @param vault holds the keys
     * @param seen what the identity uses instead of it: the same, or one that stands before it
     * @param repository where the identity keeps what it knows
     * @param clock by which it is told what has expired
     */
    public static Party create(SoftwareVault vault, Vault seen, IdentityRepository repository, Clock clock) {
        return new Party(
                vault,
                Identities.create(seen, repository, clock)
                        .create()
                        .toCompletableFuture()
                        .join());
    }

    /** Creates a vault that computes where those of nodes do. */
    public static SoftwareVault vault(ActorSystem<?> system) {
        return SoftwareVault.create(Ockam.get(system).cryptoExecutor());
    }

    /** Who it is. */
    public Identifier identifier() {
        return identity.identifier();
    }

    /** How many keys it has at the moment. */
    public KeyCounts keys() {
        return vault.keyCounts();
    }

    /** Options for a channel to this party, and to nobody else. */
    public SecureChannelOptions channelOptions() {
        return SecureChannelOptions.trusting(TrustPolicy.identifier(identifier()));
    }

    /** Options for a listener that accepts channels from this party, and from nobody else. */
    public SecureChannelListenerOptions listenerOptions() {
        return accepting(this);
    }

    /** Options for a listener that accepts channels from these parties, and from nobody else. */
    public static SecureChannelListenerOptions accepting(Party... peers) {
        return SecureChannelListenerOptions.trusting(
                TrustPolicy.anyOf(Arrays.stream(peers).map(Party::identifier).toList()));
    }

    /** Shows who it is. */
    @Override
    public String toString() {
        return "Party(" + identifier() + ")";
    }
}
