// SPDX-License-Identifier: Apache-2.0

/** Messages between addresses, whatever they carry: what applications name and decide about. */
@NullMarked
package ockam.routing;

import org.jspecify.annotations.NullMarked;
