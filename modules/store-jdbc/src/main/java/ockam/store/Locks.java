// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import java.nio.LongBuffer;
import java.util.HashSet;
import java.util.Set;
import ockam.wire.Identifier;

/**
 * What one transaction has locked, until it ends: what it reads and then changes, which need not be a row yet. In PostgreSQL a lock has a
 * number, which is one for all who use the database.
 */
final class Locks {
    private static final long IDENTITY = 0x6f636b616d2d6964L;
    private static final long AUTHORITY = 0x6f636b616d2d6175L;
    private static final long SEALING = 0x6f636b616d2d7365L;
    private static final long TABLES = 0x6f636b616d2d7462L;

    private final Set<Long> held = new HashSet<>();
    private final Sql sql;
    private final Dialect dialect;

    Locks(Sql sql, Dialect dialect) {
        this.sql = sql;
        this.dialect = dialect;
    }

    /** Waits until no other transaction changes the history or the record of this identity, and keeps others from it. */
    void identity(Identifier identity) {
        lock(IDENTITY ^ numberOf(identity));
    }

    /** Does the same for members and tokens of this authority. */
    void authority(Identifier authority) {
        lock(AUTHORITY ^ numberOf(authority));
    }

    /** Does the same for the key that private keys are sealed with, so as to change it. Nothing has asked for it to stay before. */
    void sealing() {
        lock(SEALING);
    }

    /** Waits until nobody changes that key, and keeps others from it. Many do so at the same time. */
    void sealingStays() {
        if (held.add(SEALING)) {
            dialect.lockShared(sql, SEALING);
        }
    }

    /** Does the same for the tables themselves. */
    void tables() {
        lock(TABLES);
    }

    private static long numberOf(Identifier identifier) {
        LongBuffer parts = identifier.bytes().asByteBuffer().asLongBuffer();
        return parts.get(0) ^ parts.get(1) ^ parts.get(2) ^ parts.get(3);
    }

    private void lock(long number) {
        if (held.add(number)) {
            dialect.lock(sql, number);
        }
    }
}
