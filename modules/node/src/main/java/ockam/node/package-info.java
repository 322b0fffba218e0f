// SPDX-License-Identifier: Apache-2.0

@NullMarked
package ockam.node;

import org.jspecify.annotations.NullMarked;
