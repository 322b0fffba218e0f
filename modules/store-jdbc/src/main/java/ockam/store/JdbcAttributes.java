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

    @Override
    public CompletionStage<Boolean> store(AttestedAttributes said) {
        return workers.run(() -> transactions.run(sql -> {
            boolean stored = write(sql, said);
            if (stored) {
                Room.forStatements(sql, maxBytes);
            }
            return stored
                    && sql.number(
                                    "SELECT COUNT(*) FROM ockam_statement WHERE subject = ? AND authority = ?",
                                    said.subject().toString(),
                                    said.authority().toString())
                            > 0;
        }));
    }

    /** One statement with its condition: an older one changes no row. */
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
                                + " AND ockam_statement.expires_at <= excluded.expires_at)",
                        said.subject().toString(),
                        said.authority().toString(),
                        said.schema(),
                        Stored.bytes(said.attributes()),
                        bounded(said.createdAt()),
                        bounded(said.expiresAt()),
                        cost(said.attributes()),
                        times.next())
                > 0;
    }

    private static long cost(Attributes attributes) {
        return OVERHEAD
                + 3L * attributes.length()
                + (long) OVERHEAD * attributes.entries().size();
    }

    private static long bounded(Timestamp moment) {
        return moment.seconds() < 0 ? Long.MAX_VALUE : moment.seconds();
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
                bounded(Timestamp.of(moment)))));
    }
}
