// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

import akka.util.ByteString;
import ockam.wire.CborReader;
import ockam.wire.CborWriter;
import org.jspecify.annotations.Nullable;

/** The code of a token as it travels: a map with nothing else in it (authority, sections 3.1 and 3.2). */
final class Code {
    /** How many bytes it has. */
    static final int LENGTH = 32;

    private Code() {}

    static ByteString encode(ByteString code) {
        return CborWriter.create(64).map(1).unsigned(1).bytes(code).toByteString();
    }

    static ByteString readFrom(CborReader reader) {
        @Nullable ByteString[] code = new @Nullable ByteString[1];
        Fields.read(reader, (number, value) -> {
            if (number == 1) {
                code[0] = value.bytes(LENGTH);
            } else {
                value.skip();
            }
        });
        ByteString read = code[0];
        return read == null ? reader.fail("there is no code") : read;
    }
}
