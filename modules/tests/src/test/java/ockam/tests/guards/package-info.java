// SPDX-License-Identifier: Apache-2.0

/**
 * Tests that hold code, pages and examples to the rules of the project.
 *
 * <pre>
 * Guards
 *   ArchitectureTest       which module depends on which; nothing blocks or prints; what the API may name
 *   CommandsTest           the commands on the pages, and what they print
 *   DocumentationTest      what pages show and name is in the code, and links have targets
 *   ProtocolCitationsTest  citations of the protocol in code and pages exist and have the same style
 *   ExamplesTest           what the examples do, without internal types
 *   PublishedModulesTest   what the POMs say of the modules, and which of them the bill of materials has
 *   OwnActorsTest          the actors of the page that leads from the guide to one's own
 *   Pages                  the pages, and their parts
 *   RandomnessTest         what tests draw by chance, they can draw again
 *   TestingPageTest        the examples of the page on testing, and what a failed one says
 *   TestMapsTest           maps of tests, such as this one, name every file
 *   TransportExamplesTest  several nodes in processes of their own: failures, and the node for the command line
 * </pre>
 */
@NullMarked
package ockam.tests.guards;

import org.jspecify.annotations.NullMarked;
