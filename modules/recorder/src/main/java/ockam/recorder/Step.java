// SPDX-License-Identifier: Apache-2.0

package ockam.recorder;

import java.util.List;
import ockam.wire.Route;
import org.jspecify.annotations.Nullable;

/**
 * One line of a sequence diagram.
 *
 * @param kind what it is
 * @param from who sent it, or to whom it happened
 * @param to who got it; the same if it is a note
 * @param text what is written there
 * @param flow a number that all steps of messages have which are made from one another
 * @param item where it comes from
 */
record Step(Kind kind, Party from, Party to, String text, int flow, Item item) {
    /** What it is. */
    enum Kind {
        /** A message that those who pass it on can read. */
        MESSAGE,
        /** A message of a handshake. */
        HANDSHAKE,
        /** A frame: nobody who passes it on can read it. */
        CIPHERTEXT,
        /** A message that came from where nothing was recorded. */
        UNKNOWN,
        /** A message that went no further. */
        DROP,
        /** Something that happened to one of them. */
        NOTE
    }

    static Step of(Content content, Party from, Party to, int flow, Item item) {
        String size = ", " + item.event().size() + " bytes";
        if (content.frames() > 0) {
            return new Step(Kind.CIPHERTEXT, from, to, "ciphertext" + size, flow, item);
        }
        return switch (content.kind()) {
            case MESSAGE -> new Step(Kind.MESSAGE, from, to, "message" + size, flow, item);
            case UNKNOWN -> new Step(Kind.UNKNOWN, from, to, "unknown" + size, flow, item);
            case HANDSHAKE ->
                new Step(
                        Kind.HANDSHAKE,
                        from,
                        to,
                        (content.step() == 0 ? "handshake" : "handshake " + content.step()) + size,
                        flow,
                        item);
        };
    }

    boolean isMessage() {
        return kind != Kind.DROP && kind != Kind.NOTE;
    }

    boolean isArrow() {
        return !from.equals(to);
    }

    List<Party> parties() {
        return isArrow() ? List.of(from, to) : List.of(to);
    }

    boolean touches(Party party) {
        return from.equals(party) || to.equals(party);
    }

    /** Whether this is what the other step brought, passed on. */
    boolean passesOn(@Nullable Step before) {
        Route came = before == null ? Route.empty() : before.item.event().route();
        return !came.isEmpty() && item.event().route().equals(came.step());
    }
}
