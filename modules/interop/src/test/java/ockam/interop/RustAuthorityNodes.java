// SPDX-License-Identifier: Apache-2.0

package ockam.interop;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Starts authority nodes in Rust for the tests of a class, as a static field with {@code @RegisterExtension}; they end with the test. */
final class RustAuthorityNodes extends RustProcesses {
    RustAuthorityNodes() {
        super(Cargo.Program.AUTHORITY_NODE);
    }

    /** Starts one whose members, tokens and keys are in a file. */
    RustAuthorityNode start(Path database, String... options) {
        return start(database, Map.of(), options);
    }

    /** Starts one whose credentials last for so long, instead of thirty days. */
    RustAuthorityNode start(Path database, Duration validity, String... options) {
        return start(database, Map.of("CREDENTIAL_TTL_SECS", Long.toString(validity.toSeconds())), options);
    }

    private RustAuthorityNode start(Path database, Map<String, String> environment, String... options) {
        List<String> arguments = new ArrayList<>(List.of(database.toString(), RustAuthorityNode.PROJECT));
        arguments.addAll(List.of(options));
        return new RustAuthorityNode(run(environment, arguments));
    }
}
