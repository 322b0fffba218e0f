// SPDX-License-Identifier: Apache-2.0

@NullMarked
package ockam.identity;

import org.jspecify.annotations.NullMarked;
