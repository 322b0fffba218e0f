// SPDX-License-Identifier: Apache-2.0

/**
 * A map of the tests of nodes with TCP between them.
 *
 * <pre>
 * All of them
 *   UnreliableNetworkTest     a network that tears, slows down and cuts connections: what arrives, and what everyone is told
 *   FirstMistakesOverTcpTest  what one sees of mistakes with several nodes, rows of docs/troubleshooting.md
 *   ReachOverTcpTest          which addresses a connection can reach, and the routes that messages have on the way
 *   ReconnectingTest          a connection that is made anew: a hundred cuts, a thousand with -Dockam.long=true, and channels and streams
 *   StopUnderLoadTest         a node that stops while much is under way, twenty times; two hundred with -Dockam.long=true
 *   VanishedPeersTest         a network that goes silent under 20 channels that watch their peers; 1,000 with -Dockam.long=true
 *   IdleConnectionTest        a connection that is idle for 350 s; only with -Dockam.long=true
 * </pre>
 */
@NullMarked
package ockam.tests.tcp;

import org.jspecify.annotations.NullMarked;
