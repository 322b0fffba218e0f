// SPDX-License-Identifier: Apache-2.0

/**
 * INTERNAL API. The interface between a node and everything that lives on it: workers, mailboxes, streams, channels and transports are
 * guests at the address table of one {@link ockam.routing.spi.Router}.
 *
 * <ul>
 *   <li><b>To live at an address</b>, a guest takes it with {@link ockam.routing.spi.Router#register} and says with
 *       {@link ockam.routing.spi.Registration#open} where deliveries go. {@link ockam.routing.spi.Registration} describes the whole life of
 *       that hold.
 *   <li><b>A message is looked up</b> in {@code Router.dispatch}, on the sender's thread: the address table, both access controls, and then
 *       the handler of the registration. A worker's handler tells its actor; {@code Node.start} sets it.
 *   <li><b>A message comes in</b> with a {@link ockam.routing.spi.Permit} of a {@link ockam.routing.spi.Window}, which bounds what its
 *       entrance may have under way. A guest with its own entrance opens a window with {@link ockam.routing.spi.Router#openWindow}; all
 *       plain sends share one.
 *   <li><b>The permit comes back</b> when the {@link ockam.routing.spi.Delivery} that carries it is released or lost. The messages that are
 *       made from it take the permit over. If all of them are lost, so is the message, and its entrance is told. Deliveries end where a
 *       worker's handler returns ({@code WorkerInterceptor}), a stream pushes its element ({@code PortStage}), a mailbox hands its message
 *       out, an address closes ({@code Registration}), or an actor has just stopped ({@code LostAndFound}).
 *   <li><b>What comes in from outside</b> reaches only the addresses that {@link ockam.routing.spi.FlowControls} opens to it.
 *   <li><b>A node stops</b> in the steps of {@link ockam.routing.spi.ShutdownOrder}. If its actor system terminates before, every
 *       registration that is left ends; who promises something to a caller ties it to that.
 *   <li><b>What happens</b> can be seen by an {@link ockam.routing.spi.Observer}.
 * </ul>
 *
 * <p>A transport turns bytes into messages and back; {@code ockam.node.Connection} is what it connects to a node: two addresses, a
 * {@link ockam.routing.spi.ReadWindow}, a producer of {@link ockam.routing.spi.FlowControls}, and a flow between them.
 */
@NullMarked
package ockam.routing.spi;

import org.jspecify.annotations.NullMarked;
