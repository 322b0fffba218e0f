// SPDX-License-Identifier: Apache-2.0

/**
 * A map of the tests of authorities. Authorities together with nodes that believe them are tested in ockam.tests.authority.
 *
 * <pre>
 * Encodings
 *   WorkedExamplesTest        the worked examples of the protocol, byte for byte
 *   RequestsTest              requests and answers in other forms, and what is refused
 *   DecodersProperties        any bytes yield a result and no exception
 *   TicketTest                every form of a ticket, what is no ticket, the routes in it
 *   PreTrustedTest            members in a file
 *
 * An authority and its clients, over channels
 *   EnrollmentTest            tokens are made and redeemed: by whom, how often, until when
 *   MembersTest               members are added, shown, listed and removed
 *   AdminsTest                an account authority, and who may make enrollers
 *   CredentialsOfMembersTest  what credentials say, and for how long
 *   RemoteCredentialsTest     each credential through a channel of its own, which is closed in any case
 *   ServicesTest              what services answer to anything, what clients make of any answer, starts and stops
 *   SharedStoreTest           others change members at the same time: a role that is lost is lost, and a list is whole
 *   BusyServicesTest          more requests than are worked on, strangers beside members, a store that fails
 *
 * Parts
 *   TermsTest                 who is an admin by an account authority, and who is no stranger
 *   KnownMembersTest          who is remembered as a member
 *   TurnsTest                 whose request is worked on next
 *   AuthoritySettingsTest     the keys in reference.conf, their defaults and ranges
 *
 * Used by these tests
 *   Scene                     an authority, an enroller, and others with channels
 *   Refusals                  what is refused, and why
 *   HeldStore                 a store that waits or fails when told to
 * </pre>
 */
@NullMarked
package ockam.authority;

import org.jspecify.annotations.NullMarked;
