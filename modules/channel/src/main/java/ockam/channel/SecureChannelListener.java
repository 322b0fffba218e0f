// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import akka.Done;
import akka.NotUsed;
import akka.actor.typed.ActorRef;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.Behaviors;
import akka.stream.BoundedSourceQueue;
import akka.stream.javadsl.Source;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import ockam.identity.Identity;
import ockam.node.Node;
import ockam.node.NodeAccess;
import ockam.node.WorkerOptions;
import ockam.routing.AccessControl;
import ockam.routing.Addressed;
import ockam.routing.FlowControlId;
import ockam.routing.Metadata;
import ockam.routing.Producer;
import ockam.routing.RoutingException;
import ockam.routing.spi.EndpointSpec;
import ockam.routing.spi.FlowControls;
import ockam.routing.spi.Registration;
import ockam.routing.spi.ShutdownOrder;
import ockam.wire.Address;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts secure channels at an address of a node (secure channel, section 1.1): any number of them at the same time, each with its own
 * worker.
 *
 * <p>As a {@link Producer} it represents all channels that it ever accepts: {@code node.allow(worker).from(listener)}. Thread safe.
 */
public final class SecureChannelListener implements Addressed, Producer {
    private static final Logger LOG = LoggerFactory.getLogger(SecureChannelListener.class);

    private static final Duration MIN_BACKOFF = Duration.ofMillis(100);
    private static final Duration MAX_BACKOFF = Duration.ofSeconds(10);

    private final Node node;
    private final Address address;
    private final FlowControlId flowControlId;
    private final Registration registration;
    /** The sources of {@link #accepted} that run; the listener's actor offers to them. */
    private final Set<BoundedSourceQueue<SecureChannel>> subscribers;

    private SecureChannelListener(
            Node node,
            Address address,
            FlowControlId flowControlId,
            Registration registration,
            Set<BoundedSourceQueue<SecureChannel>> subscribers) {
        this.registration = registration;
        this.subscribers = subscribers;
        this.node = node;
        this.address = address;
        this.flowControlId = flowControlId;
    }

    /**
     * Starts to accept channels; the listener can be reached as soon as the call returns.
     *
     * @param node where the listener and the accepting ends of its channels live
     * @param address must be free
     * @param identity who this side is
     * @param options the trust policy, and what should differ from the settings
     * @throws RoutingException {@code ADDRESS_IN_USE} or {@code NODE_STOPPED}
     */
    public static SecureChannelListener create(
            Node node, Address address, Identity identity, SecureChannelListenerOptions options) {
        FlowControlId id = FlowControlId.random();
        FlowControls flowControls = NodeAccess.router(node).flowControls();
        Registration registration =
                NodeAccess.router(node).register(List.of(spec(address, options)), ShutdownOrder.LISTENERS);
        flowControls.addSpawner(address, id);
        options.openTo().forEach(producer -> flowControls.addConsumer(address, producer));
        Set<BoundedSourceQueue<SecureChannel>> subscribers = ConcurrentHashMap.newKeySet();
        var unused = registration.whenEnded().thenRun(() -> subscribers.forEach(BoundedSourceQueue::complete));
        SecureChannelSettings settings = SecureChannels.get(node.system()).settings();
        OpenChannels open = new OpenChannels(options.maxChannels(settings), options.maxChannelsPerPeer(settings));
        // It holds no crypto state, so it may be restarted; handshakes under way are then no longer counted, but end by
        // themselves.
        ActorRef<Listener.Command> actor = NodeAccess.router(node)
                .spawn(
                        registration,
                        Behaviors.supervise(Listener.create(new Listener.Setup(
                                        node, registration, address, id, identity, options, subscribers, open)))
                                .onFailure(SupervisorStrategy.restartWithBackoff(MIN_BACKOFF, MAX_BACKOFF, 0.2)),
                        "listener",
                        DispatcherSelector.fromConfig(WorkerOptions.DISPATCHER));
        registration.open(Registration.Handler.telling(
                actor,
                delivery -> actor.tell(new Listener.Arrived(delivery)),
                cause -> actor.tell(Listener.Stop.INSTANCE)));
        NodeAccess.router(node)
                .logged(() -> LOG.info("Accepting secure channels at {} as {}", address, identity.identifier()));
        return new SecureChannelListener(node, address, id, registration, subscribers);
    }

    /** It sends nothing itself. */
    private static EndpointSpec spec(Address address, SecureChannelListenerOptions options) {
        return new EndpointSpec(address, options.access().incoming(), AccessControl.denyAll(), Metadata.none());
    }

    /** Where the listener lives. */
    @Override
    public Address address() {
        return address;
    }

    /** The id of what comes out of all channels of this listener. */
    @Override
    public FlowControlId flowControlId() {
        return flowControlId;
    }

    /** Whether the listener has stopped, and all channels that it accepted have ended. */
    @Override
    public boolean hasEnded() {
        return !NodeAccess.router(node).flowControls().isInUse(flowControlId());
    }

    /**
     * The channels that are accepted from now on, each when it is set up. At most {@code ockam.channel.accepted-buffer} of them wait to be
     * taken; one more is closed. Completes when the listener stops, after those that wait; immediately if it has stopped already.
     *
     * <p>By the time that a channel is taken from here, its peer's first messages may have been delivered or refused. What has to be done
     * before that belongs in {@link SecureChannelListenerOptions#withSetup}.
     */
    public Source<SecureChannel, NotUsed> accepted() {
        int buffer = SecureChannels.get(node.system()).settings().acceptedBuffer();
        return Source.<SecureChannel>queue(buffer).watchTermination((queue, ended) -> {
            subscribers.add(queue);
            if (registration.hasEnded()) {
                queue.complete(); // it may have been added too late to be completed with the others
            }
            var unused = ended.whenComplete((done, failure) -> subscribers.remove(queue));
            return NotUsed.getInstance();
        });
    }

    /** Accepts no more channels; those that are open remain open. Fails with {@code NO_SUCH_ADDRESS} if it has stopped. */
    public CompletionStage<Done> stop() {
        return node.stop(address);
    }

    @Override
    public String toString() {
        return "SecureChannelListener(" + address + ")";
    }
}
