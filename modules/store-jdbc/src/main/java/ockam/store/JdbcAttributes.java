// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import java.sql.ResultSet;
import java.sql.SQLException;
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
    private final Room room;
    private final UseTimes times;

    JdbcAttributes(Workers workers, Transactions transactions, long maxBytes, UseTimes times) {
        this.workers = workers;
        this.transactions = transactions;
        this.room = Room.forStatements(maxBytes);
        this.times = times;
    }

    private record Known(AttestedAttributes said, long usedAt) {}

    /** Peers show the same again and again: then there is nothing to write, but once in a while that they do. */
    @Override
    public CompletionStage<Boolean> store(AttestedAttributes heard) {
        AttestedAttributes said = bounded(heard);
        return workers.run(() -> transactions.run((sql, afterCommit) -> {
            Optional<Known> known = known(sql, said);
            if (known.isPresent() && known.get().said().equals(said)) {
                if (times.next() - known.get().usedAt() > UseTimes.COARSENESS) {
                    shown(sql, said);
                }
                return false;
            }
            if (known.isPresent() && said.isOlderThan(known.get().said())) {
                return false; // the condition of the write would say so too, but lock the row for that
            }
            if (!write(sql, said)) {
                return false;
            }
            room.wrote(sql, cost(said.attributes()), afterCommit);
            return known(sql, said).isPresent();
        }));
    }

    /** As it is read again. */
    private static AttestedAttributes bounded(AttestedAttributes said) {
        return new AttestedAttributes(
                said.subject(),
                said.authority(),
                said.authorityChange(),
                said.schema(),
                said.attributes(),
                new Timestamp(Stored.bounded(said.createdAt())),
                new Timestamp(Stored.bounded(said.expiresAt())));
    }

    private static Optional<Known> known(Sql sql, AttestedAttributes said) {
        return sql.first(
                "SELECT * FROM ockam_statement WHERE subject = ? AND authority = ?",
                row -> new Known(read(row, said.subject(), said.authority()), row.getLong("used_at")),
                said.subject().toString(),
                said.authority().toString());
    }

    private static AttestedAttributes read(ResultSet row, Identifier subject, Identifier authority)
            throws SQLException {
        return new AttestedAttributes(
                subject,
                authority,
                Stored.changeHash(row.getBytes("authority_change")),
                row.getLong("schema_number"),
                Stored.attributes(row.getBytes("attributes")),
                new Timestamp(row.getLong("created_at")),
                new Timestamp(row.getLong("expires_at")));
    }

    private void shown(Sql sql, AttestedAttributes said) {
        sql.update(
                "UPDATE ockam_statement SET used_at = ? WHERE subject = ? AND authority = ?",
                times.next(),
                said.subject().toString(),
                said.authority().toString());
    }

    /** One statement with its condition, as others may have written since: one that {@code isOlderThan} what is kept changes no row. */
    private boolean write(Sql sql, AttestedAttributes said) {
        return sql.update(
                        "INSERT INTO ockam_statement (subject, authority, authority_change, schema_number,"
                                + " attributes, created_at, expires_at, cost, used_at)"
                                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
                                + " ON CONFLICT (subject, authority) DO UPDATE SET"
                                + " authority_change = excluded.authority_change,"
                                + " schema_number = excluded.schema_number, attributes = excluded.attributes,"
                                + " created_at = excluded.created_at, expires_at = excluded.expires_at,"
                                + " cost = excluded.cost, used_at = excluded.used_at"
                                + " WHERE ockam_statement.authority_change <> excluded.authority_change"
                                + " OR ockam_statement.created_at < excluded.created_at"
                                + " OR (ockam_statement.created_at = excluded.created_at"
                                + " AND ockam_statement.expires_at <= excluded.expires_at)",
                        said.subject().toString(),
                        said.authority().toString(),
                        Stored.bytes(said.authorityChange()),
                        said.schema(),
                        Stored.bytes(said.attributes()),
                        said.createdAt().seconds(),
                        said.expiresAt().seconds(),
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
                row -> read(row, subject, authority),
                subject.toString(),
                authority.toString(),
                Stored.bounded(Timestamp.of(moment)))));
    }
}
