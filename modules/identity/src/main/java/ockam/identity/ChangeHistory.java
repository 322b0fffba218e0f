// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import akka.util.ByteString;
import java.util.ArrayList;
import java.util.List;
import ockam.identity.IdentityException.Reason;
import ockam.wire.Cbor;
import ockam.wire.CborReader;
import ockam.wire.CborWriter;
import ockam.wire.DecodeFailure;
import ockam.wire.Decoded;
import ockam.wire.Identifier;
import org.jspecify.annotations.Nullable;

/**
 * All changes of one identity, oldest first, at least one (secure channel, section 4.4). The first one determines the identifier;
 * the last one holds the current key.
 *
 * <p>A decoded history is untrusted input: it must not be trusted before {@link Identities} has verified it. Immutable.
 */
public final class ChangeHistory {
    /** The maximum number of changes that are accepted. */
    public static final int MAX_CHANGES = 1_024;

    /** The longest exported form that is accepted, in bytes. */
    public static final int MAX_EXPORTED_LENGTH = 1024 * 1024;

    /** The approximate memory that a change takes beyond its encoded bytes. */
    static final int CHANGE_OVERHEAD = 512;

    private final List<Change> changes;
    private final Identifier identifier;

    ChangeHistory(List<Change> changes) {
        this.changes = List.copyOf(changes);
        this.identifier = this.changes.get(0).hash().toIdentifier();
    }

    /**
     * Reads the exported form, without verifying anything. The history shares the memory of the bytes; anything after it is
     * ignored. A history without changes fails with {@code INVALID_VALUE}, one beyond the limits with {@code TOO_MANY} or
     * {@code TOO_LONG}.
     */
    public static Decoded<ChangeHistory> decode(ByteString exported) {
        if (exported.length() > MAX_EXPORTED_LENGTH) {
            return new Decoded.Failure<>(new DecodeFailure(DecodeFailure.Reason.TOO_LONG, 0));
        }
        return Cbor.decode(exported, IdentityCbor.LIMITS, ChangeHistory::readFrom);
    }

    /** Does the same, but throws the reason why an import is refused. */
    static ChangeHistory received(ByteString exported) {
        if (exported.length() > MAX_EXPORTED_LENGTH) {
            throw new IdentityException(Reason.HISTORY_TOO_LONG, "the exported history is too long");
        }
        Decoded<List<Change>> decoded = Cbor.decode(exported, IdentityCbor.LIMITS, ChangeHistory::readChanges);
        if (decoded instanceof Decoded.Failure<List<Change>> refused) {
            if (refused.failure().reason() == DecodeFailure.Reason.TOO_MANY) {
                throw new IdentityException(Reason.HISTORY_TOO_LONG, "the history has too many changes");
            }
            throw IdentityException.malformed("the history", refused.failure());
        }
        List<Change> changes = decoded.orElseThrow();
        if (changes.isEmpty()) {
            throw new IdentityException(Reason.EMPTY_HISTORY, "the history has no changes");
        }
        return new ChangeHistory(changes);
    }

    /** Reads a history as part of a larger structure. */
    public static ChangeHistory readFrom(CborReader reader) {
        List<Change> changes = readChanges(reader);
        return changes.isEmpty() ? reader.fail(DecodeFailure.Reason.INVALID_VALUE) : new ChangeHistory(changes);
    }

    private static List<Change> readChanges(CborReader reader) {
        return reader.list(MAX_CHANGES, Change::readFrom);
    }

    /** Writes the history as part of a larger structure, with signed parts as received. */
    public void writeTo(CborWriter writer) {
        writer.list(changes, Change::writeTo);
    }

    /** Returns the exported form: the changes with data and signatures as received, in canonical lists. */
    public ByteString export() {
        CborWriter writer = CborWriter.create(256 * changes.size());
        writeTo(writer);
        return writer.toByteString();
    }

    /** Returns the name of the identity. */
    public Identifier identifier() {
        return identifier;
    }

    /** Returns the changes, oldest first. */
    public List<Change> changes() {
        return changes;
    }

    /** Returns the latest change. */
    public Change latest() {
        return changes.get(changes.size() - 1);
    }

    /**
     * Returns how this newly received history relates to a known one of the same identity. Compares the hashes of the changes, so
     * different signatures over the same data do not matter.
     */
    public Comparison compareWith(ChangeHistory known) {
        int common = Math.min(changes.size(), known.changes.size());
        for (int i = 0; i < common; i++) {
            if (!changes.get(i).hash().equals(known.changes.get(i).hash())) {
                return Comparison.CONFLICT;
            }
        }
        int more = Integer.compare(changes.size(), known.changes.size());
        return more == 0 ? Comparison.EQUAL : more > 0 ? Comparison.NEWER : Comparison.OLDER;
    }

    /** Returns this history, followed by the changes of a longer one that it does not have. */
    ChangeHistory continuedBy(ChangeHistory longer) {
        List<Change> all = new ArrayList<>(changes);
        all.addAll(longer.changes.subList(changes.size(), longer.changes.size()));
        return new ChangeHistory(all);
    }

    /** Returns about how many bytes it takes in a repository: its changes, and {@value #CHANGE_OVERHEAD} for the objects around each. */
    public long heldBytes() {
        return changes.stream()
                .mapToLong(change -> change.encodedSize() + CHANGE_OVERHEAD)
                .sum();
    }

    /** Returns the same history, keeping only its own bytes in memory instead of the whole message in which it arrived. */
    public ChangeHistory detached() {
        return new ChangeHistory(changes.stream().map(Change::detached).toList());
    }

    /** Compares the bytes, including the signatures. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ChangeHistory that && changes.equals(that.changes);
    }

    @Override
    public int hashCode() {
        return changes.hashCode();
    }

    @Override
    public String toString() {
        return "ChangeHistory(" + identifier + ", " + changes.size() + " changes)";
    }
}
