// SPDX-License-Identifier: Apache-2.0

/**
 * Rules about the attributes of a peer (authority, section 8): {@link ockam.routing.rule.Rule} is one, and
 * {@link ockam.routing.AccessControl#attributes} asks it for each message.
 */
@NullMarked
package ockam.routing.rule;

import org.jspecify.annotations.NullMarked;
