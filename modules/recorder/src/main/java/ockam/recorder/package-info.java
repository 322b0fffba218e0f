// SPDX-License-Identifier: Apache-2.0

/**
 * Records what passes on nodes, for people and for tests: sends, hops, handshake messages, frames, drops with their reasons, connections,
 * and who lives where. Never keys and never payloads, whose sizes are all that is seen of them.
 *
 * <p>A {@link ockam.recorder.Recorder} makes a {@link ockam.recorder.Recording}; that can be drawn, written, read, and checked with
 * {@link ockam.recorder.RecordingAssert}.
 */
@NullMarked
package ockam.recorder;

import org.jspecify.annotations.NullMarked;
