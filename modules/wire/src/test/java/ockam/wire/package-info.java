// SPDX-License-Identifier: Apache-2.0

/**
 * A map of the tests of addresses, routes, messages and their encodings: what each file proves.
 *
 * <pre>
 * Values
 *   AddressTest          addresses: text form, equality, order, decoding
 *   IdentifierTest       identifiers: text form, equality, encoding
 *   AttributesTest       attributes: texts and bytes, bounds, encoding, what is kept and printed
 *   RouteTest            routes: text form, changes, equality, decoding, a hundred thousand addresses
 *   RouteProperties      routes under random operations, compared with a list of addresses
 *   LocalMessageTest     messages inside a node: steps, what is kept, what is copied, what is printed
 *   DecodedTest          a result: the value, or why there is none
 *
 * CBOR
 *   CborReaderTest       what is read, in which forms, and what is refused for which reason
 *   CborWriterTest       what is written, into its own arrays and the caller's
 *   CborSkipTest         unknown content is skipped, exactly one item of it
 *   CborLimitsTest       claims of a peer that the input does not back cost nothing; limits, and depth
 *   CborProperties       random values survive; prefixes, flipped bits and noise never make it throw
 *
 * BARE
 *   BareTest             what is read and written, what is refused, limits, and depth
 *   BareProperties       random values survive; prefixes, flipped bits and noise never make it throw
 *
 * Whole messages
 *   CodecTest            the codecs that applications use: text, bytes, any, custom types, tags; what they call themselves and nulls
 *   MessageEncodingTest  the plaintext of a channel, byte for byte as the protocol shows it
 *   TransportMessageTest  messages between nodes, byte for byte as the protocol shows them; random ones survive
 *
 * Used by these tests
 *   DecodedAssert        asserts the result of a decoder
 *   Sample               a structure with one field of each kind
 *   Samples              generators of random values, with a fixed seed
 * </pre>
 */
@NullMarked
package ockam.wire;

import org.jspecify.annotations.NullMarked;
