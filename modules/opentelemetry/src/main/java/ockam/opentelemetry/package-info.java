// SPDX-License-Identifier: Apache-2.0

/**
 * What passes on nodes, for OpenTelemetry: spans of handshakes, connects, asks and streams, and metrics. {@link
 * ockam.opentelemetry.OckamTelemetry} makes them of what nodes say about themselves; they see addresses, sizes and reasons, and never a payload
 * or a key.
 *
 * <p>No context of a trace leaves a node by itself. A {@link ockam.opentelemetry.Traced} message carries one in its payload.
 */
@NullMarked
package ockam.opentelemetry;

import org.jspecify.annotations.NullMarked;
