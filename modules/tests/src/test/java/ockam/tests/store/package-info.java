// SPDX-License-Identifier: Apache-2.0

/**
 * A map of the tests of stores as applications use them.
 *
 * <pre>
 *   StoreSnippetsTest  what the page about stores shows, and that it does what the page says
 * </pre>
 */
@NullMarked
package ockam.tests.store;

import org.jspecify.annotations.NullMarked;
