// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import ockam.fixtures.ExampleIdentities;
import ockam.fixtures.Hex;
import ockam.identity.ChangeHistory;
import ockam.identity.CredentialAndPurposeKey;
import ockam.identity.Timestamp;
import ockam.wire.Attributes;
import ockam.wire.CborReader;
import ockam.wire.CborWriter;
import ockam.wire.Identifier;
import org.junit.jupiter.api.Test;

/** The worked examples of the protocol, byte for byte, in both directions (authority, section 9). */
class WorkedExamplesTest {
    private static final long ID = 0x01020304L;
    private static final long ANSWER_ID = 0x0a0b0c0dL;
    private static final Identifier ALICE = idOf(ExampleIdentities.ALICE_HISTORY);
    private static final Identifier BOB = idOf(ExampleIdentities.BOB_HISTORY);
    private static final Attributes MEMBER = Attributes.ofTexts(Map.of("role", "member"));
    private static final ByteString CODE = ByteString.fromArray(ExampleIdentities.counting(0));

    private static Identifier idOf(ByteString history) {
        return ChangeHistory.decode(history).orElseThrow().identifier();
    }

    private static Request read(String hex) {
        return (Request) Incoming.codec().decode(Hex.string(hex)).orElseThrow();
    }

    private static void isRequest(Request made, String hex) {
        assertThat(Hex.of(made.encode())).isEqualTo(hex.replaceAll("\\s", ""));
        assertThat(read(hex)).isEqualTo(made);
    }

    private static void isAnswer(ByteString made, int status, boolean hasBody, String hex) {
        assertThat(Hex.of(made)).isEqualTo(hex.replaceAll("\\s", ""));
        Answer answer = Answer.decode(Hex.string(hex)).orElseThrow();
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.hasBody()).isEqualTo(hasBody);
    }

    private static <T> T bodyOf(String hex, Function<CborReader, T> decoder) {
        return Answer.decode(Hex.string(hex)).orElseThrow().body(decoder).orElseThrow();
    }

    @Test
    void makeAToken() {
        String hex = "1da4011a0102030402612f030104f5a101a164726f6c65666d656d626572";

        isRequest(Request.of(ID, Method.POST, "/", new NewToken(MEMBER, null, null).encode()), hex);
        assertThat(read(hex).body(NewToken::readFrom).orElseThrow()).isEqualTo(new NewToken(MEMBER, null, null));
    }

    @Test
    void makeATokenForTwoUsesInAnHour() {
        String hex =
                "32a4011a0102030402612f030104f5a301a26b6f636b616d2d72656c617962723164726f6c65666d656d62657202190e100302";
        NewToken token = new NewToken(Attributes.ofTexts(Map.of("ockam-relay", "r1", "role", "member")), 3600L, 2L);

        isRequest(Request.of(ID, Method.POST, "/", token.encode()), hex);
        assertThat(read(hex).body(NewToken::readFrom).orElseThrow()).isEqualTo(token);
    }

    @Test
    void theAnswerWithACode() {
        String hex = "36a4011a0a0b0c0d021a010203040318c804f5a1015820"
                + "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

        isAnswer(Reply.of(Code.encode(CODE)).encode(ANSWER_ID, ID), 200, true, hex);
        assertThat(bodyOf(hex, Code::readFrom)).isEqualTo(CODE);
    }

    @Test
    void redeem() {
        String hex = "32a4011a0102030402612f030104f5a1015820"
                + "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

        isRequest(Request.of(ID, Method.POST, "/", Code.encode(CODE)), hex);
        assertThat(read(hex).body(Code::readFrom).orElseThrow()).isEqualTo(CODE);
    }

    @Test
    void answersWithoutABody() {
        isAnswer(Reply.DONE.encode(ANSWER_ID, ID), 200, false, "12a4011a0a0b0c0d021a010203040318c804f4");
    }

    @Test
    void refusals() {
        Request post = Request.of(ID, Method.POST, "/", null);

        isAnswer(
                Reply.forbidden("Already a member").encode(ANSWER_ID, post),
                403,
                true,
                "2ba4011a0a0b0c0d021a010203040319019304f5a301612f02010370416c72656164792061206d656d626572");
        isAnswer(
                Reply.forbidden("Unknown enrollment token").encode(ANSWER_ID, post),
                403,
                true,
                "34a4011a0a0b0c0d021a010203040319019304f5a301612f0201037818556e6b6e6f776e20656e726f6c6c6d656e7420746f6b656e");
        isAnswer(
                Reply.badRequest("secure channel required").encode(ANSWER_ID, 0),
                400,
                true,
                "29a4011a0a0b0c0d02000319019004f5a10377736563757265206368616e6e656c207265717569726564");
        isAnswer(
                Reply.UNKNOWN_PATH.encode(ANSWER_ID, Request.of(ID, Method.POST, "/x", null)),
                400,
                true,
                "28a4011a0a0b0c0d021a010203040319019004f5a301622f780201036c756e6b6e6f776e2070617468");
        isAnswer(
                Reply.forbidden("unauthorized member").encode(ANSWER_ID, post),
                403,
                true,
                "2ea4011a0a0b0c0d021a010203040319019304f5a301612f02010373756e617574686f72697a6564206d656d626572");
    }

    @Test
    void theTextOfARefusalIsRead() {
        String hex = "2ba4011a0a0b0c0d021a010203040319019304f5a301612f02010370416c72656164792061206d656d626572";

        assertThat(Answer.decode(Hex.string(hex)).orElseThrow().error()).isEqualTo("Already a member");
    }

    @Test
    void askForACredential() {
        isRequest(Request.of(ID, Method.POST, "/", null), "0ea4011a0102030402612f030104f4");
    }

    @Test
    void theAnswerWithACredential() {
        String body = """
                8282587a8301035875855820f7b6916768cf4de3262b5b2fb47f0c383aa6dcb267fd0fa7b5822456537caa755820f7b6
                916768cf4de3262b5b2fb47f0c383aa6dcb267fd0fa7b5822456537caa758201a244726f6c65466d656d626572507472
                7573745f636f6e746578745f69644570726f6a311a6553f1001a657b7e008200815840f5e50d53350d658377a4c2b893
                7f8c75a0a0b54c10d1d12e2cb0e0c5ad0767000896d5edbb9faf7d5eda3b9c359ce76a5cdd8c6e20b44f54c037e20621
                e71e0482587c8301025877855820cb5459b24c96645b649c556549fbe780c3516ea83455b7c242919867e96b4b0c5820
                cb5459b24c96645b649c556549fbe780c3516ea83455b7c242919867e96b4b0c8201818200815820b7282fe472f97641
                c17097821a537874aaaa532645ad34dbd5987331a4e73f8d1a6553f1001a6eb9f2808200815840665ffedb20abb161a6
                027d2ddd1a68ee4c14e34722b4711eb534e4c48c86cc7aba9dab91c1c1731340edd2be74505dee7a634d1d7e9848a934
                2f14ad47fe210c""";
        String hex = "9903a4011a0a0b0c0d021a010203040318c804f5" + body;

        CredentialAndPurposeKey credential = bodyOf(hex, CredentialAndPurposeKey::readFrom);
        isAnswer(Reply.of(credential.encode()).encode(ANSWER_ID, ID), 200, true, hex);
        assertThat(credential.encode()).isEqualTo(Hex.string(body));
    }

    @Test
    void addAlice() {
        String hex = """
                40a4011a0102030402612f030104f5a2015820f7b6916768cf4de3262b5b2fb47f0c383aa6dcb267fd0fa7b582245653
                7caa7502a164726f6c65666d656d626572""";

        isRequest(Request.of(ID, Method.POST, "/", new NewMember(ALICE, MEMBER).encode()), hex);
        assertThat(read(hex).body(NewMember::readFrom).orElseThrow()).isEqualTo(new NewMember(ALICE, MEMBER));
    }

    @Test
    void showAlice() {
        isRequest(Request.of(ID, Method.GET, "/" + ALICE, null), """
                50a4011a010203040278422f496637623639313637363863663464653332363262356232666234376630633338336161
                3664636232363766643066613762353832323435363533376361613735030004f4""");
    }

    @Test
    void theAnswerWithAnEntry() {
        String hex = """
                54a4011a0a0b0c0d021a010203040318c804f5a301a1841872186f186c186586186d1865186d186218651872021a6553
                f100045820f6369c4a2c264b3fae0b3dbd6d71e22a63a6c285f6504fc56f28c9c73d3e778b""";
        MemberEntry entry = new MemberEntry(MEMBER, new Timestamp(1_700_000_000), BOB);

        isAnswer(Reply.of(entry.encode()).encode(ANSWER_ID, ID), 200, true, hex);
        assertThat(bodyOf(hex, MemberEntry::readFrom)).isEqualTo(entry);
    }

    @Test
    void anEntryWithByteStringsIsReadToo() { // authority, section 10, item 15
        String hex = """
                54a4011a0a0b0c0d021a010203040318c804f5a301a144726f6c65466d656d626572021a6553
                f100045820f6369c4a2c264b3fae0b3dbd6d71e22a63a6c285f6504fc56f28c9c73d3e778b""".replaceFirst("54", "4a");

        assertThat(bodyOf(hex, MemberEntry::readFrom).attributes()).isEqualTo(MEMBER);
    }

    @Test
    void list() {
        String hex = """
                77a4011a0a0b0c0d021a010203040318c804f5a15820f7b6916768cf4de3262b5b2fb47f0c383aa6dcb267fd0fa7b582
                2456537caa75a301a1841872186f186c186586186d1865186d186218651872021a6553f100045820f6369c4a2c264b3f
                ae0b3dbd6d71e22a63a6c285f6504fc56f28c9c73d3e778b""";
        MemberEntry entry = new MemberEntry(MEMBER, new Timestamp(1_700_000_000), BOB);
        CborWriter writer = CborWriter.create(64).map(1);
        ALICE.writeTo(writer);
        entry.writeTo(writer);

        isRequest(Request.of(ID, Method.GET, "/", null), "0ea4011a0102030402612f030004f4");
        isAnswer(Reply.of(writer.toByteString()).encode(ANSWER_ID, ID), 200, true, hex);
        Map<Identifier, MemberEntry> members =
                bodyOf(hex, reader -> reader.map(Identifier::readFrom, MemberEntry::readFrom));
        assertThat(members).isEqualTo(Map.of(ALICE, entry));
    }

    @Test
    void listIdentifiers() {
        String hex = """
                57a4011a0a0b0c0d021a010203040318c804f5825820f7b6916768cf4de3262b5b2fb47f0c383aa6dcb267fd0fa7b582
                2456537caa755820f6369c4a2c264b3fae0b3dbd6d71e22a63a6c285f6504fc56f28c9c73d3e778b""";
        CborWriter writer = CborWriter.create(64).list(List.of(ALICE, BOB), Identifier::writeTo);

        isRequest(
                Request.of(ID, Method.GET, "/member_ids", null), "18a4011a01020304026b2f6d656d6265725f696473030004f4");
        isAnswer(Reply.of(writer.toByteString()).encode(ANSWER_ID, ID), 200, true, hex);
        List<Identifier> identifiers = bodyOf(hex, reader -> reader.list(Identifier::readFrom));
        assertThat(identifiers).containsExactly(ALICE, BOB);
    }

    @Test
    void deleteAll() {
        isRequest(Request.of(ID, Method.DELETE, "/members", null), "15a4011a0102030402682f6d656d62657273030304f4");
    }
}
