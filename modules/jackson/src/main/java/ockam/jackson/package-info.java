// SPDX-License-Identifier: Apache-2.0

/**
 * Codecs for records and sealed hierarchies, in JSON and CBOR, by Jackson: {@link ockam.jackson.JacksonCodecs}. Payloads name types only by
 * names that the application has given; nothing in a payload can choose a class.
 */
@NullMarked
package ockam.jackson;

import org.jspecify.annotations.NullMarked;
