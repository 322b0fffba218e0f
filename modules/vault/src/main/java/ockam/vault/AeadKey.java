// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

/**
 * An AES-256-GCM key inside a vault, with the nonces and the rekeying of secure channels (secure channel, sections 2.2, 5.1 and 5.3).
 *
 * <p>The key guarantees confidentiality and integrity as long as no nonce is used twice for sealing, and therefore refuses to
 * seal with a nonce that is not above the last one. It does not stop an old message from being opened again: that is the job of
 * the replay window. The key prints as {@code AeadKey(id)}, cannot be read, and lives until it is erased.
 *
 * <p><b>Not thread safe:</b> all calls share one cipher object, so a key belongs to one owner at a time, for example an actor.
 * Only {@link #erase()} and {@link #isErased()} may be called from elsewhere; a call that is under way then still finishes with
 * the key, and the next one fails.
 *
 * <p>Ranges outside their array are refused with {@link VaultException.Reason#INVALID_LENGTH} before
 * anything is done, and everything fails with {@link VaultException.Reason#ERASED} once the key is erased.
 */
public interface AeadKey {
    /** Bytes that sealing adds after the ciphertext. */
    int TAG_LENGTH = 16;

    /** The nonce 2^64 - 1, which only {@link #rekey()} may use (secure channel, section 5.3). */
    long RESERVED_NONCE = -1;

    /** Returns the name of this key in its vault. */
    KeyId id();

    /**
     * Seals {@code buffer[offset, offset + length)} in place and writes the tag into the {@value #TAG_LENGTH} bytes after it; no
     * other byte changes. The AEAD nonce is four zero bytes and the big-endian {@code nonce}.
     *
     * @param nonce an unsigned number, above that of the last seal and below {@link #RESERVED_NONCE}, otherwise
     *     {@link VaultException.Reason#INVALID_NONCE}; gaps are allowed
     * @param aad authenticated, not encrypted; may be empty
     * @param buffer must have room for the tag after the range
     * @param offset where the plaintext starts
     * @param length the length of the plaintext, may be 0
     */
    void seal(long nonce, byte[] aad, byte[] buffer, int offset, int length);

    /**
     * Opens {@code input[offset, offset + length)}, ciphertext and tag, and writes {@code length - TAG_LENGTH} bytes of
     * plaintext at {@code outputOffset}; no other byte changes.
     *
     * <p>Never in place: {@code input} and {@code output} must be different arrays, otherwise
     * {@link VaultException.Reason#UNSUPPORTED}. The same input may be opened again.
     *
     * @param nonce the unsigned number it was sealed with; in any order
     * @param aad the additional data that it was sealed with
     * @param input not changed
     * @param offset where the ciphertext starts
     * @param length the length of ciphertext and tag; less than a tag is never authentic
     * @param output receives the plaintext
     * @param outputOffset where the plaintext starts
     * @return whether the input is authentic; if not, the output range is zeroed, so that nothing unauthenticated is left in it
     */
    boolean open(long nonce, byte[] aad, byte[] input, int offset, int length, byte[] output, int outputOffset);

    /**
     * Returns the next key of the channel: the first 32 bytes of sealing 32 zero bytes with {@link #RESERVED_NONCE} and empty
     * additional data (secure channel, section 5.3).
     *
     * <p>This key remains valid until it is erased, and returns the same next key each time; each result is a separate key that
     * must be erased.
     */
    AeadKey rekey();

    /** Erases the key; may be called again. */
    void erase();

    /** Returns whether the key was erased. */
    boolean isErased();
}
