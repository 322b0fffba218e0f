// SPDX-License-Identifier: Apache-2.0

/**
 * Addresses, routes and messages, and how they and the payloads of applications are encoded (routing, sections 1.3, 1.4 and 2).
 * Knows nothing about actors.
 */
@NullMarked
package ockam.wire;

import org.jspecify.annotations.NullMarked;
