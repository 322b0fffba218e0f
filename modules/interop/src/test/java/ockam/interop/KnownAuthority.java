// SPDX-License-Identifier: Apache-2.0

package ockam.interop;

import akka.util.ByteString;
import java.util.HashMap;
import java.util.Map;
import ockam.wire.Address;
import ockam.wire.Attributes;
import ockam.wire.Identifier;

/** An authority as its members know it: who it is, and where. */
interface KnownAuthority {
    Identifier identifier();

    /** Whoever is to believe it must know this. */
    ByteString history();

    /** Where it listens. */
    String port();

    /** Its channel listener, which takes channels of everyone. */
    Address listener();

    /** What the credentials of a project's member say, of whom the authority says this. */
    static Attributes ofProject(String project, Attributes said) {
        Map<ByteString, ByteString> all = new HashMap<>(said.entries());
        all.put(ByteString.fromString("trust_context_id"), ByteString.fromString(project));
        return Attributes.of(all);
    }
}
