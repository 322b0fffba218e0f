// SPDX-License-Identifier: Apache-2.0

package ockam.routing;

import java.util.List;
import java.util.stream.Collectors;
import ockam.wire.Address;
import ockam.wire.LocalMessage;

/** Allows what at least one control allows; says why each of them does not. */
record AnyOf(List<AccessControl> controls) implements AccessControl {
    AnyOf {
        controls = List.copyOf(controls);
    }

    @Override
    public boolean allows(Address source, Address destination, LocalMessage message) {
        // By index: this happens for each message, and must allocate nothing.
        for (int i = 0; i < controls.size(); i++) {
            if (controls.get(i).allows(source, destination, message)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean allowsOut(Address source, Address destination, LocalMessage message, Onward onward) {
        for (int i = 0; i < controls.size(); i++) {
            if (controls.get(i).allowsOut(source, destination, message, onward)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String denial(Address source, Address destination, LocalMessage message) {
        return controls.stream()
                .map(control -> control.denial(source, destination, message))
                .collect(Collectors.joining());
    }

    @Override
    public String denialOut(Address source, Address destination, LocalMessage message, Onward onward) {
        return controls.stream()
                .map(control -> control.denialOut(source, destination, message, onward))
                .collect(Collectors.joining());
    }
}
