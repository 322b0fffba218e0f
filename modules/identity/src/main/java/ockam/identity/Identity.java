// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import akka.util.ByteString;
import ockam.wire.Identifier;

/**
 * The handle of an identity of this node (secure channel, section 4): its name, its history as it was when the handle was made,
 * and the {@link Identities} that it belongs to. It holds nothing secret; keys are in the vault.
 *
 * <p>A handle remains valid for every operation after the identity was rotated through another handle; only its history is then
 * no longer the latest. Immutable and thread safe.
 */
public final class Identity {
    private final Identities identities;
    private final ChangeHistory changeHistory;

    Identity(Identities identities, ChangeHistory changeHistory) {
        this.identities = identities;
        this.changeHistory = changeHistory;
    }

    /** Returns the name of the identity, which never changes. */
    public Identifier identifier() {
        return changeHistory.identifier();
    }

    /** Returns the history as it was when this handle was made. */
    public ChangeHistory changeHistory() {
        return changeHistory;
    }

    /** Returns the history in the form that others {@linkplain Identities#importHistory import}. */
    public ByteString export() {
        return changeHistory.export();
    }

    /** Returns the identities that this handle belongs to. */
    public Identities identities() {
        return identities;
    }

    /** Returns the text form of the identifier. */
    @Override
    public String toString() {
        return identifier().toString();
    }
}
