// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

/**
 * Information attached to a message inside a node that never leaves it, such as the verified peer of the channel through which
 * the message arrived (routing, section 1.6). It is printed with its message, so its text must be safe to log.
 */
public interface LocalInfo {}
