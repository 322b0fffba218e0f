// SPDX-License-Identifier: Apache-2.0

package ockam.interop;

import akka.util.ByteString;
import java.time.Duration;
import ockam.identity.CredentialAndPurposeKey;
import ockam.wire.Address;
import ockam.wire.Attributes;
import ockam.wire.Identifier;

/** A Rust node as an authority. */
final class RustAuthority implements Authority {
    private static final Address LISTENER = Address.of("authority");

    private final RustNode node;

    RustAuthority(RustNode node, Duration validity) {
        this.node = node;
        node.issue(validity);
        node.acceptAll(LISTENER);
    }

    @Override
    public Identifier identifier() {
        return node.identifier();
    }

    @Override
    public ByteString history() {
        return node.history();
    }

    @Override
    public String port() {
        return node.port();
    }

    @Override
    public Address listener() {
        return LISTENER;
    }

    @Override
    public void member(Identifier who, Attributes attributes) {
        node.member(who, attributes);
    }

    @Override
    public Attributes said(Attributes attributes) {
        return attributes;
    }

    @Override
    public CredentialAndPurposeKey issue(Identifier subject, Attributes attributes, Duration validity) {
        return node.credential(subject, attributes, validity);
    }
}
