// SPDX-License-Identifier: Apache-2.0

/**
 * A map of the tests of what applications name and decide. Its effect on a node is tested in ockam.node.
 *
 * <pre>
 * All of them
 *   AccessControlTest  what each rule of access control allows
 *   MetadataTest       the attributes of an address are copied
 *   NodeSettingsTest   the keys of reference.conf, their defaults and ranges
 * </pre>
 */
@NullMarked
package ockam.routing;

import org.jspecify.annotations.NullMarked;
