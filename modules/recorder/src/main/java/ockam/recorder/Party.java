// SPDX-License-Identifier: Apache-2.0

package ockam.recorder;

import ockam.wire.Address;

/**
 * Whom a diagram shows: what lives at an address.
 *
 * @param place on which node
 * @param address of those that belong together, such as the three of a channel, the first one
 */
record Party(Place place, Address address) {}
