// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

import akka.util.ByteString;
import java.time.Duration;
import ockam.wire.Attributes;
import ockam.wire.CborReader;
import ockam.wire.CborWriter;
import org.jspecify.annotations.Nullable;

/**
 * Asks for a token (authority, section 3.1).
 *
 * @param attributes what the members will have
 * @param seconds for how long it is good, unsigned; null leaves it to the authority
 * @param uses how many members it makes, unsigned; null leaves it to the authority
 */
record NewToken(
        Attributes attributes,
        @Nullable Long seconds,
        @Nullable Long uses) {
    /** What an authority takes if nothing is said. */
    static final Duration DEFAULT_LIFETIME = Duration.ofMinutes(10);

    ByteString encode() {
        CborWriter writer = CborWriter.create(64).map(1 + (seconds == null ? 0 : 1) + (uses == null ? 0 : 1));
        Texts.write(attributes, writer.unsigned(1));
        if (seconds != null) {
            writer.unsigned(2).unsigned(seconds);
        }
        if (uses != null) {
            writer.unsigned(3).unsigned(uses);
        }
        return writer.toByteString();
    }

    static NewToken readFrom(CborReader reader) {
        Building read = new Building();
        Fields.read(reader, read::read);
        return read.attributes == null
                ? reader.fail("there are no attributes")
                : new NewToken(read.attributes, read.seconds, read.uses);
    }

    private static final class Building {
        private @Nullable Attributes attributes;
        private @Nullable Long seconds;
        private @Nullable Long uses;

        private void read(long number, CborReader value) {
            if (number == 1) {
                attributes = Texts.read(value);
            } else if (number == 2) {
                seconds = value.optional(CborReader::unsigned);
            } else if (number == 3) {
                uses = value.optional(CborReader::unsigned);
            } else {
                value.skip();
            }
        }
    }
}
