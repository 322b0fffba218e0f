// SPDX-License-Identifier: Apache-2.0

/**
 * A map of the tests of spans and metrics as they are made of events; those with real channels, asks, streams and connections are in {@code
 * ockam.tests.opentelemetry}.
 *
 * <pre>
 *   SpansTest                   spans begin and end with what they are about, or with the node, or when this is closed; their bound
 *   MetricsTest                 what is counted, of which nodes, and that it remains; nothing is made while nothing is started
 *   OckamTelemetrySettingsTest  the keys in reference.conf, their defaults and ranges
 *   TracedCodecTest             a context and a message, to bytes and back; what is no context, too long, or no message
 *   TracedCodecProperties       every context comes back; no bytes make decoding throw
 *
 * Used by these tests
 *   Told                        an event as another module would tell it
 * </pre>
 */
@NullMarked
package ockam.opentelemetry;

import org.jspecify.annotations.NullMarked;
