// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.verifier.EpsilonVerifier;

/**
 * How thoroughly Lincheck looks: it draws what two threads call, and runs that in one order of their steps after the other. What it draws
 * does not change from run to run. (Fray would need a JDK and a native agent of its own.)
 *
 * <p>All threads see what is written in the same order here. What is promised about plain and volatile fields beyond that is up to the tests
 * with real threads, such as {@code PermitRaceTest}.
 */
final class Interleavings {
    static final int THREADS = 2;

    private Interleavings() {}

    /**
     * The results must be those that the same calls have one after the other, in some order.
     *
     * @param orders of the steps of one draw that are tried
     */
    static void checkResults(Class<?> operations, int orders) {
        options(orders).check(operations);
    }

    /** The same for calls whose results do not matter, only what the class finds at the end. */
    static void checkEnd(Class<?> operations, int orders) {
        options(orders).verifier(EpsilonVerifier.class).check(operations);
    }

    /** Without AssertJ, whose steps Lincheck would look at as well. */
    static void require(boolean condition, String what) {
        if (!condition) {
            throw new AssertionError("not so: " + what);
        }
    }

    private static ModelCheckingOptions options(int orders) {
        return new ModelCheckingOptions()
                .threads(THREADS)
                .addGuarantee(forClasses(Interleavings::isTrusted)
                        .methods(name -> !name.equals("forEach"))
                        .treatAsAtomic())
                .actorsPerThread(2)
                .actorsBefore(0)
                .actorsAfter(0)
                .iterations(60)
                .invocationsPerIteration(orders);
    }

    /** Values and the collections of the JDK are not under test. What they call back is, and so are atomics. */
    private static boolean isTrusted(String type) {
        return type.startsWith("ockam.wire.")
                || type.startsWith("akka.")
                || (type.startsWith("java.util.")
                        && !type.startsWith("java.util.function.")
                        && !type.startsWith("java.util.concurrent.atomic."));
    }
}
