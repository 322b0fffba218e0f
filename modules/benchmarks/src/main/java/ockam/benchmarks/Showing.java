// SPDX-License-Identifier: Apache-2.0

package ockam.benchmarks;

/** Who presents a credential in a handshake; whoever is shown one believes its authority. */
enum Showing {
    NOBODY(0),
    INITIATOR(1),
    BOTH(2);

    private final int credentials;

    Showing(int credentials) {
        this.credentials = credentials;
    }

    /** How many credentials are presented. */
    int credentials() {
        return credentials;
    }
}
