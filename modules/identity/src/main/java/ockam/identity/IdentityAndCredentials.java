// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import akka.util.ByteString;
import java.util.List;
import ockam.identity.IdentityException.Reason;
import ockam.wire.Cbor;
import ockam.wire.CborReader;
import ockam.wire.CborWriter;
import ockam.wire.DecodeFailure;
import ockam.wire.Decoded;

/**
 * What each side shows of itself in the handshake (secure channel, sections 2.6 and 4.10).
 *
 * <p>A decoded one is untrusted input: nothing in it must be trusted before {@link Identities#verifyPeer}.
 *
 * @param changeHistory the history of the identity
 * @param attestation the attestation of its secure channel key
 * @param credentials what authorities say about it, at most {@value #MAX_CREDENTIALS}; send at most one, because some peers
 *     refuse more
 */
public record IdentityAndCredentials(
        ChangeHistory changeHistory, PurposeKeyAttestation attestation, List<CredentialAndPurposeKey> credentials) {

    /** The longest encoded form, in bytes: what a Noise message holds. The message's own parts also need some of that. */
    public static final int MAX_LENGTH = IdentityCbor.MAX_PAYLOAD;

    /** The maximum number of credentials that are accepted. */
    public static final int MAX_CREDENTIALS = 16;

    /** Copies the list; throws {@link IllegalArgumentException} when it is too long. */
    public IdentityAndCredentials {
        credentials = List.copyOf(credentials);
        if (credentials.size() > MAX_CREDENTIALS) {
            throw new IllegalArgumentException(credentials.size() + " credentials are too many");
        }
    }

    /**
     * Reads a handshake payload, without verifying anything; the result shares the memory of the bytes. The list of
     * credentials may be empty but not absent.
     */
    public static Decoded<IdentityAndCredentials> decode(ByteString payload) {
        if (payload.length() > MAX_LENGTH) {
            return new Decoded.Failure<>(new DecodeFailure(DecodeFailure.Reason.TOO_LONG, 0));
        }
        return Cbor.decode(payload, IdentityCbor.LIMITS, IdentityAndCredentials::readFrom);
    }

    private static IdentityAndCredentials readFrom(CborReader reader) {
        return reader.struct(fields -> new IdentityAndCredentials(
                ChangeHistory.readFrom(fields),
                PurposeKeyAttestation.readFrom(fields),
                fields.list(MAX_CREDENTIALS, CredentialAndPurposeKey::readFrom)));
    }

    /** Returns the handshake payload; throws {@link IdentityException} with {@code PAYLOAD_TOO_LONG} beyond {@value #MAX_LENGTH} bytes. */
    public ByteString encode() {
        CborWriter writer = CborWriter.create(1024).array(3);
        changeHistory.writeTo(writer);
        attestation.writeTo(writer);
        writer.list(credentials, CredentialAndPurposeKey::writeTo);
        if (writer.position() > MAX_LENGTH) {
            throw new IdentityException(
                    Reason.PAYLOAD_TOO_LONG, "a handshake payload of " + writer.position() + " bytes is too long");
        }
        return writer.toByteString();
    }
}
