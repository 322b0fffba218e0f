// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import akka.util.ByteString;
import ockam.wire.Identifier;

/**
 * The handle of an identity of one's own (secure channel, section 4): its name, its history as it was when the handle was made, and where
 * to ask for more. It holds nothing secret; keys are in the vault.
 *
 * <p>A handle stays good for every operation after the identity was rotated through another one; only its history is then
 * not the latest. Immutable and thread safe.
 */
public final class Identity {
    private final Identities identities;
    private final ChangeHistory changeHistory;

    Identity(Identities identities, ChangeHistory changeHistory) {
        this.identities = identities;
        this.changeHistory = changeHistory;
    }

    /** The name of the identity, which never changes. */
    public Identifier identifier() {
        return changeHistory.identifier();
    }

    /** The history as it was when this handle was made. */
    public ChangeHistory changeHistory() {
        return changeHistory;
    }

    /** The history in the form that others {@linkplain Identities#importHistory import}. */
    public ByteString export() {
        return changeHistory.export();
    }

    /** Where this identity lives. */
    public Identities identities() {
        return identities;
    }

    /** The text form of the identifier. */
    @Override
    public String toString() {
        return identifier().toString();
    }
}
