// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

/**
 * Limits on what a peer may claim in its input. Each limit is checked before anything is allocated. Used for both CBOR and BARE.
 *
 * @param maxDepth how deep arrays and maps may be nested, 1 to {@value #DEEPEST}, because nested items are read by nested calls
 * @param maxItems how many entries one array, map or list may have
 * @param maxLength how many bytes one byte string or text may have
 */
public record CborLimits(int maxDepth, int maxItems, int maxLength) {

    /** The deepest nesting that may be allowed. */
    public static final int DEEPEST = 256;

    private static final CborLimits DEFAULTS = new CborLimits(16, 65_536, 16 * 1024 * 1024);

    /** Checks the limits; throws {@link IllegalArgumentException} if one is out of range. */
    public CborLimits {
        if (maxDepth < 1 || maxDepth > DEEPEST || maxItems < 0 || maxLength < 0) {
            throw new IllegalArgumentException(
                    "limits out of range: depth " + maxDepth + ", items " + maxItems + ", length " + maxLength);
        }
    }

    /** Returns the default limits: depth 16, 65,536 entries, 16 MiB, enough for the largest message of the Ockam TCP transport. */
    public static CborLimits defaults() {
        return DEFAULTS;
    }

    /** Returns the same limits with a different depth. */
    public CborLimits withMaxDepth(int depth) {
        return new CborLimits(depth, maxItems, maxLength);
    }

    /** Returns the same limits with a different number of entries. */
    public CborLimits withMaxItems(int items) {
        return new CborLimits(maxDepth, items, maxLength);
    }

    /** Returns the same limits with a different length. */
    public CborLimits withMaxLength(int length) {
        return new CborLimits(maxDepth, maxItems, length);
    }
}
