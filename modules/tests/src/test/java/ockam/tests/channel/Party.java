// SPDX-License-Identifier: Apache-2.0

package ockam.tests.channel;

import static ockam.fixtures.Stages.await;

import akka.actor.typed.ActorSystem;
import java.time.Clock;
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
 * A party that opens and accepts channels: an identity, and its own vault.
 *
 * @param vault the vault that really holds the keys
 * @param identity its identity
 */
record Party(SoftwareVault vault, Identity identity) {

    /** Creates a party. */
    static Party create(ActorSystem<?> system) {
        return create(system, Clock.systemUTC());
    }

    /** Creates a party with its own clock. */
    static Party create(ActorSystem<?> system, Clock clock) {
        SoftwareVault vault = vault(system);
        return create(vault, vault, InMemoryIdentityRepository.create(), clock);
    }

    /** Creates a party whose identities see a different vault than the one that is counted, such as a wrapper around it. */
    static Party create(SoftwareVault vault, Vault seen, IdentityRepository repository, Clock clock) {
        return new Party(vault, await(Identities.create(seen, repository, clock).create()));
    }

    /** Returns a vault on the same executor as those of nodes. */
    static SoftwareVault vault(ActorSystem<?> system) {
        return SoftwareVault.create(Ockam.get(system).cryptoExecutor());
    }

    Identifier id() {
        return identity.identifier();
    }

    Identities identities() {
        return identity.identities();
    }

    KeyCounts keys() {
        return vault.keyCounts();
    }

    /** Returns the policy that trusts only this party. */
    TrustPolicy only() {
        return TrustPolicy.identifier(id());
    }

    /** Returns options for a channel to this party. */
    SecureChannelOptions channelOptions() {
        return SecureChannelOptions.trusting(only());
    }

    /** Returns options for a listener that accepts channels from this party. */
    SecureChannelListenerOptions listenerOptions() {
        return SecureChannelListenerOptions.trusting(only());
    }
}
