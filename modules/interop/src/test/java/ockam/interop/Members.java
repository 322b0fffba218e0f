// SPDX-License-Identifier: Apache-2.0

package ockam.interop;

import static ockam.interop.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import ockam.channel.SecureChannel;
import ockam.fixtures.SystemKit;
import ockam.interop.Scene.Channel;
import ockam.interop.Scene.Side;
import ockam.testkit.OckamTestKit;
import ockam.wire.Address;
import ockam.wire.Identifier;

/** An authority of either implementation, a Java node and a Rust node that may become its members, and a channel between these two. */
final class Members implements AutoCloseable {
    static final String RULE = "role=member";

    private final OckamTestKit kit;
    private final RustNodes rusts;
    private final Authority authority;
    private final JavaMember java;
    private final RustNode rust;

    Members(SystemKit kit, RustNodes rusts, Side authority, Duration validity) {
        this.kit = OckamTestKit.create(kit.testKit());
        this.rusts = rusts;
        this.java = new JavaMember(this.kit, "member");
        this.rust = stranger();
        this.authority = switch (authority) {
            case JAVA -> new JavaAuthority(this.kit, validity);
            case RUST -> new RustAuthority(stranger(), validity);
        };
        rust.importHistory(this.authority.history());
    }

    /** Another Rust node. */
    RustNode stranger() {
        return rusts.start(java.identifier());
    }

    /** Both believe the authority, and guard a worker by what it says. */
    Members believing() {
        java.believe(authority, RULE);
        rust.believe(authority.identifier(), RULE);
        return this;
    }

    Authority authority() {
        return authority;
    }

    JavaMember java() {
        return java;
    }

    RustNode rust() {
        return rust;
    }

    Identifier identifier(Side side) {
        return side == Side.JAVA ? java.identifier() : rust.identifier();
    }

    /** Opens a channel, and waits for both ends. */
    Channel open(Side opener) {
        switch (opener) {
            case JAVA -> {
                rust.accept(JavaMember.LISTENER, java.identifier());
                SecureChannel end = await(java.open(rust.port(), rust.identifier()));
                List<Address> found = new ArrayList<>();
                kit.eventually(() -> {
                    found.clear();
                    rust.channels().forEach((encryptor, decryptor) -> {
                        if (decryptor.equals(end.peerDecryptorAddress())) {
                            found.add(encryptor);
                        }
                    });
                    assertThat(found).hasSize(1);
                });
                return new Channel(end, found.get(0));
            }
            case RUST -> {
                java.accept(rust.identifier());
                Address encryptor = rustOpens();
                Address decryptor = Objects.requireNonNull(rust.channels().get(encryptor));
                List<SecureChannel> found = new ArrayList<>();
                kit.eventually(() -> {
                    found.clear();
                    java.channels(rust.identifier()).stream()
                            .filter(end -> end.peerDecryptorAddress().equals(decryptor))
                            .forEach(found::add);
                    assertThat(found).hasSize(1);
                });
                return new Channel(found.get(0), encryptor);
            }
        }
        throw new AssertionError(opener);
    }

    /** Rust opens a channel to where Java accepts. */
    Address rustOpens() {
        return rust.open(rust.connect(java.port()).append(JavaMember.LISTENER), java.identifier());
    }

    /** Messages come back through the channel, both ways. */
    void echoes(Channel channel) {
        java.echoes(channel.fromJava("echo"));
        rust.echoes(channel.fromRust("echo"), 1, 33);
    }

    /** Repeats the check until it passes. */
    void eventually(Runnable check) {
        kit.eventually(check);
    }

    @Override
    public void close() {
        java.channels(rust.identifier()).forEach(channel -> await(channel.close()));
        kit.close();
    }
}
