// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

/** What is to be done with a path (routing, section 2.3). */
enum Method {
    GET(0),
    POST(1),
    PUT(2),
    DELETE(3),
    PATCH(4);

    private final int number;

    Method(int number) {
        this.number = number;
    }

    /** By which it travels. */
    int number() {
        return number;
    }
}
