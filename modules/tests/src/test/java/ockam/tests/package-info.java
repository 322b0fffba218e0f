// SPDX-License-Identifier: Apache-2.0

/** Tests of what no module can test alone: the shape of the whole, and programs over several modules. */
@NullMarked
package ockam.tests;

import org.jspecify.annotations.NullMarked;
