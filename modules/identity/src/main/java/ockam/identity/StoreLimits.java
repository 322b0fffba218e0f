// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

/**
 * How much a {@link Store} holds. What peers can make it hold is forgotten when there is no room; members and tokens are refused then.
 *
 * @param maxPeerBytes what histories of peers may take together, see {@link InMemoryIdentityRepository#create(long)}
 * @param maxAttributeBytes what statements about peers may take together, see {@link InMemoryAttributeStore#create(long)}
 * @param maxMembers members of each authority, at least 0
 * @param maxTokens tokens of each authority, at least 0
 */
public record StoreLimits(long maxPeerBytes, long maxAttributeBytes, int maxMembers, int maxTokens) {
    private static final StoreLimits DEFAULTS = new StoreLimits(
            InMemoryIdentityRepository.DEFAULT_MAX_PEER_BYTES,
            InMemoryAttributeStore.DEFAULT_MAX_BYTES,
            100_000,
            10_000);

    /** Refuses negative numbers with {@link IllegalArgumentException}. */
    public StoreLimits {
        if (maxPeerBytes < 0 || maxAttributeBytes < 0 || maxMembers < 0 || maxTokens < 0) {
            throw new IllegalArgumentException("negative limit");
        }
    }

    /** Returns the defaults: 16 MiB each of histories and statements, 100,000 members, 10,000 tokens. */
    public static StoreLimits defaults() {
        return DEFAULTS;
    }

    /** Returns the same with another number of bytes for histories of peers. */
    public StoreLimits withMaxPeerBytes(long most) {
        return new StoreLimits(most, maxAttributeBytes, maxMembers, maxTokens);
    }

    /** Returns the same with another number of bytes for statements about peers. */
    public StoreLimits withMaxAttributeBytes(long most) {
        return new StoreLimits(maxPeerBytes, most, maxMembers, maxTokens);
    }

    /** Returns the same with another number of members. */
    public StoreLimits withMaxMembers(int most) {
        return new StoreLimits(maxPeerBytes, maxAttributeBytes, most, maxTokens);
    }

    /** Returns the same with another number of tokens. */
    public StoreLimits withMaxTokens(int most) {
        return new StoreLimits(maxPeerBytes, maxAttributeBytes, maxMembers, most);
    }
}
