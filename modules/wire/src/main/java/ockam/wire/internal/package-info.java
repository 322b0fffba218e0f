// SPDX-License-Identifier: Apache-2.0

@NullMarked
package ockam.wire.internal;

import org.jspecify.annotations.NullMarked;
