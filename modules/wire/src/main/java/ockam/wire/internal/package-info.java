// SPDX-License-Identifier: Apache-2.0

/** What the modules of this project share and nobody else uses: it may change with every version. */
@NullMarked
package ockam.wire.internal;

import org.jspecify.annotations.NullMarked;
