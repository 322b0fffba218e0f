// SPDX-License-Identifier: Apache-2.0

package ockam.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import ockam.interop.Cargo.Call;
import ockam.interop.Cargo.Caller;
import ockam.interop.Cargo.Decision;
import ockam.interop.Cargo.Fail;
import ockam.interop.Cargo.Program;
import ockam.interop.Cargo.Run;
import ockam.interop.Cargo.Skip;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When live tests run, are skipped, or fail. */
class CargoTest {
    private static final Caller NO_CARGO = () -> Cargo.build("no-such-cargo", Program.NODE, Map.of());
    private static final Caller NO_NETWORK =
            () -> new Call(101, List.of(), "error: failed to get `ockam` as a dependency");
    private static final Caller BROKEN_SOURCE = () -> new Call(
            101,
            List.of(
                    "{\"reason\":\"compiler-artifact\",\"executable\":null}",
                    "{\"reason\":\"build-finished\",\"success\":false}"),
            "error[E0425]: cannot find value `x`");
    private static final Caller BUILT = () -> new Call(
            0,
            List.of(
                    "{\"reason\":\"compiler-artifact\",\"executable\":null}",
                    "{\"reason\":\"compiler-artifact\",\"executable\":\"/target/release/interop\"}",
                    "{\"reason\":\"build-finished\",\"success\":true}"),
            "");

    private static Decision decide(boolean ci, Caller cargo) throws InterruptedException {
        return Cargo.decide(false, ci, cargo);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void runWithWhatCargoHasBuilt(boolean ci) throws InterruptedException {
        assertThat(decide(ci, BUILT)).isEqualTo(new Run(Path.of("/target/release/interop")));
    }

    @Test
    void withoutCargoTheyAreSkippedExceptInContinuousIntegration() throws InterruptedException {
        assertThat(decide(false, NO_CARGO))
                .isInstanceOfSatisfying(
                        Skip.class,
                        skip -> assertThat(skip.why()).startsWith("there is no cargo; get it from https://rustup.rs"));
        assertThat(decide(true, NO_CARGO))
                .isInstanceOfSatisfying(
                        Fail.class,
                        fail -> assertThat(fail.why()).startsWith("there is no cargo; get it from https://rustup.rs"));
    }

    @Test
    void withoutCratesTheyAreSkippedExceptInContinuousIntegration() throws InterruptedException {
        String why = "cargo cannot get the crates:\nerror: failed to get `ockam` as a dependency";

        assertThat(decide(false, NO_NETWORK)).isEqualTo(new Skip(why));
        assertThat(decide(true, NO_NETWORK)).isEqualTo(new Fail(why));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void sourceThatDoesNotCompileAlwaysFails(boolean ci) throws InterruptedException {
        assertThat(decide(ci, BROKEN_SOURCE))
                .isEqualTo(new Fail("the Rust program does not compile:\nerror[E0425]: cannot find value `x`"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoSkipsThemDoesNotNeedCargo(boolean ci) throws InterruptedException {
        Caller never = () -> {
            throw new AssertionError("cargo was called");
        };

        assertThat(Cargo.decide(true, ci, never)).isEqualTo(new Skip("-Dinterop.skip=true says so"));
    }

    @Test
    void targetDirectoryIsThatOfTheBenchmarks() {
        assertThat(Cargo.targetDirectory(Map.of("HOME", "/home/me")))
                .isEqualTo("/home/me/.cache/ockam-akka-benchmarks");
        assertThat(Cargo.targetDirectory(Map.of("HOME", "/home/me", "XDG_CACHE_HOME", "/cache")))
                .isEqualTo("/cache/ockam-akka-benchmarks");
        assertThat(Cargo.targetDirectory(Map.of("HOME", "/home/me", "CARGO_TARGET_DIR", "/built")))
                .isEqualTo("/built");
    }
}
