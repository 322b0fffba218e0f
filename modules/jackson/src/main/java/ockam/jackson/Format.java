// SPDX-License-Identifier: Apache-2.0

package ockam.jackson;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.TSFBuilder;
import com.fasterxml.jackson.databind.cfg.MapperBuilder;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;

/** How values are written, within limits on what a payload may claim. */
enum Format {
    JSON {
        @Override
        MapperBuilder<?, ?> mapper() {
            // Without the detection, it is UTF-8.
            return JsonMapper.builder(within(new JsonFactoryBuilder().disable(JsonFactory.Feature.CHARSET_DETECTION))
                    .build());
        }

        @Override
        int skipBlanks(byte[] bytes, int offset) {
            int end = offset;
            while (end < bytes.length && " \t\r\n".indexOf(bytes[end]) >= 0) {
                end++;
            }
            return end;
        }
    },
    CBOR {
        @Override
        MapperBuilder<?, ?> mapper() {
            return CBORMapper.builder(within(CBORFactory.builder()).build());
        }
    };

    /** How deep arrays and objects may be nested. Nested values are read by nested calls. */
    static final int MAX_DEPTH = 64;
    /** How many bytes or characters a text may have: those of the largest message of the Ockam TCP transport. */
    static final int MAX_TEXT = 16 * 1024 * 1024;
    /** How many characters a number may have; reading one takes more than linear time. */
    static final int MAX_NUMBER = 1000;
    /** How many characters the name of a property may have. A format remembers up to 6,000 of the names that it has read. */
    static final int MAX_NAME = 256;

    /** A new mapper of this format. */
    abstract MapperBuilder<?, ?> mapper();

    /** Where the bytes from here on begin that are not just blank. */
    int skipBlanks(byte[] bytes, int offset) {
        return offset;
    }

    private static <F extends JsonFactory, B extends TSFBuilder<F, B>> B within(B factory) {
        return factory.streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .maxStringLength(MAX_TEXT)
                        .maxNumberLength(MAX_NUMBER)
                        .maxNameLength(MAX_NAME)
                        .build())
                .streamWriteConstraints(StreamWriteConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES); // for the whole JVM, and they come from strangers
    }
}
