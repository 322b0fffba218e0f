// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import ockam.identity.IdentityException;
import ockam.identity.IdentityException.Reason;
import ockam.identity.Member;
import ockam.identity.Members;
import ockam.identity.Timestamp;
import ockam.wire.Identifier;

/** Members in one transaction. */
final class JdbcMembers implements Members {
    private final Sql sql;
    private final Locks locks;
    private final int most;

    JdbcMembers(Sql sql, Locks locks, int most) {
        this.sql = sql;
        this.locks = locks;
        this.most = most;
    }

    private static Member member(ResultSet row) throws SQLException {
        return new Member(
                Stored.identifier(row.getString("authority")),
                Stored.identifier(row.getString("identifier")),
                Stored.attributes(row.getBytes("attributes")),
                Stored.identifier(row.getString("added_by")),
                new Timestamp(row.getLong("added_at")),
                row.getInt("pre_trusted") != 0);
    }

    @Override
    public Optional<Member> find(Identifier authority, Identifier member) {
        return sql.first(
                "SELECT * FROM ockam_member WHERE authority = ? AND identifier = ?",
                JdbcMembers::member,
                authority.toString(),
                member.toString());
    }

    @Override
    public void put(Member member) {
        locks.authority(member.authority());
        write(member);
    }

    private void write(Member member) {
        boolean isNew = find(member.authority(), member.identifier()).isEmpty();
        if (isNew && count(member.authority()) >= most) {
            throw tooMany(member.authority());
        }
        sql.update(
                "INSERT INTO ockam_member (authority, identifier, attributes, added_by, added_at, pre_trusted)"
                        + " VALUES (?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT (authority, identifier) DO UPDATE SET attributes = excluded.attributes,"
                        + " added_by = excluded.added_by, added_at = excluded.added_at,"
                        + " pre_trusted = excluded.pre_trusted",
                member.authority().toString(),
                member.identifier().toString(),
                Stored.bytes(member.attributes()),
                member.addedBy().toString(),
                member.addedAt().seconds(),
                member.preTrusted() ? 1 : 0);
        Counted.MEMBERS.change(sql, member.authority(), isNew ? 1 : 0);
    }

    private IdentityException tooMany(Identifier authority) {
        return new IdentityException(
                Reason.TOO_MANY_MEMBERS, authority + " has " + most + " members, the most that are kept");
    }

    @Override
    public boolean remove(Identifier authority, Identifier member) {
        locks.authority(authority);
        int removed = sql.update(
                "DELETE FROM ockam_member WHERE authority = ? AND identifier = ?",
                authority.toString(),
                member.toString());
        Counted.MEMBERS.change(sql, authority, -removed);
        return removed > 0;
    }

    @Override
    public List<Member> list(Identifier authority, int atMost) {
        return listAfter(authority, "", atMost);
    }

    @Override
    public List<Member> listAfter(Identifier authority, Identifier last, int atMost) {
        return listAfter(authority, last.toString(), atMost);
    }

    private List<Member> listAfter(Identifier authority, String last, int atMost) {
        return sql.list(
                "SELECT * FROM ockam_member WHERE authority = ? AND identifier > ? ORDER BY identifier LIMIT ?",
                JdbcMembers::member,
                authority.toString(),
                last,
                Math.min(atMost, MAX_LISTED));
    }

    @Override
    public int count(Identifier authority) {
        return Counted.MEMBERS.of(sql, authority);
    }

    /** Is called when an authority starts: a good moment to count again. */
    @Override
    public void replacePreTrusted(Identifier authority, List<Member> preTrusted) {
        for (Member member : preTrusted) {
            if (!member.authority().equals(authority) || !member.preTrusted()) {
                throw new IllegalArgumentException(member.identifier() + " is no pre-trusted member of " + authority);
            }
        }
        locks.authority(authority);
        Counted.TOKENS.again(sql, authority);
        Counted.MEMBERS.again(sql, authority);
        requireRoomFor(authority, preTrusted);
        int removed =
                sql.update("DELETE FROM ockam_member WHERE authority = ? AND pre_trusted = 1", authority.toString());
        Counted.MEMBERS.change(sql, authority, -removed);
        preTrusted.forEach(this::write);
    }

    /** Before anything is changed: the unit may go on if there is none. */
    private void requireRoomFor(Identifier authority, List<Member> preTrusted) {
        long stay = count(authority)
                - sql.number(
                        "SELECT COUNT(*) FROM ockam_member WHERE authority = ? AND pre_trusted = 1",
                        authority.toString());
        long added = preTrusted.stream()
                .map(Member::identifier)
                .distinct()
                .filter(member ->
                        find(authority, member).map(Member::preTrusted).orElse(true))
                .count();
        if (added > 0 && stay + added > most) {
            throw tooMany(authority);
        }
    }
}
