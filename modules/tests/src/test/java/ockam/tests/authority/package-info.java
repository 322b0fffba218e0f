// SPDX-License-Identifier: Apache-2.0

/**
 * A map of the tests of authorities together with the nodes that believe them.
 *
 * <pre>
 *   EnrolledMembersTest   from a ticket to an answer of a guarded worker, as the page on authorities shows it
 * </pre>
 */
@NullMarked
package ockam.tests.authority;

import org.jspecify.annotations.NullMarked;
