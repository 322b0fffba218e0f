// SPDX-License-Identifier: Apache-2.0

/** The steps of the guide, one main class each. */
@NullMarked
package ockam.examples;

import org.jspecify.annotations.NullMarked;
