// SPDX-License-Identifier: Apache-2.0

/**
 * Routing moves untyped messages between addresses of a node (routing, section 1). This package has the types that applications need for
 * it: who may send where ({@link ockam.routing.AccessControl}), who proved to be at the other end ({@link ockam.routing.Peer}) and what
 * authorities say about it ({@link ockam.routing.PeerAttributes}), what became of a message ({@link ockam.routing.SendResult}, {@link ockam.routing.DropReason}), and how much may be under way
 * ({@link ockam.routing.NodeSettings}).
 *
 * <p>What moves the messages is in {@link ockam.routing.spi}; applications do not need it.
 */
@NullMarked
package ockam.routing;

import org.jspecify.annotations.NullMarked;
