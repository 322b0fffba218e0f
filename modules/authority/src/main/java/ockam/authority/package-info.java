// SPDX-License-Identifier: Apache-2.0

/**
 * An authority, whose word others believe: it keeps members and tokens, and gives members credentials (authority, sections 1 to 6).
 */
@NullMarked
package ockam.authority;

import org.jspecify.annotations.NullMarked;
