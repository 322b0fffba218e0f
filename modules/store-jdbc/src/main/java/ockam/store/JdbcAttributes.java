// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import ockam.identity.AttestedAttributes;
import ockam.identity.AttributeStore;
import ockam.identity.Timestamp;
import ockam.wire.Attributes;
import ockam.wire.Identifier;

/**
 * What authorities said about peers. Each call is a transaction of its own.
 *
 * <p>Moments after {@link Long#MAX_VALUE} seconds are kept as that one.
 */
final class JdbcAttributes implements AttributeStore {
    /** As much as in memory: what a statement counts without its attributes, and a name beyond its bytes. */
    private static final int OVERHEAD = 512;

    private final Workers workers;
    private final Transactions transactions;
    private final long maxBytes;
    private final UseTimes times;

    JdbcAttributes(Workers workers, Transactions transactions, long maxBytes, UseTimes times) {
        this.workers = workers;
        this.transactions = transactions;
        this.maxBytes = maxBytes;
        this.times = times;
    }

    private record Known(long createdAt, long expiresAt, long usedAt) {
        private boolean isOlderThan(AttestedAttributes said) {
            long made = Stored.bounded(said.createdAt());
            return createdAt < made || (createdAt == made && expiresAt < Stored.bounded(said.expiresAt()));
        }

        private boolean isSameAs(AttestedAttributes said) {
            return createdAt == Stored.bounded(said.createdAt()) && expiresAt == Stored.bounded(said.expiresAt());
        }
    }

    /** Peers show the same again and again: then there is nothing to write, but once in a while that they do. */
    @Override
    public CompletionStage<Boolean> store(AttestedAttributes said) {
        return workers.run(() -> transactions.run(sql -> {
            Optional<Known> known = known(sql, said);
            if (known.isPresent() && !known.get().isOlderThan(said)) {
                if (known.get().isSameAs(said) && times.next() - known.get().usedAt() > UseTimes.COARSENESS) {
                    shown(sql, said);
                }
                return false;
            }
            if (!write(sql, said)) {
                return false;
            }
            Room.forStatements(sql, maxBytes);
            return known(sql, said).isPresent();
        }));
    }

    private static Optional<Known> known(Sql sql, AttestedAttributes said) {
        return sql.first(
                "SELECT created_at, expires_at, used_at FROM ockam_statement WHERE subject = ? AND authority = ?",
                row -> new Known(row.getLong(1), row.getLong(2), row.getLong(3)),
                said.subject().toString(),
                said.authority().toString());
    }

    private void shown(Sql sql, AttestedAttributes said) {
        sql.update(
                "UPDATE ockam_statement SET used_at = ? WHERE subject = ? AND authority = ?",
                times.next(),
                said.subject().toString(),
                said.authority().toString());
    }

    /** One statement with its condition, as others may have written since: an older one, or one that is as old, changes no row. */
    private boolean write(Sql sql, AttestedAttributes said) {
        return sql.update(
                        "INSERT INTO ockam_statement (subject, authority, schema_number, attributes, created_at,"
                                + " expires_at, cost, used_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
                                + " ON CONFLICT (subject, authority) DO UPDATE SET"
                                + " schema_number = excluded.schema_number, attributes = excluded.attributes,"
                                + " created_at = excluded.created_at, expires_at = excluded.expires_at,"
                                + " cost = excluded.cost, used_at = excluded.used_at"
                                + " WHERE ockam_statement.created_at < excluded.created_at"
                                + " OR (ockam_statement.created_at = excluded.created_at"
                                + " AND ockam_statement.expires_at < excluded.expires_at)",
                        said.subject().toString(),
                        said.authority().toString(),
                        said.schema(),
                        Stored.bytes(said.attributes()),
                        Stored.bounded(said.createdAt()),
                        Stored.bounded(said.expiresAt()),
                        cost(said.attributes()),
                        times.next())
                > 0;
    }

    private static long cost(Attributes attributes) {
        return OVERHEAD
                + 3L * attributes.length()
                + (long) OVERHEAD * attributes.entries().size();
    }

    @Override
    public CompletionStage<Optional<AttestedAttributes>> find(
            Identifier subject, Identifier authority, Instant moment) {
        return workers.run(() -> transactions.run(sql -> sql.first(
                "SELECT * FROM ockam_statement WHERE subject = ? AND authority = ? AND expires_at > ?",
                row -> new AttestedAttributes(
                        subject,
                        authority,
                        row.getLong("schema_number"),
                        Stored.attributes(row.getBytes("attributes")),
                        new Timestamp(row.getLong("created_at")),
                        new Timestamp(row.getLong("expires_at"))),
                subject.toString(),
                authority.toString(),
                Stored.bounded(Timestamp.of(moment)))));
    }
}
