// SPDX-License-Identifier: Apache-2.0

package ockam.benchmarks;

/** Who presents a credential in a handshake; whoever is shown one believes its authority. */
enum Showing {
    NOBODY,
    INITIATOR,
    BOTH;

    /** How many credentials are presented. */
    int credentials() {
        return ordinal();
    }
}
