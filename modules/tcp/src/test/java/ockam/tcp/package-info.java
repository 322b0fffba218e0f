// SPDX-License-Identifier: Apache-2.0

/**
 * A map of the tests of the TCP transport.
 *
 * <pre>
 * Parts
 *   HostAndPortTest    where to connect and to listen: what is accepted, what is refused
 *   FrameDecoderTest   bytes in any pieces become the same messages; mistakes of the other side, silence, unfinished messages
 *   BackoffTest        how long to wait before each attempt to connect anew
 *   ReconnectorTest    a reconnecting connection: when it connects, what becomes of messages, how it stops
 *   TcpSettingsTest    the keys in reference.conf, their defaults and ranges
 *
 * Over sockets
 *   TcpTransportTest   connections and listeners of nodes, and what raw sockets do to them
 *   TcpStrangersTest   a thousand strangers at once, with half a message each, or that leave at once
 *   TcpEndsTest        peers that do not read, or do not close, when a connection ends
 * </pre>
 */
@NullMarked
package ockam.tcp;

import org.jspecify.annotations.NullMarked;
