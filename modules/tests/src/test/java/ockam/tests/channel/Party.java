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
 * Somebody who opens and accepts channels: an identity, and a vault that nobody else uses.
 *
 * @param vault where the keys really are
 * @param identity who it is
 */
record Party(SoftwareVault vault, Identity identity) {

    /** Somebody new. */
    static Party create(ActorSystem<?> system) {
        return create(system, Clock.systemUTC());
    }

    /** Somebody new with a clock of its own. */
    static Party create(ActorSystem<?> system, Clock clock) {
        SoftwareVault vault = vault(system);
        return create(vault, vault, InMemoryIdentityRepository.create(), clock);
    }

    /** Somebody new whose identities see another vault than the one that is counted, such as one around it. */
    static Party create(SoftwareVault vault, Vault seen, IdentityRepository repository, Clock clock) {
        return new Party(vault, await(Identities.create(seen, repository, clock).create()));
    }

    /** A vault that works where those of nodes do. */
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

    /** The policy of those who want to talk to this one, and to nobody else. */
    TrustPolicy only() {
        return TrustPolicy.identifier(id());
    }

    /** How to open a channel to this one. */
    SecureChannelOptions called() {
        return SecureChannelOptions.trusting(only());
    }

    /** How to listen for channels from this one. */
    SecureChannelListenerOptions heard() {
        return SecureChannelListenerOptions.trusting(only());
    }
}
