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

        @Override
        public Expectation expects(Identifier claimed) {
            return peers.contains(claimed) ? Expectation.NAMED : Expectation.REFUSED;
        }
    }

    record Both(TrustPolicy one, TrustPolicy other) implements TrustPolicy {
        @Override
        public boolean trusts(Identifier peer) {
            return one.trusts(peer) && other.trusts(peer);
        }

        @Override
        public Expectation expects(Identifier claimed) {
            Expectation first = one.expects(claimed);
            if (first == Expectation.REFUSED) {
                return first;
            }
            Expectation second = other.expects(claimed);
            return second == Expectation.OPEN ? first : second;
        }
    }

    record Either(TrustPolicy one, TrustPolicy other) implements TrustPolicy {
        @Override
        public boolean trusts(Identifier peer) {
            return one.trusts(peer) || other.trusts(peer);
        }

        @Override
        public Expectation expects(Identifier claimed) {
            Expectation first = one.expects(claimed);
            if (first == Expectation.NAMED) {
                return first;
            }
            Expectation second = other.expects(claimed);
            return second == Expectation.REFUSED ? first : second;
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
