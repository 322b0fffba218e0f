// SPDX-License-Identifier: Apache-2.0

package ockam.interop;

import akka.util.ByteString;
import ockam.fixtures.Hex;
import ockam.wire.Address;
import ockam.wire.Attributes;
import ockam.wire.Identifier;

/**
 * The authority node of the crate {@code ockam_api}, with all its workers, in a process of its own; {@code rust-authority/src/main.rs} says
 * what it can be told.
 */
final class RustAuthorityNode implements KnownAuthority {
    static final String PROJECT = "garden";

    private final RustProcess process;
    private final String port;
    private final Identifier identifier;
    private final ByteString history;

    RustAuthorityNode(RustProcess process) {
        this.process = process;
        this.port = process.answer("LISTENING");
        this.identifier = Identifier.parse(process.answer("IDENTIFIER"));
        this.history = Hex.string(process.answer("HISTORY"));
    }

    // ---- options ----

    /** Somebody is a member from the start. */
    static String trusted(Identifier who, Attributes said) {
        return "trusted=" + who + ":" + RustProcess.text(said);
    }

    /** It has the identity that an earlier one with the same file had. */
    static String as(RustAuthorityNode earlier) {
        return "identity=" + earlier.identifier;
    }

    /** Whoever comes with a credential by this authority, and of this project, is an admin, and no enroller is. */
    static String[] adminsBy(ByteString history, String... options) {
        String[] all = new String[options.length + 2];
        System.arraycopy(options, 0, all, 2, options.length);
        all[0] = "account=" + Hex.of(history);
        all[1] = "enforce";
        return all;
    }

    // ---- what it is ----

    @Override
    public Identifier identifier() {
        return identifier;
    }

    @Override
    public ByteString history() {
        return history;
    }

    @Override
    public String port() {
        return port;
    }

    @Override
    public Address listener() {
        return Address.of("api");
    }

    /** What the credentials of a member with these attributes say. */
    Attributes said(Attributes attributes) {
        return KnownAuthority.ofProject(PROJECT, attributes);
    }

    // ---- what it can be told ----

    /** A ticket, read and verified as by the command line of Ockam, in another form: plain, hex, json or legacy. */
    String ticket(String form, String text) {
        return Hex.string(process.tell("TICKET", "ticket", form, Hex.of(ByteString.fromString(text))))
                .utf8String();
    }

    /** Ends its input, and waits for it to end by itself. */
    int endInput() {
        return process.endInput();
    }
}
