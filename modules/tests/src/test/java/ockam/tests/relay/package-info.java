// SPDX-License-Identifier: Apache-2.0

/**
 * A map of the tests of relays between nodes with TCP or channels between them.
 *
 * <pre>
 *   ChannelOverRelayTest   a secure channel through a relay, and names that belong to identities
 *   GuardedRelayTest       what comes into relays, and to whom they lead, by what an authority says
 *   RelayComebackTest      a node that comes back when its connection is cut or its relay's node restarted, a hundred times each; a
 *                          thousand with -Dockam.long=true, which prints how long it takes
 * </pre>
 */
@NullMarked
package ockam.tests.relay;

import org.jspecify.annotations.NullMarked;
