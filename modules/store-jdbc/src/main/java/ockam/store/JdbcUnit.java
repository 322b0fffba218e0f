// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import ockam.identity.IdentityRecords;
import ockam.identity.Members;
import ockam.identity.Tokens;
import ockam.identity.UnitOfWork;
import ockam.wire.Identifier;

/** A unit of work that is one transaction. */
record JdbcUnit(Sql sql, Locks locks, IdentityRecords identities, Members members, Tokens tokens)
        implements UnitOfWork {
    @Override
    public void lockAuthority(Identifier authority) {
        locks.authority(authority);
    }
}
