// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import static ockam.channel.ChannelTests.NOTHING;
import static ockam.channel.ChannelTests.assertRefused;
import static ockam.channel.ChannelTests.cut;
import static ockam.channel.ChannelTests.failureOf;
import static ockam.channel.ChannelTests.flipped;
import static ockam.channel.ChannelTests.join;
import static ockam.channel.ChannelTests.random;
import static ockam.fixtures.ExampleIdentities.filled;
import static ockam.fixtures.Stages.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import ockam.channel.NoiseException.Reason;
import ockam.fixtures.Hex;
import ockam.vault.AgreementKey;
import ockam.vault.KeyCounts;
import ockam.vault.SoftwareVault;
import ockam.vault.VaultException;
import ockam.vault.X25519PublicKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the handshake refuses, and that it is then unchanged (secure channel, section 9, items 4 to 6). */
class NoiseHandshakeTest {
    private static final int MAX = 65_535;

    /** Message 2 without payload: two keys and two tags. */
    private static final int M2_MIN = 32 + 48 + 16;

    /** Message 3 without payload: a key and two tags. */
    private static final int M3_MIN = 48 + 16;

    private final NoiseSide alice = NoiseSide.initiator();
    private final NoiseSide bob = NoiseSide.responder();

    // ---- input that is wrong ----

    /** Gives a message to a side that must refuse it, and looks whether anything has changed. */
    private static void refuses(NoiseSide side, Reason reason, byte[] message) {
        String hash = side.hash();
        KeyCounts counts = side.vault.keys.keyCounts();

        assertRefused(reason, side.noise.read(message));

        assertThat(side.hash()).isEqualTo(hash);
        assertThat(side.vault.keys.keyCounts()).isEqualTo(counts);
    }

    private static void refusesCut(NoiseSide side, byte[] message, int minimum) {
        for (int length = 0; length < message.length; length++) {
            refuses(side, length < minimum ? Reason.TOO_SHORT : Reason.NOT_AUTHENTIC, cut(message, length));
        }
    }

    private static void refusesFlipped(NoiseSide side, byte[] message) {
        for (int index = 0; index < message.length; index++) {
            refuses(side, Reason.NOT_AUTHENTIC, flipped(message, index));
        }
    }

    private static void refusesWrongFromAnyByteOn(NoiseSide side, byte[] message) {
        for (int from = 0; from < message.length; from++) {
            byte[] wrong = message.clone();
            for (int index = from; index < wrong.length; index++) {
                wrong[index] ^= (byte) 0xff;
            }
            refuses(side, Reason.NOT_AUTHENTIC, wrong);
        }
    }

    /** Random bytes are not authentic as soon as the first tag is there. */
    private static void refusesRandom(NoiseSide side, int minimum) {
        Random random = random();
        for (int i = 0; i < 100; i++) {
            byte[] message = random(random, random.nextInt(600));
            refuses(side, message.length < minimum ? Reason.TOO_SHORT : Reason.NOT_AUTHENTIC, message);
        }
    }

    @Test
    void takesMessage1AfterAnyShorterOne() {
        for (int length = 0; length < WorkedExample.M1.length; length++) {
            refuses(bob, Reason.TOO_SHORT, cut(WorkedExample.M1, length));
        }
        assertThat(bob.read(WorkedExample.M1)).isEmpty();
        assertThat(bob.hash()).isEqualTo(WorkedExample.HASH_AFTER_M1);
    }

    @Test
    void takesMessage2AfterOneThatWasCutAtAnyByte() {
        alice.write(NOTHING);
        refusesCut(alice, WorkedExample.M2, M2_MIN);
        assertMessage2IsTaken();
    }

    @Test
    void takesMessage2AfterOneWithAnyByteChanged() {
        alice.write(NOTHING);
        refusesFlipped(alice, WorkedExample.M2);
        assertMessage2IsTaken();
    }

    @Test
    void takesMessage2AfterOneThatWasRightUpToAnyByte() {
        alice.write(NOTHING);
        refusesWrongFromAnyByteOn(alice, WorkedExample.M2);
        assertMessage2IsTaken();
    }

    @Test
    void takesMessage2AfterRandomAndLongerOnes() {
        alice.write(NOTHING);
        refusesRandom(alice, M2_MIN - 16);
        refuses(alice, Reason.NOT_AUTHENTIC, join(WorkedExample.M2, NOTHING, new byte[1]));
        refuses(alice, Reason.TOO_SHORT, WorkedExample.M1);
        refuses(alice, Reason.NOT_AUTHENTIC, WorkedExample.M3);
        refuses(alice, Reason.TOO_LONG, cut(WorkedExample.M2, MAX + 1));
        refuses(alice, Reason.NOT_AUTHENTIC, cut(WorkedExample.M2, MAX));
        assertMessage2IsTaken();
    }

    private void assertMessage2IsTaken() {
        assertThat(alice.read(WorkedExample.M2)).isEqualTo(WorkedExample.PAYLOAD_2);
        assertThat(alice.hash()).isEqualTo(WorkedExample.HASH_AFTER_M2);
        assertThat(alice.write(WorkedExample.PAYLOAD_3)).isEqualTo(WorkedExample.M3);
    }

    private void bobAnswers() {
        bob.read(WorkedExample.M1);
        bob.write(WorkedExample.PAYLOAD_2);
    }

    @Test
    void takesMessage3AfterOneThatWasCutAtAnyByte() {
        bobAnswers();
        refusesCut(bob, WorkedExample.M3, M3_MIN);
        assertMessage3IsTaken();
    }

    @Test
    void takesMessage3AfterOneWithAnyByteChanged() {
        bobAnswers();
        refusesFlipped(bob, WorkedExample.M3);
        assertMessage3IsTaken();
    }

    @Test
    void takesMessage3AfterOneThatWasRightUpToAnyByte() {
        bobAnswers();
        refusesWrongFromAnyByteOn(bob, WorkedExample.M3);
        assertMessage3IsTaken();
    }

    @Test
    void takesMessage3AfterRandomAndLongerOnes() {
        bobAnswers();
        refusesRandom(bob, M3_MIN - 16);
        refuses(bob, Reason.NOT_AUTHENTIC, join(WorkedExample.M3, new byte[1]));
        refuses(bob, Reason.TOO_SHORT, WorkedExample.M1);
        refuses(bob, Reason.NOT_AUTHENTIC, WorkedExample.M2);
        refuses(bob, Reason.TOO_LONG, cut(WorkedExample.M3, MAX + 1));
        refuses(bob, Reason.NOT_AUTHENTIC, cut(WorkedExample.M3, MAX));
        assertMessage3IsTaken();
    }

    private void assertMessage3IsTaken() {
        assertThat(bob.read(WorkedExample.M3)).isEqualTo(WorkedExample.PAYLOAD_3);
        assertThat(bob.hash()).isEqualTo(WorkedExample.HASH_AFTER_M3);
        RecordedHandshakesTest.assertKey(bob.noise.split().sealing(), WorkedExample.K1);
    }

    @Test
    void refusesPeerWithAnotherProtocolName() {
        byte[] name = "OCKAM_XX_25519_AES128_GCM_SHA256".getBytes(StandardCharsets.US_ASCII);
        NoiseSide other =
                NoiseSide.of(Role.RESPONDER, WorkedExample.RESPONDER_STATIC, WorkedExample.RESPONDER_EPHEMERAL, name);
        other.read(alice.write(NOTHING));

        refuses(alice, Reason.NOT_AUTHENTIC, other.write(WorkedExample.PAYLOAD_2));

        assertMessage2IsTaken();
    }

    @Test
    void refusesMessage3OfAnotherHandshake() {
        bobAnswers();
        NoiseSide stranger = NoiseSide.of(Role.INITIATOR, WorkedExample.INITIATOR_STATIC, filled(9));
        NoiseSide strangersBob = NoiseSide.responder();
        strangersBob.read(stranger.write(NOTHING));
        stranger.read(strangersBob.write(NOTHING));

        refuses(bob, Reason.NOT_AUTHENTIC, stranger.write(WorkedExample.PAYLOAD_3));

        assertMessage3IsTaken();
    }

    // ---- lengths ----

    /** Longer by one byte than allowed is refused on both ends; then the longest is sent, and accepted. */
    private static void assertLimit(NoiseSide sender, NoiseSide receiver, int longestPayload) {
        KeyCounts counts = sender.vault.keys.keyCounts();
        assertRefused(Reason.TOO_LONG, sender.noise.write(new byte[longestPayload + 1]));
        assertThat(sender.vault.keys.keyCounts()).isEqualTo(counts);

        refuses(receiver, Reason.TOO_LONG, new byte[MAX + 1]);

        byte[] payload = random(random(), longestPayload);
        byte[] message = sender.write(payload);
        assertThat(message).hasSize(MAX);
        assertThat(receiver.read(message)).isEqualTo(payload);
    }

    @Test
    void message1MayHave65535Bytes() {
        assertLimit(alice, bob, MAX - 32);
    }

    @Test
    void message2MayHave65535Bytes() {
        bob.read(alice.write(NOTHING));
        assertLimit(bob, alice, 65_439);
    }

    @Test
    void message3MayHave65535Bytes() {
        bob.read(alice.write(NOTHING));
        alice.read(bob.write(NOTHING));
        assertLimit(alice, bob, 65_471);
    }

    @Test
    void message1OfMoreThan65535BytesIsRefusedThoughItCouldBeRead() {
        refuses(bob, Reason.TOO_LONG, join(WorkedExample.M1, new byte[MAX + 1 - 32]));
        assertThat(bob.read(join(WorkedExample.M1, new byte[MAX - 32]))).hasSize(MAX - 32);
    }

    // ---- keys ----

    @Test
    void splitLeavesTwoKeysAndTheStaticOne() { // secure channel, section 9, item 6
        NoiseSide.handshake(alice, bob);

        SessionKeys ofAlice = alice.noise.split();
        SessionKeys ofBob = bob.noise.split();

        assertThat(alice.vault.keys.keyCounts()).isEqualTo(new KeyCounts(1, 0, 0, 2));
        assertThat(bob.vault.keys.keyCounts()).isEqualTo(new KeyCounts(1, 0, 0, 2));
        assertThat(ofAlice.sealing()).isNotSameAs(ofAlice.opening());
        ofAlice.erase();
        ofBob.erase();
        alice.vault.assertOnlyStaticKey();
        bob.vault.assertOnlyStaticKey();
        assertThat(done(alice.vault.deleteAgreementKey(alice.staticKey))).isTrue();
    }

    @Test
    void holdsNoMoreThanChainingKeyAndKeyAfterEachMessage() {
        assertThat(alice.vault.keys.keyCounts()).isEqualTo(new KeyCounts(1, 0, 1, 0));
        byte[] m1 = alice.write(NOTHING);
        assertThat(alice.vault.keys.keyCounts()).isEqualTo(new KeyCounts(2, 0, 1, 0));
        bob.read(m1);
        assertThat(bob.vault.keys.keyCounts()).isEqualTo(new KeyCounts(1, 0, 1, 0));
        byte[] m2 = bob.write(NOTHING);
        assertThat(bob.vault.keys.keyCounts()).isEqualTo(new KeyCounts(2, 0, 1, 1));
        alice.read(m2);
        assertThat(alice.vault.keys.keyCounts()).isEqualTo(new KeyCounts(2, 0, 1, 1));
        byte[] m3 = alice.write(NOTHING);
        assertThat(alice.vault.keys.keyCounts()).isEqualTo(new KeyCounts(2, 0, 1, 1));
        bob.read(m3);
        assertThat(bob.vault.keys.keyCounts()).isEqualTo(new KeyCounts(2, 0, 1, 1));
    }

    @Test
    void everyHandshakeHasItsOwnEphemeralKey() {
        SoftwareVault vault = SoftwareVault.create(Runnable::run);
        AgreementKey staticKey = vault.importAgreementKey(WorkedExample.INITIATOR_STATIC);
        NoiseHandshake one = new NoiseHandshake(vault, Role.INITIATOR, staticKey);
        NoiseHandshake other = new NoiseHandshake(vault, Role.INITIATOR, staticKey);

        assertThat(done(one.write(NOTHING))).isNotEqualTo(done(other.write(NOTHING)));
    }

    // ---- weak keys ----

    /** Zero, one, and what else has a small order, with and without the bit that is ignored. */
    private static final String SMALL_ORDER = """
            0000000000000000000000000000000000000000000000000000000000000000
            0100000000000000000000000000000000000000000000000000000000000000
            e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800
            5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157
            ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f
            edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f
            eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f
            0000000000000000000000000000000000000000000000000000000000000080
            edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff
            """;

    private static byte[][] weakKeys() {
        return SMALL_ORDER.lines().map(Hex::bytes).toArray(byte[][]::new);
    }

    @Test
    void takesMessage2AfterOneWithWeakEphemeralKey() {
        alice.write(NOTHING);
        String hash = alice.hash();
        KeyCounts counts = alice.vault.keys.keyCounts();
        byte[] rest = Arrays.copyOfRange(WorkedExample.M2, 32, WorkedExample.M2.length);

        for (byte[] weak : weakKeys()) {
            assertRefused(VaultException.Reason.WEAK_PUBLIC_KEY, alice.noise.read(join(weak, rest)));
            assertThat(alice.vault.keys.keyCounts()).isEqualTo(counts);
        }
        assertThat(alice.hash()).isEqualTo(hash);
        assertMessage2IsTaken();
    }

    /** It is only noticed when the key is used; message 1 has been accepted by then, so this handshake fails. */
    @Test
    void answersNoWeakEphemeralKeyInMessage1() {
        for (byte[] weak : weakKeys()) {
            NoiseSide responder = NoiseSide.responder();
            assertThat(responder.read(weak)).isEmpty();
            assertRefused(VaultException.Reason.WEAK_PUBLIC_KEY, responder.noise.write(NOTHING));
            assertThat(responder.vault.keys.keyCounts()).isEqualTo(new KeyCounts(1, 0, 1, 0));

            responder.noise.destroy();
            responder.vault.assertOnlyStaticKey();
        }
    }

    @Test
    void takesMessage3AfterOneWithWeakStaticKey() {
        bobAnswers();
        KeyCounts counts = bob.vault.keys.keyCounts();
        for (byte[] weak : weakKeys()) {
            NoiseSide mallory = NoiseSide.initiator(); // with the same ephemeral key as Alice
            mallory = mallory.pretending(mallory.vault.pretend(X25519PublicKey.of(weak), mallory.staticKey));
            mallory.write(NOTHING);
            mallory.read(WorkedExample.M2);

            assertRefused(VaultException.Reason.WEAK_PUBLIC_KEY, bob.noise.read(mallory.write(NOTHING)));
            assertThat(bob.vault.keys.keyCounts()).isEqualTo(counts);
        }
        assertMessage3IsTaken();
    }

    @Test
    void refusesStaticKeyThatTheSenderDoesNotHave() {
        bobAnswers();
        NoiseSide mallory = NoiseSide.initiator();
        AgreementKey own = mallory.vault.keys.importAgreementKey(filled(7));
        mallory = mallory.pretending(mallory.vault.pretend(alice.staticKey.publicKey(), own));
        mallory.write(NOTHING);
        mallory.read(WorkedExample.M2);

        refuses(bob, Reason.NOT_AUTHENTIC, mallory.write(WorkedExample.PAYLOAD_3));

        assertMessage3IsTaken();
    }

    // ---- a vault that fails ----

    /** Which curve operation fails: making the ephemeral key, or one of the two agreements. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void writesMessage2AfterVaultFailed(int operation) {
        bob.read(WorkedExample.M1);
        KeyCounts counts = bob.vault.keys.keyCounts();
        bob.vault.failAfter(operation);
        assertThat(failureOf(bob.noise.write(WorkedExample.PAYLOAD_2))).hasMessage("the vault is out of order");
        assertThat(bob.vault.keys.keyCounts()).isEqualTo(counts);

        bob.vault.willGenerate(WorkedExample.RESPONDER_EPHEMERAL);

        assertThat(bob.write(WorkedExample.PAYLOAD_2)).isEqualTo(WorkedExample.M2);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void readsMessage2AfterVaultFailed(int operation) {
        alice.write(NOTHING);
        KeyCounts counts = alice.vault.keys.keyCounts();
        alice.vault.failAfter(operation);
        assertThat(failureOf(alice.noise.read(WorkedExample.M2))).hasMessage("the vault is out of order");
        assertThat(alice.vault.keys.keyCounts()).isEqualTo(counts);

        assertMessage2IsTaken();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void leavesNothingOfAMessageForWhichNoKeyCanBeMade(boolean derivation) {
        alice.write(NOTHING);
        KeyCounts counts = alice.vault.keys.keyCounts();
        alice.vault.breakDown(derivation);

        assertThat(failureOf(alice.noise.read(WorkedExample.M2))).hasMessage("the vault is out of order");

        assertThat(alice.vault.keys.keyCounts()).isEqualTo(counts);
    }

    /** The agreement comes before the key of message 2 seals the static key: nothing is sealed with that nonce yet. */
    @Test
    void writesMessage3WithAnotherKeyWhenTheVaultDoesNotHaveTheFirst() {
        alice.write(NOTHING);
        bob.read(WorkedExample.M1);
        alice.read(bob.write(NOTHING));
        KeyCounts counts = alice.vault.keys.keyCounts();
        AgreementKey gone = done(alice.vault.generateAgreementKey());
        done(alice.vault.deleteAgreementKey(gone));
        assertRefused(VaultException.Reason.UNKNOWN_KEY, alice.noise.write(NOTHING, gone));
        assertThat(alice.vault.keys.keyCounts()).isEqualTo(counts);
        AgreementKey next = done(alice.vault.generateAgreementKey());

        assertThat(bob.read(done(alice.noise.write(NOTHING, next)))).isEmpty();

        assertThat(bob.noise.remoteStatic()).isEqualTo(next.publicKey());
        done(alice.vault.deleteAgreementKey(next));
    }

    /** The key of message 2 has sealed the static key when the derivation fails, and seals nothing else with that nonce. */
    @Test
    void sealsNothingAgainAfterVaultFailedInMessage3() {
        alice.write(NOTHING);
        alice.read(WorkedExample.M2);
        KeyCounts counts = alice.vault.keys.keyCounts();
        alice.vault.breakDown(true);
        assertThat(failureOf(alice.noise.write(NOTHING))).hasMessage("the vault is out of order");
        assertThat(alice.vault.keys.keyCounts()).isEqualTo(counts);
        alice.vault.breakDown(false);

        assertRefused(VaultException.Reason.INVALID_NONCE, alice.noise.write(NOTHING));
    }

    // ---- order ----

    @Test
    void initiatorTakesItsTurnsOnly() {
        assertNotItsTurn(() -> alice.noise.read(WorkedExample.M2));
        byte[] m1 = alice.write(NOTHING);
        assertNotItsTurn(() -> alice.noise.write(NOTHING));
        assertThat(bob.read(m1)).isEmpty();
        assertThat(alice.read(bob.write(NOTHING))).isEmpty();
        assertNotItsTurn(() -> alice.noise.read(WorkedExample.M2));
        alice.write(NOTHING);
        assertNotItsTurn(() -> alice.noise.write(NOTHING));
        assertNotItsTurn(() -> alice.noise.read(NOTHING));
    }

    @Test
    void responderTakesItsTurnsOnly() {
        assertNotItsTurn(() -> bob.noise.write(NOTHING));
        bob.read(alice.write(NOTHING));
        assertNotItsTurn(() -> bob.noise.read(WorkedExample.M1));
        alice.read(bob.write(NOTHING));
        assertNotItsTurn(() -> bob.noise.write(NOTHING));
        bob.read(alice.write(NOTHING));
        assertNotItsTurn(() -> bob.noise.write(NOTHING));
        assertNotItsTurn(() -> bob.noise.read(NOTHING));
    }

    private static void assertNotItsTurn(Runnable call) {
        assertThatIllegalStateException().isThrownBy(call::run).withMessage("not the turn of this call");
    }

    @Test
    void oneCallAtATime() {
        bob.read(alice.write(NOTHING));
        byte[] m2 = bob.write(NOTHING);
        alice.vault.hold();
        var reading = alice.noise.read(m2);
        assertNotItsTurn(() -> alice.noise.read(m2));
        assertNotItsTurn(() -> alice.noise.write(NOTHING));

        alice.vault.releaseAll();

        assertThat(done(reading)).isEmpty();
        assertThat(bob.read(alice.write(NOTHING))).isEmpty();
    }

    @Test
    void splitComesAfterTheLastMessageAndOnce() {
        assertNotFinished(alice);
        assertNotFinished(bob);
        bob.read(alice.write(NOTHING));
        assertNotFinished(alice);
        assertNotFinished(bob);
        alice.read(bob.write(NOTHING));
        assertNotFinished(alice);
        assertNotFinished(bob);
        byte[] m3 = alice.write(NOTHING);
        assertNotFinished(bob);
        bob.read(m3);

        alice.noise.split().erase();

        assertNotFinished(alice);
        assertRefused(Reason.DESTROYED, alice.noise.write(NOTHING));
        alice.vault.assertOnlyStaticKey();
    }

    private static void assertNotFinished(NoiseSide side) {
        KeyCounts counts = side.vault.keys.keyCounts();
        assertThatIllegalStateException().isThrownBy(side.noise::split);
        assertThat(side.vault.keys.keyCounts()).isEqualTo(counts);
    }

    @Test
    void remoteStaticKeyIsKnownAfterTheMessageThatBringsIt() {
        assertThatIllegalStateException().isThrownBy(alice.noise::remoteStatic);
        bob.read(alice.write(NOTHING));
        assertThatIllegalStateException().isThrownBy(bob.noise::remoteStatic);
        byte[] m2 = bob.write(NOTHING);
        assertRefused(Reason.NOT_AUTHENTIC, alice.noise.read(flipped(m2, m2.length - 1)));
        assertThatIllegalStateException()
                .as("nothing of a refused message is kept")
                .isThrownBy(alice.noise::remoteStatic);
        alice.read(m2);
        assertThat(alice.noise.remoteStatic()).isEqualTo(bob.staticKey.publicKey());
    }
}
