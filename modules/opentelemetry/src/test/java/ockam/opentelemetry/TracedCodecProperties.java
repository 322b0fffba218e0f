// SPDX-License-Identifier: Apache-2.0

package ockam.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.longs;
import static org.quicktheories.generators.SourceDSL.strings;

import akka.util.ByteString;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceId;
import io.opentelemetry.api.trace.TraceState;
import java.util.Random;
import ockam.wire.Codec;
import org.junit.jupiter.api.Test;

/** Contexts and bytes of all kinds. */
class TracedCodecProperties {
    private static final Codec<Traced<String>> CODEC = Traced.codec(Codec.string());

    private static SpanContext context(long trace, long span, int flags) {
        return SpanContext.createFromRemoteParent(
                TraceId.fromLongs(trace, span),
                SpanId.fromLong(span),
                TraceFlags.fromByte((byte) flags),
                TraceState.builder().put("a", "b").build());
    }

    @Test
    void everyContextComesBack() {
        qt().forAll(
                        longs().all(),
                        longs().from(1).upToAndIncluding(Long.MAX_VALUE),
                        integers().between(0, 1),
                        strings().basicLatinAlphabet().ofLengthBetween(0, 40))
                .checkAssert((trace, span, flags, body) -> {
                    Traced<String> message = new Traced<>(body, context(trace, span, flags));
                    assertThat(CODEC.decode(CODEC.encode(message)).orElseThrow())
                            .isEqualTo(message);
                });
    }

    @Test
    void whatIsCutShortIsRefused() {
        ByteString whole = CODEC.encode(new Traced<>("hello", context(1, 2, 1)));
        for (int length = 0; length < whole.size(); length++) {
            assertThat(CODEC.decode(whole.take(length)).isValue())
                    .as("%d bytes", length)
                    .isFalse();
        }
        assertThat(CODEC.decode(whole).isValue()).isTrue();
    }

    @Test
    void noBytesMakeItThrow() {
        qt().forAll(longs().all(), integers().between(0, 200)).checkAssert((seed, length) -> {
            byte[] bytes = new byte[length];
            new Random(seed).nextBytes(bytes);
            assertThat(CODEC.decode(ByteString.fromArray(bytes))).isNotNull();
        });
    }

    @Test
    void noChangeOfAMessageMakesItThrow() {
        byte[] whole = CODEC.encode(new Traced<>("hello", context(1, 2, 1))).toArray();
        qt().forAll(integers().between(0, whole.length - 1), integers().between(0, 255))
                .checkAssert((position, value) -> {
                    byte[] changed = whole.clone();
                    changed[position] = value.byteValue();
                    assertThat(CODEC.decode(ByteString.fromArray(changed))).isNotNull();
                });
    }
}
