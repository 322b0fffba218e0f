// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

/**
 * An AES-256-GCM key inside a vault, with the nonces and the rekeying of secure channels (secure channel, sections 2.2, 5.1 and 5.3).
 *
 * <p>The key promises confidentiality and integrity as long as no nonce seals twice, and therefore refuses to seal with a
 * nonce that is not above the last one. It does not stop an old message from being opened again: that is the replay
 * window's work. The key prints as {@code AeadKey(id)}, has no way to read it, and lives until it is erased.
 *
 * <p><b>Not thread safe:</b> one cipher object is used again for each call, so a key belongs to one owner at a time, for
 * example an actor. Only {@link #erase()} and {@link #isErased()} may be called from elsewhere; a call that is under way
 * then finishes with the key, and the next one fails.
 *
 * <p>Ranges that do not lie inside their array are refused with {@link VaultException.Reason#INVALID_LENGTH} before
 * anything is done, and everything fails with {@link VaultException.Reason#ERASED} once the key is erased.
 */
public interface AeadKey {
    /** Bytes that sealing adds behind the ciphertext. */
    int TAG_LENGTH = 16;

    /** The nonce 2^64 - 1, which {@link #rekey()} uses and nothing else may (secure channel, section 5.3). */
    long RESERVED_NONCE = -1;

    /** The name of this key in its vault. */
    KeyId id();

    /**
     * Seals {@code buffer[offset, offset + length)} in place and writes the tag into the {@value #TAG_LENGTH} bytes
     * behind it; no other byte changes. The AEAD nonce is four zero bytes and the big-endian {@code nonce}.
     *
     * @param nonce an unsigned number, above that of the last seal and below {@link #RESERVED_NONCE}, otherwise
     *     {@link VaultException.Reason#INVALID_NONCE}; it need not follow directly
     * @param aad authenticated, not encrypted; may be empty
     * @param buffer must have room for the tag behind the range
     * @param offset where the plaintext starts
     * @param length of the plaintext, may be 0
     */
    void seal(long nonce, byte[] aad, byte[] buffer, int offset, int length);

    /**
     * Opens {@code input[offset, offset + length)}, ciphertext and tag, and writes {@code length - TAG_LENGTH} bytes of
     * plaintext at {@code outputOffset}; no other byte changes.
     *
     * <p>Never in place: {@code input} and {@code output} must be two arrays, otherwise
     * {@link VaultException.Reason#UNSUPPORTED}. The same input may be opened again.
     *
     * @param nonce the unsigned number it was sealed with; any order
     * @param aad what was given when it was sealed
     * @param input not changed
     * @param offset where the ciphertext starts
     * @param length of ciphertext and tag; less than a tag is never authentic
     * @param output receives the plaintext
     * @param outputOffset where the plaintext starts
     * @return whether the input is authentic; if not, the output range is zero and nothing unauthenticated is left in it
     */
    boolean open(long nonce, byte[] aad, byte[] input, int offset, int length, byte[] output, int outputOffset);

    /**
     * The next key of the channel: the first 32 bytes of sealing 32 zero bytes with {@link #RESERVED_NONCE} and empty
     * additional data (secure channel, section 5.3).
     *
     * <p>This key stays valid until erased, and gives the same next key each time; each result is a key of its own that
     * must be erased.
     */
    AeadKey rekey();

    /** Gives the key up; may be called again. */
    void erase();

    /** Whether the key was erased. */
    boolean isErased();
}
