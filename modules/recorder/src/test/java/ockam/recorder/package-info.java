// SPDX-License-Identifier: Apache-2.0

/**
 * A map of the tests of the recorder alone; those that record real channels and connections are in {@code ockam.tests.recorder}.
 *
 * <pre>
 *   RecorderTest          what is recorded of a node, within bounds, by a call or by the settings
 *   RecorderSettingsTest  the keys in reference.conf, their defaults and ranges
 *   JsonLinesTest         what is written can be read again, whatever the addresses are; what is no recording is refused
 *   PictureTest           who is who, which messages are frames, and the order of the lines, also of several processes
 *   CanonicalOrderTest    what happened at the same time is drawn in a fixed order
 *   MermaidTest           diagrams, and names that would break them
 *   HtmlTest              pages, and names that would break out of them
 *   RecordingAssertTest   each assertion holds, and fails with the recorded flow in its message
 *
 * Used by these tests
 *   Script                recordings written by hand
 * </pre>
 */
@NullMarked
package ockam.recorder;

import org.jspecify.annotations.NullMarked;
