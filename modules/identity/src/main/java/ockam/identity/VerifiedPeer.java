// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import ockam.identity.IdentityRepository.Retention;
import ockam.wire.Identifier;

/**
 * A peer that has proved its identity; {@link Identities#verifyPeer} returns it. It is not remembered until
 * {@link Identities#acceptPeer} is called. Immutable.
 */
public final class VerifiedPeer {
    private final ChangeHistory history;
    private final Retention retention;

    VerifiedPeer(ChangeHistory history, Retention retention) {
        this.history = history;
        this.retention = retention;
    }

    /** Returns the identifier of the peer. */
    public Identifier identifier() {
        return history.identifier();
    }

    ChangeHistory history() {
        return history;
    }

    Retention retention() {
        return retention;
    }

    /** Returns the text form of the identifier. */
    @Override
    public String toString() {
        return identifier().toString();
    }
}
