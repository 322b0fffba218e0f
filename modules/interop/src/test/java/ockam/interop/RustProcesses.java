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
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Starts a program in Rust for the tests of a class; its processes end with the test. The program is built once for all classes. If it cannot
 * be, {@link Cargo} decides what becomes of the class.
 */
abstract class RustProcesses implements BeforeAllCallback, AfterEachCallback {
    private static final Namespace NAMESPACE = Namespace.create(RustProcesses.class);

    private final Cargo.Program program;
    private final List<RustProcess> running = new ArrayList<>();
    private @Nullable Path built;

    RustProcesses(Cargo.Program program) {
        this.program = program;
    }

    @Override
    public final void beforeAll(ExtensionContext context) {
        Cargo.Decision decision = context.getRoot()
                .getStore(NAMESPACE)
                .getOrComputeIfAbsent(program, RustProcesses::decide, Cargo.Decision.class);
        if (decision instanceof Cargo.Run run) {
            built = run.program();
        } else if (decision instanceof Cargo.Skip skip) {
            Assumptions.abort("Live tests with Rust are skipped: " + skip.why());
        } else if (decision instanceof Cargo.Fail cannot) {
            fail("Live tests with Rust cannot run: " + cannot.why());
        }
    }

    private static Cargo.Decision decide(Cargo.Program program) {
        try {
            Cargo.Decision decision =
                    Cargo.decide(Boolean.getBoolean("interop.skip"), "true".equals(System.getenv("CI")), () -> {
                        System.out.println("Building " + program.title()
                                + " in Rust with cargo; the first time, this takes some minutes");
                        return Cargo.build("cargo", program, System.getenv());
                    });
            if (decision instanceof Cargo.Skip skip) {
                System.out.println("Live tests with " + program.title() + " in Rust: SKIPPED, " + skip.why());
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
        Path target = Files.createDirectories(Path.of("target")).resolve(built.getFileName());
        return Files.copy(built, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
    }

    /** Starts the program. */
    final RustProcess run(Map<String, String> environment, List<String> arguments) {
        RustProcess process = RustProcess.start(Objects.requireNonNull(built), environment, arguments);
        running.add(process);
        return process;
    }

    @Override
    public final void afterEach(ExtensionContext context) {
        running.forEach(RustProcess::kill);
        running.clear();
    }
}
