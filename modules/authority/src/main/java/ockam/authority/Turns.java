// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import ockam.wire.Identifier;

/**
 * Whose request a service works on next: those of one peer one after the other, peers in turn, and strangers beside members, so that however
 * many strangers ask, members do not wait for them. Not thread safe.
 */
final class Turns {
    /** Two kinds of peers that do not wait for each other. */
    enum Kind {
        MEMBER,
        STRANGER
    }

    private final Map<Kind, Lane> lanes = new EnumMap<>(Kind.class);
    private final Map<Identifier, Line> lines = new HashMap<>();
    private final int maxPeers;
    private final int maxPerPeer;

    /** The peers of a kind. */
    private static final class Lane {
        private final Deque<Line> ready = new ArrayDeque<>();
        private final int most;
        private int running;
        private int peers;

        private Lane(int most) {
            this.most = most;
        }
    }

    /** The requests of a peer, the one that is worked on first; a peer without any has none. */
    private static final class Line {
        private final Deque<Runnable> jobs = new ArrayDeque<>();
        private final Kind kind;

        private Line(Kind kind) {
            this.kind = kind;
        }
    }

    Turns(AuthoritySettings settings) {
        lanes.put(Kind.MEMBER, new Lane(settings.maxRequests()));
        lanes.put(Kind.STRANGER, new Lane(settings.maxStrangerRequests()));
        this.maxPeers = settings.maxPeers();
        this.maxPerPeer = settings.maxRequestsPerPeer();
    }

    /**
     * Takes a request, and begins it when it is its turn, in this call or in one of {@link #done}.
     *
     * @return false if there is no room; it is not begun then
     */
    boolean offer(Identifier peer, Kind kind, Runnable job) {
        Line line = lines.get(peer);
        if (line == null) {
            Lane lane = lane(kind);
            if (lane.peers >= maxPeers) {
                return false;
            }
            line = new Line(kind);
            line.jobs.add(job);
            lines.put(peer, line);
            lane.peers++;
            lane.ready.add(line);
            begin(lane);
            return true;
        }
        return line.jobs.size() < maxPerPeer && line.jobs.add(job);
    }

    /** Says that the request of this peer that was begun is done. */
    void done(Identifier peer) {
        Line line = lines.get(peer);
        if (line == null) {
            throw new IllegalStateException("nothing was begun");
        }
        Lane lane = lane(line.kind);
        lane.running--;
        line.jobs.remove();
        if (line.jobs.isEmpty()) {
            lines.remove(peer);
            lane.peers--;
        } else {
            lane.ready.add(line);
        }
        begin(lane);
    }

    private Lane lane(Kind kind) {
        Lane lane = lanes.get(kind);
        if (lane == null) {
            throw new IllegalStateException("every kind has a lane");
        }
        return lane;
    }

    private static void begin(Lane lane) {
        while (lane.running < lane.most && !lane.ready.isEmpty()) {
            lane.running++;
            lane.ready.remove().jobs.element().run();
        }
    }
}
