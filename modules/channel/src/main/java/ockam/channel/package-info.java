// SPDX-License-Identifier: Apache-2.0

@NullMarked
package ockam.channel;

import org.jspecify.annotations.NullMarked;
