// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

import akka.Done;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import ockam.identity.Member;
import ockam.identity.Members;
import ockam.identity.Store;
import ockam.wire.Identifier;

/**
 * Who is a member, as the store said last: their requests do not wait for those of strangers. Nobody may do anything because of it, so it may be
 * out of date: what another process has changed is known when the peer asks next.
 *
 * <p>Bounded: of more members, those who were not seen for the longest time are forgotten, and are strangers until they are seen again. Thread
 * safe.
 */
final class KnownMembers {
    private final int most;
    private final Map<Identifier, Boolean> members = new LinkedHashMap<>(16, 0.75f, true); // by their last use

    KnownMembers(int most) {
        this.most = most;
    }

    synchronized boolean contains(Identifier peer) {
        return members.get(peer) != null;
    }

    /** Says what the store has said about a peer. */
    synchronized void tell(Identifier peer, boolean isMember) {
        if (!isMember) {
            members.remove(peer);
            return;
        }
        members.put(peer, true);
        if (members.size() > most) {
            members.remove(members.keySet().iterator().next());
        }
    }

    /** Reads who is a member of this authority, as many as there is room for. */
    CompletionStage<Done> load(Store store, Identifier authority) {
        return store.run(unit -> read(unit.members(), authority)).thenApply(read -> {
            read.forEach(member -> tell(member, true));
            return Done.getInstance();
        });
    }

    private List<Identifier> read(Members from, Identifier authority) {
        List<Identifier> read = new ArrayList<>();
        List<Member> page = from.list(authority, Math.min(most, Members.MAX_LISTED));
        while (!page.isEmpty()) {
            page.forEach(member -> read.add(member.identifier()));
            page = from.listAfter(
                    authority, read.get(read.size() - 1), Math.min(most - read.size(), Members.MAX_LISTED));
        }
        return read;
    }
}
