// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

import akka.util.ByteString;
import ockam.identity.Timestamp;
import ockam.wire.Attributes;
import ockam.wire.CborReader;
import ockam.wire.CborWriter;
import ockam.wire.Identifier;
import org.jspecify.annotations.Nullable;

/**
 * What an authority tells an enroller about a member (authority, section 5.1).
 *
 * @param attributes what the authority says about it
 * @param addedAt when it became a member
 * @param addedBy who has made it one: an enroller, the issuer of a token, or the authority
 */
public record MemberEntry(Attributes attributes, Timestamp addedAt, Identifier addedBy) {

    ByteString encode() {
        CborWriter writer = CborWriter.create(128);
        writeTo(writer);
        return writer.toByteString();
    }

    void writeTo(CborWriter writer) {
        Texts.writeNumbers(attributes, writer.map(3).unsigned(1));
        addedBy.writeTo(writer.unsigned(2).unsigned(addedAt.seconds()).unsigned(4));
    }

    static MemberEntry readFrom(CborReader reader) {
        Building read = new Building();
        Fields.read(reader, read::read);
        return read.attributes == null || read.addedAt == null || read.addedBy == null
                ? reader.fail("an entry lacks attributes, a time or who has added it")
                : new MemberEntry(read.attributes, read.addedAt, read.addedBy);
    }

    private static final class Building {
        private @Nullable Attributes attributes;
        private @Nullable Timestamp addedAt;
        private @Nullable Identifier addedBy;

        private void read(long number, CborReader value) {
            if (number == 1) {
                attributes = Texts.readNumbers(value);
            } else if (number == 2) {
                addedAt = new Timestamp(value.unsigned());
            } else if (number == 4) {
                addedBy = Identifier.readFrom(value);
            } else {
                value.skip(); // 3 is when it expires, which is never there
            }
        }
    }
}
