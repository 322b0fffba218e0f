// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

import ockam.wire.CborReader;

/** Structures that are encoded as maps with numbers for keys (routing, section 2.2). */
final class Fields {
    /** Reads the value of a field: exactly one item, by {@link CborReader#skip} if it does not know the number. */
    @FunctionalInterface
    interface Field {
        void read(long number, CborReader value);
    }

    private Fields() {}

    /** Reads a map, in any order and of any form. Of equal keys, all are read. */
    static void read(CborReader reader, Field field) {
        long[] number = new long[1];
        var unused = reader.map(
                key -> {
                    number[0] = key.unsigned();
                    return number[0];
                },
                value -> {
                    field.read(number[0], value);
                    return true;
                });
    }
}
