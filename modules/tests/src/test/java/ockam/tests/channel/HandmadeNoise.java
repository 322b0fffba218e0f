// SPDX-License-Identifier: Apache-2.0

package ockam.tests.channel;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * One end of a channel as specified (secure channel, sections 2 and 5), from the JDK's primitives alone: it shares no code with
 * the code under test. It keeps no window and refuses nothing.
 */
final class HandmadeNoise {
    private static final int KEY_LENGTH = 32;
    private static final int TAG_LENGTH = 16;
    private static final int TAG_BITS = 128;
    private static final int FRAMES_PER_KEY = 32;
    private static final byte[] NAME = "OCKAM_XX_25519_AES256_GCM_SHA256".getBytes(US_ASCII);
    private static final byte[] NOTHING = new byte[0];

    /** An X25519 key pair whose private half is accessible. */
    static final class KeyPair {
        private final byte[] secret;
        private final byte[] open;

        private KeyPair(byte[] secret, byte[] open) {
            this.secret = secret;
            this.open = open;
        }

        static KeyPair random() {
            byte[] secret = new byte[KEY_LENGTH];
            new SecureRandom().nextBytes(secret);
            byte[] basePoint = new byte[KEY_LENGTH];
            basePoint[0] = 9;
            return new KeyPair(secret, agree(secret, basePoint));
        }

        byte[] secret() {
            return secret.clone();
        }

        byte[] open() {
            return open.clone();
        }
    }

    private final boolean initiator;
    private final KeyPair own;
    private final KeyPair ephemeral = KeyPair.random();
    private byte[] hash = sha256(NAME);
    private byte[] chainingKey = NAME;
    private byte[] key = NOTHING;
    private long nonce;
    private byte[] remoteEphemeral = NOTHING;
    private byte[] remoteStatic = NOTHING;
    private byte[] sealingKey = NOTHING;
    private byte[] openingKey = NOTHING;
    private long sealingNonce;

    private HandmadeNoise(boolean initiator, KeyPair own) {
        this.initiator = initiator;
        this.own = own;
    }

    static HandmadeNoise initiator(KeyPair own) {
        return new HandmadeNoise(true, own);
    }

    static HandmadeNoise responder(KeyPair own) {
        return new HandmadeNoise(false, own);
    }

    // ---- handshake ----

    byte[] writeMessage1() {
        mixHash(ephemeral.open());
        mixHash(NOTHING);
        return ephemeral.open();
    }

    void readMessage1(byte[] message) {
        remoteEphemeral = Arrays.copyOf(message, KEY_LENGTH);
        mixHash(remoteEphemeral);
        mixHash(Arrays.copyOfRange(message, KEY_LENGTH, message.length));
    }

    byte[] writeMessage2(byte[] payload) {
        mixHash(ephemeral.open());
        mixKey(agree(ephemeral.secret(), remoteEphemeral));
        byte[] encryptedStatic = encryptAndHash(own.open());
        mixKey(agree(own.secret(), remoteEphemeral));
        return join(ephemeral.open(), encryptedStatic, encryptAndHash(payload));
    }

    byte[] readMessage2(byte[] message) {
        remoteEphemeral = Arrays.copyOf(message, KEY_LENGTH);
        mixHash(remoteEphemeral);
        mixKey(agree(ephemeral.secret(), remoteEphemeral));
        int payload = KEY_LENGTH + KEY_LENGTH + TAG_LENGTH;
        remoteStatic = decryptAndHash(Arrays.copyOfRange(message, KEY_LENGTH, payload));
        mixKey(agree(ephemeral.secret(), remoteStatic));
        return decryptAndHash(Arrays.copyOfRange(message, payload, message.length));
    }

    byte[] writeMessage3(byte[] payload) {
        byte[] encryptedStatic = encryptAndHash(own.open());
        mixKey(agree(own.secret(), remoteEphemeral));
        byte[] message = join(encryptedStatic, encryptAndHash(payload));
        split();
        return message;
    }

    byte[] readMessage3(byte[] message) {
        int payload = KEY_LENGTH + TAG_LENGTH;
        remoteStatic = decryptAndHash(Arrays.copyOf(message, payload));
        mixKey(agree(ephemeral.secret(), remoteStatic));
        byte[] read = decryptAndHash(Arrays.copyOfRange(message, payload, message.length));
        split();
        return read;
    }

    /** Returns the static key that the other end has proved to hold. */
    byte[] remoteStatic() {
        return remoteStatic.clone();
    }

    // ---- frames ----

    /** Returns the next frame. */
    byte[] seal(byte[] plaintext) {
        return seal(sealingNonce++, plaintext);
    }

    /** Returns a frame with any nonce. */
    byte[] seal(long frameNonce, byte[] plaintext) {
        byte[] sealed = aead(Cipher.ENCRYPT_MODE, keyOf(sealingKey, frameNonce), frameNonce, NOTHING, plaintext);
        return join(bigEndian(frameNonce), sealed);
    }

    byte[] open(byte[] frame) {
        long frameNonce = ByteBuffer.wrap(frame).getLong();
        byte[] sealed = Arrays.copyOfRange(frame, Long.BYTES, frame.length);
        return aead(Cipher.DECRYPT_MODE, keyOf(openingKey, frameNonce), frameNonce, NOTHING, sealed);
    }

    private static byte[] keyOf(byte[] firstKey, long frameNonce) {
        byte[] frameKey = firstKey;
        for (long i = FRAMES_PER_KEY; i <= frameNonce; i += FRAMES_PER_KEY) {
            byte[] rekeyed = aead(Cipher.ENCRYPT_MODE, frameKey, -1, NOTHING, new byte[KEY_LENGTH]);
            frameKey = Arrays.copyOf(rekeyed, KEY_LENGTH);
        }
        return frameKey;
    }

    // ---- symmetric state ----

    private void mixHash(byte[] data) {
        hash = sha256(join(hash, data));
    }

    private void mixKey(byte[] secret) {
        byte[] derived = derive(chainingKey, secret);
        chainingKey = Arrays.copyOf(derived, KEY_LENGTH);
        key = Arrays.copyOfRange(derived, KEY_LENGTH, 2 * KEY_LENGTH);
        nonce = 0;
    }

    private byte[] encryptAndHash(byte[] plaintext) {
        byte[] ciphertext = aead(Cipher.ENCRYPT_MODE, key, nonce++, hash, plaintext);
        mixHash(ciphertext);
        return ciphertext;
    }

    private byte[] decryptAndHash(byte[] ciphertext) {
        byte[] plaintext = aead(Cipher.DECRYPT_MODE, key, nonce++, hash, ciphertext);
        mixHash(ciphertext);
        return plaintext;
    }

    private void split() {
        byte[] keys = derive(chainingKey, NOTHING);
        byte[] k1 = Arrays.copyOf(keys, KEY_LENGTH);
        byte[] k2 = Arrays.copyOfRange(keys, KEY_LENGTH, 2 * KEY_LENGTH);
        sealingKey = initiator ? k2 : k1;
        openingKey = initiator ? k1 : k2;
    }

    // ---- primitives ----

    private static byte[] derive(byte[] salt, byte[] input) {
        byte[] extracted = hmac(salt, input);
        byte[] first = hmac(extracted, new byte[] {1});
        return join(first, hmac(extracted, join(first, new byte[] {2})));
    }

    private static byte[] agree(byte[] secret, byte[] open) {
        try {
            KeyFactory keys = KeyFactory.getInstance("X25519");
            KeyAgreement agreement = KeyAgreement.getInstance("X25519");
            agreement.init(keys.generatePrivate(new XECPrivateKeySpec(NamedParameterSpec.X25519, secret)));
            BigInteger u = new BigInteger(1, reversed(open)).clearBit(255);
            agreement.doPhase(keys.generatePublic(new XECPublicKeySpec(NamedParameterSpec.X25519, u)), true);
            return agreement.generateSecret();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] aead(int mode, byte[] aeadKey, long aeadNonce, byte[] aad, byte[] input) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            byte[] iv = join(new byte[Integer.BYTES], bigEndian(aeadNonce));
            cipher.init(mode, new SecretKeySpec(aeadKey, "AES"), new GCMParameterSpec(TAG_BITS, iv));
            cipher.updateAAD(aad);
            return cipher.doFinal(input);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] hmac(byte[] hmacKey, byte[] input) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(hmacKey, "HmacSHA256"));
            return mac.doFinal(input);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] sha256(byte[] input) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(input);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] bigEndian(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return reversed;
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
