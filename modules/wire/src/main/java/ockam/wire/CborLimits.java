// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

/**
 * What a decoder lets a peer claim. Each limit is checked before anything is allocated. Used by CBOR and BARE alike.
 *
 * @param maxDepth how deep arrays and maps may be nested, 1 to {@value #DEEPEST}: what is nested is read by nested calls
 * @param maxItems how many entries one array, map or list may have
 * @param maxLength how many bytes one byte string or text may have
 */
public record CborLimits(int maxDepth, int maxItems, int maxLength) {

    /** The deepest nesting that may be allowed. */
    public static final int DEEPEST = 256;

    private static final CborLimits DEFAULTS = new CborLimits(16, 65_536, 16 * 1024 * 1024);

    /** Checks the limits; throws {@link IllegalArgumentException} when one makes no sense. */
    public CborLimits {
        if (maxDepth < 1 || maxDepth > DEEPEST || maxItems < 0 || maxLength < 0) {
            throw new IllegalArgumentException(
                    "no such limits: depth " + maxDepth + ", items " + maxItems + ", length " + maxLength);
        }
    }

    /** Depth 16, 65,536 entries, 16 MiB: the largest message of the Ockam TCP transport passes. */
    public static CborLimits defaults() {
        return DEFAULTS;
    }

    /** The same limits with another depth. */
    public CborLimits withMaxDepth(int depth) {
        return new CborLimits(depth, maxItems, maxLength);
    }

    /** The same limits with another number of entries. */
    public CborLimits withMaxItems(int items) {
        return new CborLimits(maxDepth, items, maxLength);
    }

    /** The same limits with another length. */
    public CborLimits withMaxLength(int length) {
        return new CborLimits(maxDepth, maxItems, length);
    }
}
