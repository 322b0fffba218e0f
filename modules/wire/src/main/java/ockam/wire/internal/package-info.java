// SPDX-License-Identifier: Apache-2.0

/** Shared by the modules of this project, and not for use elsewhere: it may change with every version. */
@NullMarked
package ockam.wire.internal;

import org.jspecify.annotations.NullMarked;
