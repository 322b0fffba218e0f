// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import ockam.identity.IdentityRecords;
import ockam.identity.Members;
import ockam.identity.Redemption;
import ockam.identity.Timestamp;
import ockam.identity.TokenCode;
import ockam.identity.Tokens;
import ockam.identity.UnitOfWork;
import ockam.wire.Identifier;

/** A unit of work that is one transaction. */
record JdbcUnit(Sql sql, Dialect dialect, IdentityRecords identities, Members members, Tokens tokens)
        implements UnitOfWork {

    /** Under a lock from its beginning: otherwise one identity could redeem two codes at once, and a use would be lost. */
    @Override
    public Redemption redeem(Identifier authority, Identifier subject, TokenCode code, Timestamp now) {
        dialect.lock(sql, Dialect.Lock.AUTHORITY, authority);
        return UnitOfWork.super.redeem(authority, subject, code, now);
    }
}
