// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import java.util.List;
import ockam.vault.AgreementKey;

/**
 * All that an own identity needs to open a secure channel now; the three belong together, also while somebody rotates it.
 *
 * @param key the Noise static key, its private half in the vault
 * @param attestation the identity's word that the key is its own
 * @param changeHistory the history with which the attestation verifies, which an older {@link Identity} may lack
 */
public record SecureChannelKey(AgreementKey key, PurposeKeyAttestation attestation, ChangeHistory changeHistory) {

    /** What to show to the peer in the handshake (secure channel, section 4.10). */
    public IdentityAndCredentials show(List<CredentialAndPurposeKey> credentials) {
        return new IdentityAndCredentials(changeHistory, attestation, credentials);
    }
}
