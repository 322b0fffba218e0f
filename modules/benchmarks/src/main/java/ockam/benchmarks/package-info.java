// SPDX-License-Identifier: Apache-2.0

/** Benchmarks: what a message costs through hops and channels, beside the Rust implementation and the least that it could cost. */
@NullMarked
package ockam.benchmarks;

import org.jspecify.annotations.NullMarked;
