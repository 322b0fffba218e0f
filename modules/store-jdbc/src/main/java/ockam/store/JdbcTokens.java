// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import akka.util.ByteString;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.Optional;
import ockam.identity.IdentityException;
import ockam.identity.IdentityException.Reason;
import ockam.identity.Timestamp;
import ockam.identity.Token;
import ockam.identity.TokenCode;
import ockam.identity.Tokens;
import ockam.wire.Identifier;
import ockam.wire.internal.Bytes;

/** Tokens in one transaction. */
final class JdbcTokens implements Tokens {
    static final String DELETE_ENDED = "DELETE FROM ockam_token WHERE authority = ? AND expires_at <= ?";

    private static final HexFormat HEX = HexFormat.of();

    private final Sql sql;
    private final Locks locks;
    private final int most;

    JdbcTokens(Sql sql, Locks locks, int most) {
        this.sql = sql;
        this.locks = locks;
        this.most = most;
    }

    private static String hex(ByteString hash) {
        return HEX.formatHex(Bytes.array(hash));
    }

    private static Token token(ResultSet row, long usesBefore) throws SQLException {
        try {
            return new Token(
                    Stored.identifier(row.getString("authority")),
                    Bytes.wrap(HEX.parseHex(row.getString("code_hash"))), // nobody else has the array
                    row.getString("reference"),
                    Stored.identifier(row.getString("issuer")),
                    new Timestamp(row.getLong("created_at")),
                    new Timestamp(row.getLong("expires_at")),
                    row.getLong("uses") + usesBefore,
                    Stored.attributes(row.getBytes("attributes")));
        } catch (IllegalArgumentException e) {
            throw new StoreException(StoreException.Reason.CORRUPT, "a token in the store cannot be read", e);
        }
    }

    @Override
    public void add(Token token) {
        locks.authority(token.authority());
        int there = count(token.authority());
        if (there >= most) {
            there -= removeEnded(token.authority(), token.createdAt());
        }
        if (there >= most) {
            throw new IdentityException(
                    Reason.TOO_MANY_TOKENS, token.authority() + " has " + most + " tokens, the most that are kept");
        }
        int added = sql.update(
                "INSERT INTO ockam_token (authority, code_hash, reference, issuer, created_at, expires_at, uses,"
                        + " attributes) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (authority, code_hash) DO NOTHING",
                token.authority().toString(),
                hex(token.codeHash()),
                token.reference(),
                token.issuer().toString(),
                token.createdAt().seconds(),
                token.expiresAt().seconds(),
                token.uses(),
                Stored.bytes(token.attributes()));
        if (added == 0) {
            throw new IllegalArgumentException("there is a token with this code");
        }
        Counted.TOKENS.change(sql, token.authority(), added);
    }

    @Override
    public Optional<Token> find(Identifier authority, TokenCode code, Timestamp now) {
        return sql.first(
                "SELECT * FROM ockam_token WHERE authority = ? AND code_hash = ? AND expires_at > ?",
                row -> token(row, 0),
                authority.toString(),
                hex(code.hash()),
                Stored.bounded(now));
    }

    /** One update with its condition: how many rows it has changed decides. */
    @Override
    public Optional<Token> use(Identifier authority, TokenCode code, Timestamp now) {
        locks.authority(authority);
        String hash = hex(code.hash());
        int used = sql.update(
                "UPDATE ockam_token SET uses = uses - 1"
                        + " WHERE authority = ? AND code_hash = ? AND uses > 0 AND expires_at > ?",
                authority.toString(),
                hash,
                Stored.bounded(now));
        if (used == 0) {
            return Optional.empty();
        }
        Optional<Token> token = sql.first(
                "SELECT * FROM ockam_token WHERE authority = ? AND code_hash = ?",
                row -> token(row, 1),
                authority.toString(),
                hash);
        int usedUp = sql.update(
                "DELETE FROM ockam_token WHERE authority = ? AND code_hash = ? AND uses = 0",
                authority.toString(),
                hash);
        Counted.TOKENS.change(sql, authority, -usedUp);
        return token;
    }

    @Override
    public int removeEnded(Identifier authority, Timestamp now) {
        locks.authority(authority);
        int removed = sql.update(DELETE_ENDED, authority.toString(), Stored.bounded(now));
        Counted.TOKENS.change(sql, authority, -removed);
        return removed;
    }

    @Override
    public int count(Identifier authority) {
        return Counted.TOKENS.of(sql, authority);
    }
}
