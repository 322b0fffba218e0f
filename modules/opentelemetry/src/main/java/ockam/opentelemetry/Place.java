// SPDX-License-Identifier: Apache-2.0

package ockam.opentelemetry;

import ockam.wire.Address;

/** An address of a node: nodes of one actor system may have the same addresses. */
record Place(String node, Address address) {}
