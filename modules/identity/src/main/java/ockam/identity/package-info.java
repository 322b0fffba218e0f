// SPDX-License-Identifier: Apache-2.0

/**
 * Identities with their histories of keys, the attestations of the keys that they use, and the policies that decide which peers
 * are trusted (secure channel, sections 4 and 7.1).
 */
@NullMarked
package ockam.identity;

import org.jspecify.annotations.NullMarked;
