// SPDX-License-Identifier: Apache-2.0

package ockam.routing;

/** Why something failed: a constant of one of the enums that implement this. Exceptions of the modules carry one. */
public interface FailureReason {
    /** The name of the constant. */
    String name();
}
