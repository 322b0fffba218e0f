// SPDX-License-Identifier: Apache-2.0

package ockam.recorder;

/** A node of a process: different processes may have nodes of the same name. */
record Place(int process, String node) {}
