// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import ockam.identity.IdentityRepository.Retention;
import ockam.wire.Identifier;

/**
 * A peer that has proved who it is, see {@link Identities#verifyPeer}. Nothing of it is remembered before
 * {@link Identities#acceptPeer}. Immutable.
 */
public final class VerifiedPeer {
    private final ChangeHistory history;
    private final Retention retention;

    VerifiedPeer(ChangeHistory history, Retention retention) {
        this.history = history;
        this.retention = retention;
    }

    /** Who it is. */
    public Identifier identifier() {
        return history.identifier();
    }

    ChangeHistory history() {
        return history;
    }

    Retention retention() {
        return retention;
    }

    /** The text form of the identifier. */
    @Override
    public String toString() {
        return identifier().toString();
    }
}
