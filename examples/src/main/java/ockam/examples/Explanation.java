// SPDX-License-Identifier: Apache-2.0

package ockam.examples;

import ockam.authority.AuthorityException;
import ockam.channel.HandshakeException;
import ockam.routing.RoutingException;
import ockam.store.StoreException;
import ockam.tcp.TcpException;

/** What the node for the command line says when something fails. */
final class Explanation {
    private Explanation() {}

    /** What failed, and what to do. */
    static String of(Exception failure) {
        String next = "see docs/troubleshooting.md";
        if (failure instanceof HandshakeException) {
            next = "look at the log of the nodes along the route";
        } else if (failure instanceof TcpException) {
            next = "is a node listening there?";
        } else if (failure instanceof StoreException) {
            next = "see docs/stores.md";
        } else if (failure instanceof AuthorityException) {
            next = "see docs/troubleshooting.md#authorities";
        } else if (failure instanceof RoutingException routing
                && routing.reason() == RoutingException.Reason.TIMED_OUT) {
            next = "whoever is refused is not told why: look at the log of the other node";
        }
        return withCause(failure) + " (" + next + ")";
    }

    /** What a failure says, and what its first cause says unless that is in it. */
    private static String withCause(Throwable failure) {
        Throwable first = failure;
        while (first.getCause() != null) {
            first = first.getCause();
        }
        String text = said(failure);
        String cause = first.getMessage();
        boolean isNew = first != failure && (cause == null || !text.contains(cause));
        return isNew ? text + "; " + said(first) : text;
    }

    /** The text of a failure, with the class where that says more: {@code NoSuchFileException: nosuch.json}. */
    static String said(Throwable failure) {
        String text = failure.getMessage();
        String name = failure.getClass().getSimpleName();
        if (text == null) {
            return name;
        }
        return failure.getClass().getName().startsWith("ockam.") ? text : name + ": " + text;
    }
}
