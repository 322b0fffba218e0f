// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

/**
 * Something that rides on a message inside a node and never leaves it, such as the verified peer of the channel that it came through
 * (routing, section 1.6). Modules implement it with values of their own; one that prints must show no secret.
 */
public interface LocalInfo {}
