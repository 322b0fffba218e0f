// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

/** The names of a node's identities. */
final class Names {
    private Names() {}

    static String requireValid(String name) {
        if (name.isEmpty() || name.length() > IdentityRecords.MAX_NAME_LENGTH) {
            throw new IllegalArgumentException(
                    "the name of an identity has 1 to " + IdentityRecords.MAX_NAME_LENGTH + " characters");
        }
        return name;
    }
}
