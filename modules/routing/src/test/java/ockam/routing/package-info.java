// SPDX-License-Identifier: Apache-2.0

/**
 * A map of the tests of what applications name and decide. Its effect on a node is tested in ockam.node.
 *
 * <pre>
 * All of them
 *   AccessControlTest    what each rule of access control allows
 *   AttributeAccessTest  access by what authorities say about a peer: which of them count, until when, what the log says
 *   MetadataTest         the attributes of an address are copied
 *   NodeSettingsTest     the keys of reference.conf, their defaults and ranges
 *   PeerTest             a peer and its attributes: bounds, equality, what is printed
 * </pre>
 */
@NullMarked
package ockam.routing;

import org.jspecify.annotations.NullMarked;
