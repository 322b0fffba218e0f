// SPDX-License-Identifier: Apache-2.0

/**
 * What keeps code, pages and examples to the rules of the project.
 *
 * <pre>
 * Guards
 *   ArchitectureTest       which module knows which; nothing blocks or prints; what the API may name
 *   DocumentationTest      what pages show and name is what the code has, and links lead somewhere
 *   ProtocolCitationsTest  what code and pages cite of the protocol is there, and cited in the one style
 *   ExamplesTest           what the examples print and do, with nothing that is internal
 *   TestMapsTest           maps of tests, such as this one, name every file
 * </pre>
 */
@NullMarked
package ockam.tests.guards;

import org.jspecify.annotations.NullMarked;
