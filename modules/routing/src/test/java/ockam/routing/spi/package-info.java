// SPDX-License-Identifier: Apache-2.0

/**
 * A map of the tests of the inside of a node. What needs workers, hops or mailboxes is tested in ockam.node.
 *
 * <pre>
 * Addresses
 *   RegistrationTest           addresses are taken, opened and given back, with the messages that arrive in the meantime
 *   RegistrationInterleavings  registrations and the address table used by several threads, one step at a time
 *   RouterStopTest             in which order a node tells what lives on it to stop, and how long it waits
 *   OnwardTest                 whom a route leads to, by its first address that leads out of the node
 *   NodeSystemTest             the actor system under the nodes, also when it has terminated; what is forgotten
 *
 * Messages under way
 *   WindowTest                 single guarantees of windows, lanes and permits
 *   ReadWindowTest             what a connection may have under way, what leaves its window early, and that everything comes back
 *   ReadWindowInterleavings  a connection's window used by its reader and by others, one step at a time
 *   ReadWindowRaceTest         the same with real threads: none is left asleep, nothing is less than nothing
 *   WindowProperties           windows under random steps, compared with a model that adds up
 *   WindowInterleavings        windows, permits and the node's bytes used by several threads, one step at a time
 *   DeliveryInterleavings      a delivery that its handler and other threads settle, copy and keep, one step at a time
 *
 * Flow control
 *   FlowControlsTest           each rule of what a producer reaches, what is forgotten, what is logged
 *   FlowControlsProperties     the rules under random steps, compared with a model; nothing is left at the end
 *
 * Drops and logs
 *   DropsTest                  drops are counted exactly and logged once in a while for each reason and address
 *   HintsTest                  what is said of an address at which nothing lives
 *   NodeLogTest                addresses of strangers become one short line; the node's name is in the MDC
 *
 * Used by these tests
 *   RouterKit                  routers without a node, on an actor system for each class; they must leave nothing behind
 *   Interleavings              what Lincheck draws, how much of it, and what it need not look at
 *   FakeHost                   a node as endpoints see it, without an actor system
 * </pre>
 */
@NullMarked
package ockam.routing.spi;

import org.jspecify.annotations.NullMarked;
