// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.StashBuffer;
import ockam.routing.RoutingDropReason;

/** Frames that may have overtaken the last message of a handshake, bounded in messages and in bytes. Confined to one actor. */
final class EarlyFrames {
    private final StashBuffer<Receiver.Command> stash;
    private final long maxBytes;
    private long bytes;

    EarlyFrames(StashBuffer<Receiver.Command> stash, long maxBytes) {
        this.stash = stash;
        this.maxBytes = maxBytes;
    }

    /** Keeps a frame if there is room, and returns whether there was. */
    boolean keep(Receiver.Arrived arrived) {
        int size = arrived.delivery().message().footprint();
        if (stash.isFull() || bytes + size > maxBytes) {
            return false;
        }
        bytes += size;
        stash.stash(arrived);
        return true;
    }

    /** Settles as lost what is kept. */
    void discard() {
        discard(stash);
        bytes = 0;
    }

    /** Settles as lost what is in the stash. */
    static void discard(StashBuffer<Receiver.Command> stash) {
        stash.forEach(command -> {
            if (command instanceof Receiver.Arrived arrived) {
                arrived.delivery().lost(RoutingDropReason.NO_SUCH_ADDRESS);
            }
        });
        stash.clear();
    }

    /** Hands everything to the behavior, in the order in which it arrived. */
    Behavior<Receiver.Command> replayTo(Behavior<Receiver.Command> behavior) {
        bytes = 0;
        return stash.unstashAll(behavior);
    }
}
