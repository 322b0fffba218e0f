// SPDX-License-Identifier: Apache-2.0

/**
 * A map of the tests of the codecs by Jackson: what each file proves.
 *
 * <pre>
 *   JacksonCodecsTest        what payloads look like, what is refused and in which words, who may name types
 *   JacksonCodecsProperties  random values survive; prefixes, flipped bits and noise never make a codec throw
 *
 * Used by these tests
 *   Command                  a sealed hierarchy of each kind of type
 * </pre>
 */
@NullMarked
package ockam.jackson;

import org.jspecify.annotations.NullMarked;
