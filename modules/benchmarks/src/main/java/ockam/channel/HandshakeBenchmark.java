// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import akka.util.ByteString;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import ockam.benchmarks.CurveWork;
import ockam.identity.CredentialAndPurposeKey;
import ockam.identity.CredentialOptions;
import ockam.identity.HistoryLimits;
import ockam.identity.Identities;
import ockam.identity.Identity;
import ockam.identity.IdentityAndCredentials;
import ockam.identity.InMemoryIdentityRepository;
import ockam.identity.PeerTerms;
import ockam.identity.SecureChannelKey;
import ockam.vault.SoftwareVault;
import ockam.wire.Attributes;
import ockam.wire.Identifier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Both sides of a handshake on one thread, without actors, compared with the curve work that the protocol requires for it. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 20, time = 1) // the compiler needs long for the curve arithmetic
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class HandshakeBenchmark {
    private final SoftwareVault vault = SoftwareVault.create(Runnable::run);
    private final Identities identities =
            Identities.create(vault, InMemoryIdentityRepository.create(), Clock.systemUTC());
    private final Identity alice = now(identities.create());
    private final Identity bob = now(identities.create());
    private final PeerTerms terms = new PeerTerms(true, new HistoryLimits(64, 4_096), vault);

    /** How many of the two sides present a credential of an authority that the other one believes. */
    @Param({"0", "1", "2"})
    private int credentials;

    private Identity authority = alice;
    private List<CredentialAndPurposeKey> ofAlice = List.of();
    private List<CredentialAndPurposeKey> ofBob = List.of();
    private CurveWork curveWork = new CurveWork(0);

    /** Issues the credentials. */
    @Setup
    public void issue() {
        authority = now(identities.create());
        ofAlice = credentials > 0 ? List.of(credential(alice)) : List.of();
        ofBob = credentials > 1 ? List.of(credential(bob)) : List.of();
        curveWork = new CurveWork(credentials);
    }

    private CredentialAndPurposeKey credential(Identity subject) {
        Attributes said = Attributes.ofTexts(Map.of("role", "member", "trust_context_id", "benchmarks"));
        return now(identities.issueCredential(
                authority, CredentialOptions.of(subject.identifier(), said, Duration.ofDays(1))));
    }

    /** Three messages, with each side verifying the other's identity, and its credential. */
    @Benchmark
    public SessionKeys handshake() {
        SecureChannelKey aliceKey = now(identities.secureChannelKey(alice));
        SecureChannelKey bobKey = now(identities.secureChannelKey(bob));
        NoiseHandshake initiator = new NoiseHandshake(vault, Role.INITIATOR, aliceKey.key());
        NoiseHandshake responder = new NoiseHandshake(vault, Role.RESPONDER, bobKey.key());
        now(responder.read(now(initiator.write(new byte[0]))));
        byte[] shownByBob = now(initiator.read(now(responder.write(shown(bobKey, ofBob)))));
        verify(shownByBob, initiator);
        byte[] shownByAlice = now(responder.read(now(initiator.write(shown(aliceKey, ofAlice)))));
        verify(shownByAlice, responder);
        SessionKeys keys = initiator.split();
        keys.erase();
        responder.split().erase();
        return keys;
    }

    /** The floor. */
    @Benchmark
    public boolean curveWork() {
        return curveWork.run();
    }

    private static byte[] shown(SecureChannelKey key, List<CredentialAndPurposeKey> credentials) {
        return key.show(credentials).encode().toArray();
    }

    private Identifier verify(byte[] shown, NoiseHandshake by) {
        IdentityAndCredentials received =
                IdentityAndCredentials.decode(ByteString.fromArray(shown)).orElseThrow();
        Identifier peer =
                now(identities.verifyPeer(received, by.remoteStatic(), terms).thenCompose(identities::acceptPeer));
        Set<Identifier> believed = Set.of(authority.identifier());
        if (!now(identities.acceptCredentials(received.credentials(), peer, believed, vault))
                .isEmpty()) {
            throw new IllegalStateException("a credential does not count");
        }
        return peer;
    }

    /** The vault works on the caller's thread, so everything is done when a call returns. */
    private static <T> T now(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}
