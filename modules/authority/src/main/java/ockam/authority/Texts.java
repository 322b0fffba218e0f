// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

import akka.util.ByteString;
import java.util.Map;
import ockam.wire.Attributes;
import ockam.wire.CborReader;
import ockam.wire.CborWriter;
import ockam.wire.DecodeFailure;
import ockam.wire.WireException;

/** Attributes in the forms in which requests and answers have them, unlike credentials (authority, sections 3.1 and 5.1). */
final class Texts {
    private Texts() {}

    /** Refuses attributes that are not texts with {@link IllegalArgumentException}: requests have no form for them. */
    static Attributes require(Attributes attributes) {
        if (attributes.texts().size() != attributes.entries().size()) {
            throw new IllegalArgumentException("attributes that are sent to an authority have to be texts");
        }
        return attributes;
    }

    /** Writes a map of texts, in the order of their bytes. */
    static void write(Attributes attributes, CborWriter writer) {
        writer.map(attributes.entries().size());
        attributes
                .entries()
                .forEach((name, value) -> writer.text(name.utf8String()).text(value.utf8String()));
    }

    /** Reads a map of texts; fails with {@code TOO_MANY} beyond the bounds of {@link Attributes}. */
    static Attributes read(CborReader reader) {
        Map<String, String> texts = reader.map(CborReader::text, CborReader::text);
        try {
            return Attributes.ofTexts(texts);
        } catch (WireException tooMany) {
            return reader.fail(DecodeFailure.Reason.TOO_MANY);
        }
    }

    /** Writes a map of arrays of numbers, as entries have it (routing, section 2.2). */
    static void writeNumbers(Attributes attributes, CborWriter writer) {
        writer.map(attributes.entries().size());
        attributes
                .entries()
                .forEach((name, value) -> writer.bytesAsNumbers(name).bytesAsNumbers(value));
    }

    /** Reads the same, or a map of byte strings. */
    static Attributes readNumbers(CborReader reader) {
        Map<ByteString, ByteString> entries = reader.map(CborReader::bytesOrNumbers, CborReader::bytesOrNumbers);
        try {
            return Attributes.of(entries);
        } catch (WireException tooMany) {
            return reader.fail(DecodeFailure.Reason.TOO_MANY);
        }
    }
}
