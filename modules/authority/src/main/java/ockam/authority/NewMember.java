// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

import akka.util.ByteString;
import ockam.wire.Attributes;
import ockam.wire.CborReader;
import ockam.wire.CborWriter;
import ockam.wire.Identifier;
import org.jspecify.annotations.Nullable;

/**
 * Asks to add a member (authority, section 5.1).
 *
 * @param identifier who is to be one
 * @param attributes what the authority is to say about it
 */
record NewMember(Identifier identifier, Attributes attributes) {

    ByteString encode() {
        CborWriter writer = CborWriter.create(64).map(2);
        identifier.writeTo(writer.unsigned(1));
        Texts.write(attributes, writer.unsigned(2));
        return writer.toByteString();
    }

    static NewMember readFrom(CborReader reader) {
        Building read = new Building();
        Fields.read(reader, read::read);
        return read.identifier == null || read.attributes == null
                ? reader.fail(read.identifier == null ? "there is no identifier" : "there are no attributes")
                : new NewMember(read.identifier, read.attributes);
    }

    private static final class Building {
        private @Nullable Identifier identifier;
        private @Nullable Attributes attributes;

        private void read(long number, CborReader value) {
            if (number == 1) {
                identifier = Identifier.readFrom(value);
            } else if (number == 2) {
                attributes = Texts.read(value);
            } else {
                value.skip();
            }
        }
    }
}
