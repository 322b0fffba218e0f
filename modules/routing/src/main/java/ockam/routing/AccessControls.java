// SPDX-License-Identifier: Apache-2.0

package ockam.routing;

/** The two constant controls, kept apart so that the node can pass over them without a call. */
final class AccessControls {
    static final AccessControl ALLOW_ALL = (source, destination, message) -> true;
    static final AccessControl DENY_ALL = (source, destination, message) -> false;

    private AccessControls() {}
}
