// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import static ockam.channel.ChannelTests.NOTHING;
import static ockam.fixtures.Stages.done;

import ockam.fixtures.Hex;
import ockam.vault.AgreementKey;

/** One side of a handshake, moved by hand, with its own vault. */
final class NoiseSide {
    final ScriptedVault vault;
    final AgreementKey staticKey;
    final NoiseHandshake noise;

    private NoiseSide(ScriptedVault vault, AgreementKey staticKey, NoiseHandshake noise) {
        this.vault = vault;
        this.staticKey = staticKey;
        this.noise = noise;
    }

    static NoiseSide of(Role role, byte[] staticPrivateKey, byte[] ephemeralPrivateKey) {
        ScriptedVault vault = new ScriptedVault().willGenerate(ephemeralPrivateKey);
        AgreementKey staticKey = vault.keys.importAgreementKey(staticPrivateKey);
        return new NoiseSide(vault, staticKey, new NoiseHandshake(vault, role, staticKey));
    }

    static NoiseSide of(Role role, byte[] staticPrivateKey, byte[] ephemeralPrivateKey, byte[] protocolName) {
        ScriptedVault vault = new ScriptedVault().willGenerate(ephemeralPrivateKey);
        AgreementKey staticKey = vault.keys.importAgreementKey(staticPrivateKey);
        return new NoiseSide(vault, staticKey, new NoiseHandshake(vault, role, staticKey, protocolName));
    }

    /** With the keys of the worked examples (secure channel, section 8.1). */
    static NoiseSide initiator() {
        return of(Role.INITIATOR, WorkedExample.INITIATOR_STATIC, WorkedExample.INITIATOR_EPHEMERAL);
    }

    /** With the keys of the worked examples (secure channel, section 8.1). */
    static NoiseSide responder() {
        return of(Role.RESPONDER, WorkedExample.RESPONDER_STATIC, WorkedExample.RESPONDER_EPHEMERAL);
    }

    /** With a static key that it shows but does not have. */
    NoiseSide pretending(AgreementKey shown) {
        return new NoiseSide(vault, shown, new NoiseHandshake(vault, Role.INITIATOR, shown));
    }

    byte[] write(byte[] payload) {
        return done(noise.write(payload));
    }

    byte[] read(byte[] message) {
        return done(noise.read(message));
    }

    String hash() {
        return Hex.of(noise.hash());
    }

    /** All three messages, without payloads, and the keys of this side and of the other one. */
    static void handshake(NoiseSide initiator, NoiseSide responder) {
        responder.read(initiator.write(NOTHING));
        initiator.read(responder.write(NOTHING));
        responder.read(initiator.write(NOTHING));
    }
}
