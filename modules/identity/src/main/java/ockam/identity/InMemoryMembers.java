// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import ockam.identity.IdentityException.Reason;
import ockam.wire.Identifier;

/** Members in memory. Not thread safe. */
final class InMemoryMembers implements Members {
    private final Map<Identifier, NavigableMap<Identifier, Member>> members = new HashMap<>();
    private final Undo undo;
    private final int most;

    InMemoryMembers(Undo undo, int most) {
        this.undo = undo;
        this.most = most;
    }

    private NavigableMap<Identifier, Member> of(Identifier authority) {
        return members.computeIfAbsent(authority, key -> new TreeMap<>(Comparator.comparing(Identifier::toString)));
    }

    @Override
    public Optional<Member> find(Identifier authority, Identifier member) {
        return Optional.ofNullable(of(authority).get(member));
    }

    @Override
    public void put(Member member) {
        NavigableMap<Identifier, Member> those = of(member.authority());
        if (!those.containsKey(member.identifier()) && those.size() >= most) {
            throw tooMany(member.authority());
        }
        undo.put(those, member.identifier(), member);
    }

    private IdentityException tooMany(Identifier authority) {
        return new IdentityException(
                Reason.TOO_MANY_MEMBERS, authority + " has " + most + " members, the most that are kept");
    }

    @Override
    public boolean remove(Identifier authority, Identifier member) {
        return undo.remove(of(authority), member) != null;
    }

    @Override
    public List<Member> list(Identifier authority, int atMost) {
        return first(of(authority), atMost);
    }

    @Override
    public List<Member> listAfter(Identifier authority, Identifier last, int atMost) {
        return first(of(authority).tailMap(last, false), atMost);
    }

    private static List<Member> first(NavigableMap<Identifier, Member> sorted, int atMost) {
        return sorted.values().stream().limit(Math.min(atMost, MAX_LISTED)).toList();
    }

    @Override
    public int count(Identifier authority) {
        return of(authority).size();
    }

    @Override
    public void replacePreTrusted(Identifier authority, List<Member> preTrusted) {
        requireRoomFor(authority, requirePreTrusted(authority, preTrusted));
        List<Member> outdated =
                of(authority).values().stream().filter(Member::preTrusted).toList();
        outdated.forEach(member -> remove(authority, member.identifier()));
        preTrusted.forEach(this::put);
    }

    /** Before anything is changed: the unit may go on if there is none. */
    private void requireRoomFor(Identifier authority, List<Member> preTrusted) {
        Set<Identifier> after = of(authority).values().stream()
                .filter(member -> !member.preTrusted())
                .map(Member::identifier)
                .collect(Collectors.toCollection(HashSet::new));
        boolean isMore =
                after.addAll(preTrusted.stream().map(Member::identifier).toList());
        if (isMore && after.size() > most) {
            throw tooMany(authority);
        }
    }

    static List<Member> requirePreTrusted(Identifier authority, List<Member> preTrusted) {
        for (Member member : preTrusted) {
            if (!member.authority().equals(authority) || !member.preTrusted()) {
                throw new IllegalArgumentException(member.identifier() + " is no pre-trusted member of " + authority);
            }
        }
        return preTrusted;
    }
}
