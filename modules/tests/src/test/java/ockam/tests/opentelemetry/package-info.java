// SPDX-License-Identifier: Apache-2.0

/**
 * A map of the tests of spans, metrics and traces of real nodes, with an SDK whose exporters are in memory.
 *
 * <pre>
 *   SpansOfNodesTest    each kind of span, as it is made and as it fails; none for messages; what ends with the node or when it is closed
 *   MetricsOfNodesTest  each metric, and that the page has them all, and all spans and attributes
 *   TracedMessagesTest  traces that go on at the other end of a channel by links; hops see nothing of them
 *
 * Used by these tests
 *   Ends                two ends of channels on one node, and what is told of them
 * </pre>
 */
@NullMarked
package ockam.tests.opentelemetry;

import org.jspecify.annotations.NullMarked;
