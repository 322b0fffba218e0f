// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import java.util.Set;
import ockam.wire.Identifier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The policies that {@link TrustPolicy} returns: values, so that they print what they do. */
final class TrustPolicies {
    private static final Logger log = LoggerFactory.getLogger(TrustPolicy.class);

    private TrustPolicies() {}

    record AnyOf(Set<Identifier> peers) implements TrustPolicy {
        @Override
        public boolean trusts(Identifier peer) {
            return peers.contains(peer);
        }
    }

    record Both(TrustPolicy one, TrustPolicy other) implements TrustPolicy {
        @Override
        public boolean trusts(Identifier peer) {
            return one.trusts(peer) && other.trusts(peer);
        }
    }

    record Either(TrustPolicy one, TrustPolicy other) implements TrustPolicy {
        @Override
        public boolean trusts(Identifier peer) {
            return one.trusts(peer) || other.trusts(peer);
        }
    }

    record AnyPeer() implements TrustPolicy {
        @Override
        public boolean trusts(Identifier peer) {
            return true;
        }
    }

    static TrustPolicy anyPeer() {
        log.warn("A trust policy accepts any peer: its channels are encrypted, but open to everyone.");
        return new AnyPeer();
    }
}
