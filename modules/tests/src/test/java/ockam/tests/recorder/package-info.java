// SPDX-License-Identifier: Apache-2.0

/**
 * A map of the tests that record real runs.
 *
 * <pre>
 *   RecordedExamplesTest    the main example and three processes, each drawn the same in every run, and as on the pages
 *   RecordedChannelsTest    nested channels, drops and relays over connections, as they are recorded
 *   BrowserTest             a page in a real browser: it has the picture, it filters, and no name breaks out of it
 *
 * Used by these tests
 *   Drawings                the diagrams on the pages, which are compared with recordings, or replaced by them
 * </pre>
 */
@NullMarked
package ockam.tests.recorder;

import org.jspecify.annotations.NullMarked;
