// SPDX-License-Identifier: Apache-2.0

/**
 * A map of the tests of the code that the modules of this project share.
 *
 * <pre>
 * All of them
 *   BytesTest          arrays and byte strings are converted without a copy where that is safe
 *   FailuresTest       the cause is found under the wrappers of stages
 *   SettingsBlockTest  settings out of range are refused by their path
 * </pre>
 */
@NullMarked
package ockam.wire.internal;

import org.jspecify.annotations.NullMarked;
