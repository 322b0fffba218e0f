// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

import akka.util.ByteString;
import java.util.HexFormat;

/** Hexadecimal with blanks where they help to read it. */
final class Hex {

    private Hex() {}

    static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
    }

    static ByteString string(String hex) {
        return ByteString.fromArray(bytes(hex));
    }

    static String of(ByteString bytes) {
        return HexFormat.of().formatHex(bytes.toArray());
    }

    static String of(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
