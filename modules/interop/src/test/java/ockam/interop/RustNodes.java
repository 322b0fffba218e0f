// SPDX-License-Identifier: Apache-2.0

package ockam.interop;

import java.util.List;
import java.util.Map;
import ockam.wire.Identifier;

/** Starts Rust nodes for the tests of a class, as a static field with {@code @RegisterExtension}; they end with the test. */
final class RustNodes extends RustProcesses {
    RustNodes() {
        super(Cargo.Program.NODE);
    }

    /** Starts a node that accepts channels from this identity only. */
    RustNode start(Identifier trusted) {
        return new RustNode(run(Map.of(), List.of(trusted.toString())));
    }
}
