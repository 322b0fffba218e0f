// SPDX-License-Identifier: Apache-2.0

package ockam.interop;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import ockam.wire.Identifier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Starts Rust nodes for the tests of a class, as a static field with {@code @RegisterExtension}; they end with the test. The program is built
 * once for all classes. If it cannot be, {@link Cargo} decides what becomes of the class.
 */
final class RustNodes implements BeforeAllCallback, AfterEachCallback {
    private static final Namespace NAMESPACE = Namespace.create(RustNodes.class);

    private final List<RustNode> running = new ArrayList<>();
    private @Nullable Path program;

    @Override
    public void beforeAll(ExtensionContext context) {
        Cargo.Decision decision = context.getRoot()
                .getStore(NAMESPACE)
                .getOrComputeIfAbsent(Cargo.class, unused -> decide(), Cargo.Decision.class);
        if (decision instanceof Cargo.Run run) {
            program = run.program();
        } else if (decision instanceof Cargo.Skip skip) {
            Assumptions.abort("Live tests with Rust are skipped: " + skip.why());
        } else if (decision instanceof Cargo.Fail cannot) {
            fail("Live tests with Rust cannot run: " + cannot.why());
        }
    }

    private static Cargo.Decision decide() {
        try {
            Cargo.Decision decision =
                    Cargo.decide(Boolean.getBoolean("interop.skip"), "true".equals(System.getenv("CI")), () -> {
                        System.out.println(
                                "Building the Rust node with cargo; the first time, this takes some minutes");
                        return Cargo.build("cargo", System.getenv());
                    });
            if (decision instanceof Cargo.Skip skip) {
                System.out.println("Live tests with Rust: SKIPPED, " + skip.why());
            }
            return decision instanceof Cargo.Run run ? new Cargo.Run(ownCopy(run.program())) : decision;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Another clone may build into the same directory while these tests run. */
    private static Path ownCopy(Path built) throws IOException {
        Path target = Files.createDirectories(Path.of("target")).resolve("interop");
        return Files.copy(built, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
    }

    /** Starts a node that accepts channels from this identity only. */
    RustNode start(Identifier trusted) {
        RustNode node = RustNode.start(Objects.requireNonNull(program), trusted);
        running.add(node);
        return node;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        running.forEach(RustNode::kill);
        running.clear();
    }
}
