// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import org.jspecify.annotations.Nullable;

/** A {@link CredentialRetriever} has no credential that could be presented now. The text is safe to show and to log. */
public final class CredentialUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Creates one that says why. */
    public CredentialUnavailableException(String why) {
        this(why, null);
    }

    /** Creates one that says why; the cause is what the source has failed with, if it has. */
    public CredentialUnavailableException(String why, @Nullable Throwable cause) {
        super(why, cause);
    }
}
