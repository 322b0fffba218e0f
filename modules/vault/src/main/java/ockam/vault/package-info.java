// SPDX-License-Identifier: Apache-2.0

@NullMarked
package ockam.vault;

import org.jspecify.annotations.NullMarked;
