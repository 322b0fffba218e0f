// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

import java.util.Objects;
import ockam.identity.CredentialAndPurposeKey;

/**
 * What has come of a ticket.
 *
 * @param isNew whether the code was used, and its holder has become a member; otherwise it was one before, stays as it was, and the code can
 *     still be used
 * @param credential what the authority says about the member now
 */
public record Enrollment(boolean isNew, CredentialAndPurposeKey credential) {
    /** Checks that there is a credential. */
    public Enrollment {
        Objects.requireNonNull(credential, "credential");
    }
}
