// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.Extension;
import akka.actor.typed.ExtensionId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import ockam.node.Node;
import ockam.node.WorkerOptions;
import ockam.wire.Address;
import ockam.wire.internal.SettingsBlock;
import scala.concurrent.ExecutionContextExecutor;

/**
 * The open secure channels of an actor system, both ends, by node and encryptor address (secure channel, section 3.5): an Akka extension.
 *
 * <p>Thread safe.
 */
public final class SecureChannels implements Extension {

    /** How Akka finds the extension. */
    public static final class Id extends ExtensionId<SecureChannels> {
        private static final Id INSTANCE = new Id();

        private Id() {}

        @Override
        public SecureChannels createExtension(ActorSystem<?> system) {
            return new SecureChannels(system);
        }
    }

    private final SecureChannelSettings settings;
    // Three, so that strangers that call delay neither the peers that this side calls nor those that have a channel.
    private final SignatureQueue callers;
    private final SignatureQueue called;
    private final SignatureQueue refreshes;
    private final OwnHistories ownHistories = new OwnHistories();
    private final RateLimit catchUpKeys = new RateLimit(CatchUp.KEYS_PER_SECOND, System::nanoTime);
    private final Map<Node, Map<Address, SecureChannel>> byNode = new ConcurrentHashMap<>();

    private SecureChannels(ActorSystem<?> system) {
        this.settings = SecureChannelSettings.create(
                new SettingsBlock("ockam.channel").block(system.settings().config()::getConfig));
        ExecutionContextExecutor dispatcher =
                system.dispatchers().lookup(DispatcherSelector.fromConfig(WorkerOptions.DISPATCHER));
        this.callers = new SignatureQueue(dispatcher);
        this.called = new SignatureQueue(dispatcher);
        this.refreshes = new SignatureQueue(dispatcher);
        // It ends with the scheduler of the actor system.
        var unused = system.scheduler()
                .scheduleWithFixedDelay(Idleness.PERIOD, Idleness.PERIOD, this::endIdleChannels, dispatcher);
    }

    /** The extension of this actor system. */
    public static SecureChannels get(ActorSystem<?> system) {
        return Id.INSTANCE.apply(system);
    }

    /** The channel whose encryptor lives at this address of the node. */
    public Optional<SecureChannel> find(Node node, Address encryptor) {
        return Optional.ofNullable(byNode.getOrDefault(node, Map.of()).get(encryptor));
    }

    /** All open channels of a node, in no particular order; also those that are still being set up. */
    public List<SecureChannel> list(Node node) {
        return List.copyOf(byNode.getOrDefault(node, Map.of()).values());
    }

    /** The settings that were read when the extension was first used. */
    public SecureChannelSettings settings() {
        return settings;
    }

    /** Returns the queue for all handshakes of the actor system in which this side has this role. */
    SignatureQueue strangers(Role role) {
        return switch (role) {
            case INITIATOR -> called;
            case RESPONDER -> callers;
        };
    }

    /** Returns the queue for what the peers of all open channels show later. */
    SignatureQueue refreshes() {
        return refreshes;
    }

    /** Returns where all channels read what they show of their own histories. */
    OwnHistories ownHistories() {
        return ownHistories;
    }

    /** Returns how many keys all channels of the actor system may derive for frames too far ahead. */
    RateLimit catchUpKeys() {
        return catchUpKeys;
    }

    private void endIdleChannels() {
        for (Map<Address, SecureChannel> channels : byNode.values()) {
            for (SecureChannel channel : channels.values()) {
                if (channel.idleness().look()) {
                    channel.end(CloseReason.IDLE);
                }
            }
        }
    }

    void add(SecureChannel channel) {
        byNode.compute(channel.node(), (node, channels) -> {
            Map<Address, SecureChannel> all = channels == null ? new ConcurrentHashMap<>() : channels;
            all.put(channel.address(), channel);
            return all;
        });
    }

    void remove(SecureChannel channel) {
        byNode.computeIfPresent(channel.node(), (node, channels) -> {
            channels.remove(channel.address());
            return channels.isEmpty() ? null : channels;
        });
    }
}
