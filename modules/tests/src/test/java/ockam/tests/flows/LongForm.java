// SPDX-License-Identifier: Apache-2.0

package ockam.tests.flows;

/** The long form of these tests, which {@code -Dockam.long=true} selects, and {@code .ci/long tcp} runs. */
final class LongForm {
    private static final boolean CHOSEN = Boolean.getBoolean("ockam.long");

    private LongForm() {}

    /** Returns how much to do. */
    static int or(int normally, int inLongForm) {
        return CHOSEN ? inLongForm : normally;
    }

    /** Prints a figure that nobody asserts. */
    static void report(String figure) {
        System.out.println("[flows] " + figure);
    }
}
