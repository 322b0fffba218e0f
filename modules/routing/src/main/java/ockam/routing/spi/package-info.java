// SPDX-License-Identifier: Apache-2.0

/**
 * INTERNAL API. The seam at which everything that lives on a node docks: workers, mailboxes, streams, channels and transports are guests at
 * the table of one {@link ockam.routing.spi.Router}.
 *
 * <ul>
 *   <li><b>To live at an address</b>, a guest asks for it with {@link ockam.routing.spi.Router#register} and says with
 *       {@link ockam.routing.spi.Registration#open} where deliveries go. The registration tells the whole life of that hold.
 *   <li><b>A message is looked up</b> in {@code Router.dispatch}, on the sender's thread: the address table, both access controls, and then
 *       the handler of the registration.
 *   <li><b>A message comes in</b> with a {@link ockam.routing.spi.Permit} of a {@link ockam.routing.spi.Window}, which bounds what its
 *       entrance may have under way. A guest with an entrance of its own asks for it with
 *       {@link ockam.routing.spi.Router#openWindow}; plain sends share one.
 *   <li><b>The permit comes back</b> when the {@link ockam.routing.spi.Delivery} that carries it is settled: released, lost, or moved to the
 *       messages that are made from it. If all that was made from a message was lost, so is the message, and its entrance is told.
 *   <li><b>What comes in from outside</b> reaches only the addresses that {@link ockam.routing.spi.FlowControls} opens to it.
 *   <li><b>A node stops</b> in the steps of {@link ockam.routing.spi.ShutdownOrder}.
 *   <li><b>What happens</b> can be seen by an {@link ockam.routing.spi.Observer}.
 * </ul>
 *
 * <p>A transport docks with {@code ockam.node.StreamPort}: two addresses, a window, and a flow between them.
 */
@NullMarked
package ockam.routing.spi;

import org.jspecify.annotations.NullMarked;
