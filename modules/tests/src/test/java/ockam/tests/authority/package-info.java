// SPDX-License-Identifier: Apache-2.0

/**
 * A map of the tests of authorities together with the nodes that believe them.
 *
 * <pre>
 *   EnrolledMembersTest            from a ticket to an answer of a guarded worker, as the page on authorities shows it
 *   CredentialsThroughOutagesTest  credentials that are fixed, kept, or renewed by an authority that is out of reach most of the time
 *   ShortCredentialsTest           an authority whose credentials are shorter than the pause between two requests
 *   CredentialsInRealTimeTest      the outages in three minutes of real time, over TCP; only with -Dockam.long=true
 *   TwoAuthoritiesTest             two processes are the same authority on one database: a hundred redeem a code for ten
 *
 * Used by these tests
 *   AuthorityProcess               a process that is an authority, with its identity out of a database
 *   OutageScene                    an authority that can be out of reach, a member, and a node that believes the authority
 * </pre>
 */
@NullMarked
package ockam.tests.authority;

import org.jspecify.annotations.NullMarked;
