// SPDX-License-Identifier: Apache-2.0

/**
 * Secure channels between two nodes, over any route: the handshake, the two halves of a channel, and the listener that accepts channels
 * (secure channel, sections 1 to 6). {@link ockam.channel.SecureChannel} and {@link ockam.channel.SecureChannelListener} are where
 * applications begin.
 */
@NullMarked
package ockam.channel;

import org.jspecify.annotations.NullMarked;
