// SPDX-License-Identifier: Apache-2.0

@NullMarked
package ockam.testkit;

import org.jspecify.annotations.NullMarked;
