// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.SupervisorStrategy;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import ockam.routing.AccessControl;
import ockam.routing.Metadata;
import ockam.routing.Producer;
import ockam.routing.spi.EndpointSpec;
import ockam.routing.spi.ShutdownOrder;
import ockam.wire.Address;
import org.jspecify.annotations.Nullable;

/**
 * How a worker is started. Immutable; each {@code withX} returns a copy.
 *
 * <p>By default everything may come in and go out (routing, section 5.2), and the worker runs on {@code ockam.dispatcher}.
 */
public final class WorkerOptions {
    /** The dispatcher of hops, channels and, by default, workers. */
    public static final String DISPATCHER = "ockam.dispatcher";

    private static final WorkerOptions DEFAULTS = new WorkerOptions(
            AccessControl.allowAll(),
            AccessControl.allowAll(),
            Metadata.none(),
            List.of(),
            DispatcherSelector.fromConfig(DISPATCHER),
            null,
            ShutdownOrder.WORKERS,
            List.of());

    private final AccessControl incoming;
    private final AccessControl outgoing;
    private final Metadata metadata;
    private final List<EndpointSpec> more;
    private final DispatcherSelector dispatcher;
    private final @Nullable SupervisorStrategy supervision;
    private final ShutdownOrder step;
    private final List<Producer> openTo;

    private WorkerOptions(
            AccessControl incoming,
            AccessControl outgoing,
            Metadata metadata,
            List<EndpointSpec> more,
            DispatcherSelector dispatcher,
            @Nullable SupervisorStrategy supervision,
            ShutdownOrder step,
            List<Producer> openTo) {
        this.incoming = Objects.requireNonNull(incoming, "incoming");
        this.outgoing = Objects.requireNonNull(outgoing, "outgoing");
        this.metadata = Objects.requireNonNull(metadata, "metadata");
        this.more = List.copyOf(more);
        this.dispatcher = Objects.requireNonNull(dispatcher, "dispatcher");
        this.supervision = supervision;
        this.step = step;
        this.openTo = List.copyOf(openTo);
    }

    /** The options that are right for most workers. */
    public static WorkerOptions defaults() {
        return DEFAULTS;
    }

    /** What may reach the worker's first address. */
    public WorkerOptions withIncoming(AccessControl control) {
        return new WorkerOptions(control, outgoing, metadata, more, dispatcher, supervision, step, openTo);
    }

    /** What may be sent from the worker's first address. */
    public WorkerOptions withOutgoing(AccessControl control) {
        return new WorkerOptions(incoming, control, metadata, more, dispatcher, supervision, step, openTo);
    }

    /** What the node should know about the worker's first address. */
    public WorkerOptions withMetadata(Metadata known) {
        return new WorkerOptions(incoming, outgoing, known, more, dispatcher, supervision, step, openTo);
    }

    /** One more address, with its own rules. */
    public WorkerOptions withAddress(Address address, AccessControl in, AccessControl out) {
        List<EndpointSpec> all = new ArrayList<>(more);
        all.add(new EndpointSpec(address, in, out, Metadata.none()));
        return new WorkerOptions(incoming, outgoing, metadata, all, dispatcher, supervision, step, openTo);
    }

    /** Where the worker runs. A worker that blocks needs its own dispatcher. */
    public WorkerOptions withDispatcher(DispatcherSelector selector) {
        return new WorkerOptions(incoming, outgoing, metadata, more, selector, supervision, step, openTo);
    }

    /**
     * What becomes of a worker that throws an exception. If nothing is said, one that the node has started carries on with the next message,
     * as in Ockam, and one that you spawn yourself stops, as any actor does, unless you supervise it.
     *
     * <p>Messages that arrive while a worker waits to be restarted stay under way, so that their senders wait as well; those for which the
     * strategy's stash has no room are dropped as {@code MAILBOX_FULL}, and those that still wait when the worker fails again, before it
     * has received all of them, as {@code FORGOTTEN}. A strategy that is put around the behavior itself, with {@code Behaviors.supervise},
     * keeps its messages unseen: for their senders they are done, and what it drops is not always counted.
     */
    public WorkerOptions withSupervision(SupervisorStrategy strategy) {
        Objects.requireNonNull(strategy, "strategy");
        return new WorkerOptions(incoming, outgoing, metadata, more, dispatcher, strategy, step, openTo);
    }

    /** When the worker is stopped with its node: 7 first, 1 last, 4 by default (routing, section 7.4). */
    public WorkerOptions withShutdownPriority(int priority) {
        return new WorkerOptions(
                incoming,
                outgoing,
                metadata,
                more,
                dispatcher,
                supervision,
                ShutdownOrder.ofPriority(priority),
                openTo);
    }

    /**
     * Opens the worker's first address to what a producer brings in, such as a listener: like {@code node.allow(worker).from(producer)},
     * but from the first moment, and again whenever the worker takes its address.
     */
    public WorkerOptions withOpenTo(Producer producer) {
        List<Producer> all = new ArrayList<>(openTo);
        all.add(producer);
        return new WorkerOptions(incoming, outgoing, metadata, more, dispatcher, supervision, step, all);
    }

    List<Producer> openTo() {
        return openTo;
    }

    List<EndpointSpec> endpoints(Address first) {
        List<EndpointSpec> all = new ArrayList<>();
        all.add(new EndpointSpec(first, incoming, outgoing, metadata));
        all.addAll(more);
        return all;
    }

    /** The endpoints of a hop. */
    List<EndpointSpec> hopEndpoints(Address first) {
        return endpoints(first).stream().map(EndpointSpec::passingOn).toList();
    }

    DispatcherSelector dispatcher() {
        return dispatcher;
    }

    /** What becomes of it when it throws; null if nothing was said. */
    @Nullable
    SupervisorStrategy supervision() {
        return supervision;
    }

    ShutdownOrder step() {
        return step;
    }
}
