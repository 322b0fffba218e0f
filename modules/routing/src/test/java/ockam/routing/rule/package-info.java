// SPDX-License-Identifier: Apache-2.0

/**
 * A map of the tests of rules about attributes: what each file proves.
 *
 * <pre>
 * All of them
 *   RuleTest         rules made by calls: what they allow, why they deny, what cannot be made
 *   ShortFormTest    the short form: the protocol's table and traps, what is refused and where
 *   FullFormTest     the full form: operators, errors, literals, what is refused and where
 *   SubjectTest      what a rule sees of a peer; names that attributes cannot take
 *   RuleProperties   rules against a plain model of the protocol; printing and reading; any text is a rule or refused
 *
 * Used by these tests
 *   Model            evaluates expressions as the protocol says, in the plainest way
 * </pre>
 */
@NullMarked
package ockam.routing.rule;

import org.jspecify.annotations.NullMarked;
