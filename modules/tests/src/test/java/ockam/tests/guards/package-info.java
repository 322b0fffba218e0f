// SPDX-License-Identifier: Apache-2.0

/**
 * Tests that hold code, pages and examples to the rules of the project.
 *
 * <pre>
 * Guards
 *   ArchitectureTest       which module depends on which; nothing blocks or prints; what the API may name
 *   DocumentationTest      what pages show and name is in the code, and links have targets
 *   ProtocolCitationsTest  citations of the protocol in code and pages exist and have the same style
 *   ExamplesTest           what the examples print and do, without internal types
 *   IdentityFileTest       the file in which the node for the command line keeps its identity
 *   PublishedModulesTest   what the POMs say of the modules, and which of them the bill of materials has
 *   RandomnessTest         what tests draw by chance, they can draw again
 *   TestMapsTest           maps of tests, such as this one, name every file
 *   TransportExamplesTest  the examples with several nodes, each in a process of its own
 * </pre>
 */
@NullMarked
package ockam.tests.guards;

import org.jspecify.annotations.NullMarked;
