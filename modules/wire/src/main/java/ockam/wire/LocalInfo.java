// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

/**
 * Something that rides on a message inside a node and never leaves it, such as the verified peer of the channel that the
 * message came through (routing, section 1.6). It is printed with its message, so its text must be safe to log.
 */
public interface LocalInfo {}
