// SPDX-License-Identifier: Apache-2.0

package ockam.routing;

import java.util.List;
import ockam.wire.Address;
import ockam.wire.LocalMessage;

/** Allows what every control allows; says why the first one does not. */
record AllOf(List<AccessControl> controls) implements AccessControl {
    AllOf {
        controls = List.copyOf(controls);
    }

    @Override
    public boolean allows(Address source, Address destination, LocalMessage message) {
        // By index: this happens for each message, and must allocate nothing.
        for (int i = 0; i < controls.size(); i++) {
            if (!controls.get(i).allows(source, destination, message)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean allowsOut(Address source, Address destination, LocalMessage message, Onward onward) {
        for (int i = 0; i < controls.size(); i++) {
            if (!controls.get(i).allowsOut(source, destination, message, onward)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String denial(Address source, Address destination, LocalMessage message) {
        return controls.stream()
                .filter(control -> !control.allows(source, destination, message))
                .findFirst()
                .map(control -> control.denial(source, destination, message))
                .orElse("");
    }

    @Override
    public String denialOut(Address source, Address destination, LocalMessage message, Onward onward) {
        return controls.stream()
                .filter(control -> !control.allowsOut(source, destination, message, onward))
                .findFirst()
                .map(control -> control.denialOut(source, destination, message, onward))
                .orElse("");
    }
}
