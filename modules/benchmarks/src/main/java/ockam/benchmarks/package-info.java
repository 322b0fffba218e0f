// SPDX-License-Identifier: Apache-2.0

/**
 * Benchmarks: the cost of a message through hops and channels, compared with the Rust implementation and with the minimum
 * possible cost.
 */
@NullMarked
package ockam.benchmarks;

import org.jspecify.annotations.NullMarked;
