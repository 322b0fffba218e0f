// SPDX-License-Identifier: Apache-2.0

/**
 * The Ockam TCP transport (routing, section 3): nodes listen for connections and make them. What a connection is to its node is in
 * {@link ockam.node.Connection}.
 *
 * <p>The transport itself neither encrypts nor authenticates anything; secure channels over it do.
 */
@NullMarked
package ockam.tcp;

import org.jspecify.annotations.NullMarked;
