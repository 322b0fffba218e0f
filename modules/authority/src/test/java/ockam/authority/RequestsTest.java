// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import java.util.Map;
import ockam.fixtures.Hex;
import ockam.wire.Attributes;
import ockam.wire.Decoded;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests and answers in other forms, and what is refused (authority, section 1.1). */
class RequestsTest {
    private static Decoded<Incoming> decode(String content) {
        return Incoming.codec().decode(Incoming.wrapped(Hex.string(content)));
    }

    private static Request request(String content) {
        return (Request) decode(content).orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "other order, a4 04 f5 03 01 02 612f 01 07 a0",
        "indefinite map, bf 01 07 02 612f 03 01 04 f5 ff a0",
        "unknown keys, a5 01 07 02 612f 03 01 04 f5 09 8101 a0",
        "bytes behind the body, a4 01 07 02 612f 03 01 04 f5 a0 ffff"
    })
    void takesOtherForms(String form, String content) { // authority, section 10, item 13
        Request request = request(content);

        assertThat(request.id()).isEqualTo(7);
        assertThat(request.is(Method.POST, "/", "/tokens")).isTrue();
        assertThat(request.body(reader -> reader.map(Object::toString, Object::toString)))
                .isEqualTo(new Decoded.Value<>(Map.of()));
    }

    @Test
    void takesBytesBehindTheBareItem() { // authority, section 10, item 13
        ByteString payload =
                Incoming.wrapped(Hex.string("a401070261 2f 0301 04f4")).concat(Hex.string("ffff"));

        assertThat(Incoming.codec().decode(payload).orElseThrow()).isInstanceOf(Request.class);
    }

    @Test
    void whatIsNoBodyIsNotRead() {
        assertThat(request("a4 01 07 02 612f 03 01 04 f4 a0").body(NewToken::readFrom))
                .isEqualTo(Decoded.refused("there is none"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a3 01 07 02 612f 04 f4", "a4 01 07 02 612f 03 f6 04 f4"})
    void aMethodMayBeAbsent(String content) {
        assertThat(request(content).method()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "unknown method, a4 01 07 02 612f 03 09 04 f4",
        "no word of a body, a3 01 07 02 612f 03 01",
        "no path, a3 01 07 03 01 04 f4",
        "path of another type, a4 01 07 02 07 03 01 04 f4"
    })
    void whatHasANumberCanBeAnswered(String what, String content) { // authority, section 1.1
        assertThat(decode(content).orElseThrow())
                .isInstanceOfSatisfying(
                        Incoming.Unreadable.class,
                        refused -> assertThat(refused.id()).isEqualTo(7));
    }

    @ParameterizedTest
    @CsvSource({
        "no number, a3 02 612f 03 01 04 f4",
        "a number of 33 bits, a4 01 1b0000000100000000 02 612f 03 01 04 f4",
        "an array, 84 07 612f 01 f4",
        "nothing, ''"
    })
    void whatHasNoneIsRefused(String what, String content) { // authority, section 10, item 13
        assertThat(decode(content).isValue()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "20a4", "ff"})
    void whatIsNoBareItemIsRefused(String payload) { // authority, section 10, item 13
        assertThat(Incoming.codec().decode(Hex.string(payload)).isValue()).isFalse();
    }

    @Test
    void whatIsTooLongIsRefused() {
        ByteString content = ByteString.fromArray(new byte[Incoming.MAX_LENGTH + 1]);

        assertThat(Incoming.codec().decode(Incoming.wrapped(content)))
                .isInstanceOfSatisfying(
                        Decoded.Failure.class,
                        failure -> assertThat(failure.failure().toString()).startsWith("TOO_LONG"));
    }

    @ParameterizedTest
    @CsvSource({
        "no attributes, a0",
        "attributes as byte strings, a1 01 a1 4161 4162",
        "an array, 81 a0",
        "a lifetime as text, a2 01 a0 02 6131"
    })
    void bodiesOfTokens(String what, String body) { // authority, section 10, item 8
        assertThat(request("a4 01 07 02 612f 03 01 04 f5" + body)
                        .body(NewToken::readFrom)
                        .isValue())
                .isFalse();
    }

    @Test
    void whatIsNullLeavesItToTheAuthority() { // authority, section 10, item 8
        assertThat(request("a4 01 07 02 612f 03 01 04 f5 a3 01 a0 02 f6 03 f6")
                        .body(NewToken::readFrom)
                        .orElseThrow())
                .isEqualTo(new NewToken(Attributes.none(), null, null));
    }

    @ParameterizedTest
    @CsvSource({
        "31 bytes, a1 01 581f 00000000000000000000000000000000000000000000000000000000000000",
        "a text, a1 01 6131",
        "another field, a1 00 5820 0000000000000000000000000000000000000000000000000000000000000000"
    })
    void bodiesWithCodes(String what, String body) { // authority, section 10, item 9
        assertThat(request("a4 01 07 02 612f 03 01 04 f5" + body)
                        .body(Code::readFrom)
                        .isValue())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "map, a4 01 01 02 07 03 190193 04 f5 a1 03 626e6f, no",
        "map although the header says none, a4 01 01 02 07 03 190193 04 f4 a1 03 626e6f, no",
        "text, a4 01 01 02 07 03 1901f4 04 f5 626e6f, no",
        "bytes, a4 01 01 02 07 03 19022b 04 f5 426e6f, no",
        "nothing, a4 01 01 02 07 03 190193 04 f4, ''",
        "no status, a3 01 01 02 07 04 f4, ''"
    })
    void everyFormOfAnErrorIsRead(String form, String content, String error) { // authority, section 10, item 14
        Answer answer = Answer.decode(Incoming.wrapped(Hex.string(content))).orElseThrow();

        assertThat(answer.isOk()).isFalse();
        assertThat(answer.error()).isEqualTo(error);
    }
}
