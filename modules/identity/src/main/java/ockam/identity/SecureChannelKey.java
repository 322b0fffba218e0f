// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import java.util.List;
import ockam.vault.AgreementKey;

/**
 * Everything that an identity of this node needs to open a secure channel now; the three belong together, even during a rotation.
 *
 * @param key the Noise static key, its private half in the vault
 * @param attestation the identity's statement that the key is its own
 * @param changeHistory the history with which the attestation verifies; an older {@link Identity} may lack it
 */
public record SecureChannelKey(AgreementKey key, PurposeKeyAttestation attestation, ChangeHistory changeHistory) {

    /** Returns what to show to the peer in the handshake (secure channel, section 4.10). */
    public IdentityAndCredentials show(List<CredentialAndPurposeKey> credentials) {
        return new IdentityAndCredentials(changeHistory, attestation, credentials);
    }
}
