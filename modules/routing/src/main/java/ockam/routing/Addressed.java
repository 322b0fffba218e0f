// SPDX-License-Identifier: Apache-2.0

package ockam.routing;

import ockam.wire.Address;

/** Something that lives at an address of a node. */
public interface Addressed {
    /** The address, the first one when there are several. */
    Address address();
}
