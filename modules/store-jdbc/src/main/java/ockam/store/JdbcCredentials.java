// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import ockam.identity.CredentialAndPurposeKey;
import ockam.identity.CredentialStore;
import ockam.identity.IdentityException;
import ockam.identity.Timestamp;
import ockam.wire.Identifier;

/** The credentials of this node's identities. Each call is a transaction of its own. */
final class JdbcCredentials implements CredentialStore {
    private final Workers workers;
    private final Transactions transactions;

    JdbcCredentials(Workers workers, Transactions transactions) {
        this.workers = workers;
        this.transactions = transactions;
    }

    @Override
    public CompletionStage<Boolean> keep(CredentialAndPurposeKey credential) {
        String subject;
        String authority;
        long expiresAt;
        try {
            subject = credential.subject().toString();
            authority = credential.authority().toString();
            expiresAt = Stored.bounded(credential.credential().content().expiresAt());
        } catch (IdentityException e) {
            return CompletableFuture.failedStage(e);
        }
        byte[] encoded = Stored.bytes(credential);
        return workers.run(() -> transactions.run(sql -> {
            write(sql, subject, authority, encoded, expiresAt);
            makeRoom(sql);
            return sql.number(
                            "SELECT COUNT(*) FROM ockam_credential WHERE subject = ? AND authority = ?",
                            subject,
                            authority)
                    > 0;
        }));
    }

    private static void write(Sql sql, String subject, String authority, byte[] credential, long expiresAt) {
        sql.update(
                "INSERT INTO ockam_credential (subject, authority, credential, expires_at) VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT (subject, authority) DO UPDATE SET credential = excluded.credential,"
                        + " expires_at = excluded.expires_at",
                subject,
                authority,
                credential,
                expiresAt);
    }

    private static void makeRoom(Sql sql) {
        sql.update("DELETE FROM ockam_credential WHERE (subject, authority) IN (SELECT subject, authority"
                + " FROM ockam_credential ORDER BY expires_at DESC, subject, authority LIMIT "
                + Integer.MAX_VALUE + " OFFSET " + MAX_KEPT + ")");
    }

    @Override
    public CompletionStage<Optional<CredentialAndPurposeKey>> find(
            Identifier subject, Identifier authority, Instant moment) {
        return workers.run(() -> transactions.run(sql -> sql.first(
                "SELECT credential FROM ockam_credential WHERE subject = ? AND authority = ? AND expires_at > ?",
                row -> Stored.credential(row.getBytes(1)),
                subject.toString(),
                authority.toString(),
                Stored.bounded(Timestamp.of(moment)))));
    }

    @Override
    public CompletionStage<Boolean> forget(Identifier subject, Identifier authority) {
        return workers.run(() -> transactions.run(sql -> sql.update(
                        "DELETE FROM ockam_credential WHERE subject = ? AND authority = ?",
                        subject.toString(),
                        authority.toString())
                > 0));
    }
}
