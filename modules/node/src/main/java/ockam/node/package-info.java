// SPDX-License-Identifier: Apache-2.0

/**
 * A node gives types and actors to the messages that {@link ockam.routing} moves. {@link ockam.node.Ockam} creates nodes, a
 * {@link ockam.node.Node} starts workers, mailboxes and streams, and a {@link ockam.node.Routed} is a message as a worker receives it.
 *
 * <p>For the modules of this project, {@link ockam.node.NodeAccess} is the only access to the router of a node:
 * {@link ockam.node.StreamPort} connects a channel's streams to it, and a {@link ockam.node.Connection} a transport.
 */
@NullMarked
package ockam.node;

import org.jspecify.annotations.NullMarked;
