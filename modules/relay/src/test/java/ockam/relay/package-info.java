// SPDX-License-Identifier: Apache-2.0

/**
 * A map of the tests of relays. Relays with channels and over TCP are tested in ockam.tests.relay.
 *
 * <pre>
 *   RelaySettingsTest        the keys in reference.conf, their defaults and ranges
 *   RelayPolicyTest          who takes a name over from whom, and what each policy says to that
 *   RelayServiceTest         registrations, byte for byte: names, refusals, bounds, relays whose node is gone
 *   IntroductionsTest        what a node that registers lets out of what others have sent through it
 *   RemoteRelayTest          nodes that register: confirmations, what others send, what is opened to whom
 *   RemoteRelayAgainTest     when a node registers again, by a clock that the test advances
 * </pre>
 */
@NullMarked
package ockam.relay;

import org.jspecify.annotations.NullMarked;
