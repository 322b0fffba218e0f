// SPDX-License-Identifier: Apache-2.0

/**
 * Relays for nodes that nobody can connect to (services, section 1): a {@link ockam.relay.RelayService} on a node that can be reached, and a
 * {@link ockam.relay.RemoteRelay} on each node that registers there.
 *
 * <p>A relay sees all that it passes on. What nobody should read or change belongs in secure channels from end to end.
 */
@NullMarked
package ockam.relay;

import org.jspecify.annotations.NullMarked;
