// SPDX-License-Identifier: Apache-2.0

/**
 * A node gives types and actors to the messages that {@link ockam.routing} moves. {@link ockam.node.Ockam} makes nodes, a
 * {@link ockam.node.Node} starts workers, mailboxes and streams, and a {@link ockam.node.Routed} is a message as a worker gets it.
 *
 * <p>For the modules of this project, {@link ockam.node.NodeAccess} is the only way from a node to its router, and
 * {@link ockam.node.StreamPort} is where a channel's streams dock, and where a transport would.
 */
@NullMarked
package ockam.node;

import org.jspecify.annotations.NullMarked;
