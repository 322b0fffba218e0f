// SPDX-License-Identifier: Apache-2.0

@NullMarked
package ockam.wire;

import org.jspecify.annotations.NullMarked;
