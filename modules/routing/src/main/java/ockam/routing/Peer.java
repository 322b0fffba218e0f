// SPDX-License-Identifier: Apache-2.0

package ockam.routing;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import ockam.routing.rule.Subject;
import ockam.wire.Identifier;
import ockam.wire.LocalInfo;
import ockam.wire.LocalMessage;
import org.jspecify.annotations.Nullable;

/**
 * The verified peer of a secure channel. Messages that come out of the channel carry it, on this node only (secure channel, section 6.4).
 *
 * <p>Only the receiving end of a channel puts it on a message: every public way of sending drops the local info that it is given.
 *
 * <p>It also has what authorities say about the peer, as far as this node accepts them. These attributes have an end each; whoever decides
 * by them compares that with the clock, as {@link AccessControl#attributes} does. Immutable.
 */
public final class Peer implements LocalInfo {
    /** The most authorities that say something about a peer. */
    public static final int MAX_AUTHORITIES = 16;

    private final Identifier identifier;
    private final List<PeerAttributes> attributes;

    // What rules ask about, made once and not for each message.
    private final List<Subject> subjects;
    private final Subject alone;
    private final Subject withoutCredential;

    /** Creates a peer of which no authority says anything. */
    public Peer(Identifier identifier) {
        this(identifier, List.of());
    }

    /**
     * Creates a peer.
     *
     * @param identifier the identity that the peer proved
     * @param attributes what authorities say about it, once for each authority, and at most {@value #MAX_AUTHORITIES} of them
     */
    public Peer(Identifier identifier, List<PeerAttributes> attributes) {
        this.identifier = identifier;
        this.attributes = List.copyOf(attributes);
        this.alone = Subject.of(identifier);
        this.withoutCredential = Subject.withoutCredential(identifier);
        this.subjects = subjects(identifier, this.attributes);
    }

    private static List<Subject> subjects(Identifier identifier, List<PeerAttributes> attributes) {
        List<Subject> subjects = new ArrayList<>();
        Set<Identifier> authorities = new HashSet<>();
        for (PeerAttributes each : attributes) {
            if (!authorities.add(each.authority()) || authorities.size() > MAX_AUTHORITIES) {
                throw new IllegalArgumentException("an authority twice, or more than " + MAX_AUTHORITIES);
            }
            subjects.add(Subject.of(identifier, each.attributes()));
        }
        return List.copyOf(subjects);
    }

    /** The peer that a message came from, if it came through a channel. */
    public static Optional<Peer> of(LocalMessage message) {
        return Optional.ofNullable(find(message));
    }

    static @Nullable Peer find(LocalMessage message) {
        List<LocalInfo> all = message.localInfo();
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i) instanceof Peer peer) {
                return peer;
            }
        }
        return null;
    }

    /** Returns the identity that the peer proved. */
    public Identifier identifier() {
        return identifier;
    }

    /** Returns what authorities say about the peer, expired or not, once for each. */
    public List<PeerAttributes> attributes() {
        return attributes;
    }

    /** Returns what this authority says about the peer, expired or not. */
    public Optional<PeerAttributes> attributes(Identifier authority) {
        return attributes.stream()
                .filter(each -> each.authority().equals(authority))
                .findAny();
    }

    /** Returns the subject of a rule that goes by what the authority at this place in {@link #attributes} says. */
    Subject subject(int index) {
        return subjects.get(index);
    }

    /** Returns the subject of a rule that asks no authority. */
    Subject alone() {
        return alone;
    }

    /** Returns the subject of a rule that asks an authority, which says nothing. */
    Subject withoutCredential() {
        return withoutCredential;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Peer that && identifier.equals(that.identifier) && attributes.equals(that.attributes);
    }

    @Override
    public int hashCode() {
        return identifier.hashCode();
    }

    @Override
    public String toString() {
        return "Peer(" + identifier + ")";
    }
}
