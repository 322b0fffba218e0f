// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;
import static org.quicktheories.generators.SourceDSL.longs;
import static org.quicktheories.generators.SourceDSL.maps;
import static org.quicktheories.generators.SourceDSL.strings;

import akka.util.ByteString;
import java.util.List;
import java.util.Map;
import ockam.fixtures.Hex;
import ockam.wire.Attributes;
import ockam.wire.CborReader;
import ockam.wire.Decoded;
import ockam.wire.Identifier;
import org.junit.jupiter.api.Test;
import org.quicktheories.core.Gen;

/** Any bytes yield a result and no exception, and what was encoded comes back. */
class DecodersProperties {
    private static final ByteString HEADER = Hex.string("a40107 02612f 0301 04f5");

    private static final Gen<ByteString> BYTES =
            lists().of(integers().between(0, 255)).ofSizeBetween(0, 80).map(DecodersProperties::bytes);

    private static final Gen<Attributes> ATTRIBUTES = maps().of(
                    strings().basicLatinAlphabet().ofLengthBetween(0, 12),
                    strings().betweenCodePoints(0x20, 0x2fff).ofLengthBetween(0, 12))
            .ofSizeBetween(0, 5)
            .map(DecodersProperties::attributes);

    private static ByteString bytes(List<Integer> values) {
        byte[] bytes = new byte[values.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = values.get(i).byteValue();
        }
        return ByteString.fromArray(bytes);
    }

    private static Attributes attributes(Map<String, String> texts) {
        return Attributes.ofTexts(texts);
    }

    private static boolean readsAll(ByteString payload) {
        Incoming.codec().decode(payload);
        Answer.decode(payload).map(Answer::error);
        Decoded<Incoming> request = Incoming.codec().decode(Incoming.wrapped(HEADER.concat(payload)));
        if (request.orElseThrow() instanceof Request read) {
            read.body(NewToken::readFrom);
            read.body(NewMember::readFrom);
            read.body(Code::readFrom);
            read.body(MemberEntry::readFrom);
            read.body(reader -> reader.map(Identifier::readFrom, MemberEntry::readFrom));
            read.body(CborReader::bytesOrNumbers);
            return true;
        }
        return false;
    }

    @Test
    void anyBytesAreReadWithoutAnException() {
        qt().forAll(BYTES).check(DecodersProperties::readsAll);
    }

    @Test
    void noPrefixOfARequestIsAnother() {
        ByteString whole = Request.of(7, Method.POST, "/", Code.encode(ByteString.fromArray(new byte[Code.LENGTH])))
                .encode();
        qt().forAll(integers().between(0, whole.length() - 1))
                .check(length -> !Incoming.codec().decode(whole.take(length)).isValue());
    }

    @Test
    void tokensComeBack() {
        qt().forAll(ATTRIBUTES, longs().all(), longs().all()).check((attributes, seconds, uses) -> {
            NewToken token = new NewToken(attributes, seconds, uses);
            Request sent = Request.of(7, Method.POST, "/", token.encode());
            return Incoming.codec().decode(sent.encode()).orElseThrow() instanceof Request read
                    && read.body(NewToken::readFrom).orElseThrow().equals(token);
        });
    }
}
