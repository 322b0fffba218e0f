// SPDX-License-Identifier: Apache-2.0

/**
 * A map of the live tests with the Rust implementation.
 *
 * <pre>
 *   ChannelInteropIT        channels opened by either side, over each way: messages, trust, what is out of reach, and the end
 *   RouteInteropIT          channels that change their way, and one over a long way
 *   RelayInteropIT          relay services of either side, with servers and clients of either side
 *   CredentialsInteropIT    members of both sides at an authority of either: got, presented, believed, renewed, ended, refused; enrollment
 *   AuthorityNodeInteropIT  enrollers, members and tickets of this library at the whole authority node of Rust; only with -Dockam.long=true
 *   CommandLineInteropIT    the node for the command line with a Rust node
 *   CargoTest               when these tests run, are skipped, or fail
 *
 * Used by these tests
 *   Scene                   a Java node and a Rust node, and a way between them
 *   JavaNode                a node of this library
 *   RustNode                a node of the Rust implementation, in a process of its own
 *   RustNodes               starts them, as a JUnit extension
 *   RustProcess             a program in Rust that does what it is told
 *   RustProcesses           starts it
 *   Cargo                   builds these programs, or decides what becomes of the tests without one
 *   Members                 an authority, a Java node and a Rust node that may become its members
 *   KnownAuthority          an authority as its members know it
 *   Authority               what a test does at an authority
 *   JavaAuthority           that of this library
 *   RustAuthority           a Rust node as one
 *   RustAuthorityNode       the authority node of Rust
 *   RustAuthorityNodes      starts it
 *   JavaMember              a node of this library with credentials
 *   Patience                waits as long as a busy machine may need
 * </pre>
 */
@NullMarked
package ockam.interop;

import org.jspecify.annotations.NullMarked;
