// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import static ockam.fixtures.Stages.done;
import static ockam.fixtures.Stages.failureOf;
import static ockam.identity.IdentityException.Reason.CHANGED_CONCURRENTLY;
import static ockam.identity.IdentityTests.NOW;
import static ockam.identity.IdentityTests.assertRefused;
import static ockam.identity.IdentityTests.identitiesAt;
import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import ockam.fixtures.LogLines;
import ockam.vault.SignatureAlgorithm;
import ockam.wire.Identifier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Vaults and repositories that fail: nothing is lost, and no unknown key is left behind. */
class FailuresTest {
    /** A repository that can be told to fail, or to refuse its input. */
    private static final class Unreliable implements IdentityRepository {
        private final InMemoryIdentityRepository inner = InMemoryIdentityRepository.create();
        private @Nullable Supplier<CompletionStage<Boolean>> onStore;
        private @Nullable RuntimeException onUpdate = new IllegalStateException("the repository is out of order");
        private boolean storesAnyway;

        @Override
        public CompletionStage<Optional<ChangeHistory>> history(Identifier identifier) {
            return inner.history(identifier);
        }

        @Override
        public CompletionStage<Optional<Retention>> retention(Identifier identifier) {
            return inner.retention(identifier);
        }

        @Override
        public CompletionStage<Comparison> update(ChangeHistory received, Retention retention) {
            if (onUpdate != null) {
                throw onUpdate;
            }
            return unlessLost(inner.update(received, retention), true);
        }

        @Override
        public CompletionStage<Optional<OwnIdentity>> own(Identifier identifier) {
            return inner.own(identifier);
        }

        @Override
        public CompletionStage<Boolean> storeOwn(OwnIdentity next) {
            if (onStore != null) {
                return onStore.get();
            }
            CompletionStage<Boolean> stored = inner.storeOwn(next);
            return unlessLost(stored, done(stored));
        }

        private <T> CompletionStage<T> unlessLost(CompletionStage<T> answer, boolean hasStored) {
            return storesAnyway && hasStored
                    ? CompletableFuture.failedFuture(new IllegalStateException("timed out"))
                    : answer;
        }
    }

    private final ScriptedVault vault = new ScriptedVault();
    private final Unreliable repository = new Unreliable();
    private final Identities identities = identitiesAt(NOW, vault, repository);

    private int signingKeys() {
        return vault.keys.keyCounts().signingKeys();
    }

    private int agreementKeys() {
        return vault.keys.keyCounts().agreementKeys();
    }

    @Test
    void leavesNoKeyBehindThatCouldNotSign() {
        Identity identity = done(identities.create());
        vault.failsToSign = true;

        assertThat(failureOf(identities.create())).isInstanceOf(IllegalStateException.class);
        assertThat(failureOf(identities.rotate(identity))).isInstanceOf(IllegalStateException.class);
        assertThat(failureOf(identities.secureChannelKey(identity))).isInstanceOf(IllegalStateException.class);
        assertThat(failureOf(identities.credentialKey(identity))).isInstanceOf(IllegalStateException.class);

        assertThat(signingKeys()).isEqualTo(1);
        assertThat(agreementKeys()).isZero();
        vault.failsToSign = false;
        assertThat(done(identities.rotate(identity)).changeHistory().changes()).hasSize(2);
    }

    @Test
    void saysThatAKeyMayBeLeftBehind() {
        vault.failsToSign = true;
        vault.failsToDelete = true;

        try (LogLines log = LogLines.of(Identities.class)) {
            assertThat(failureOf(identities.create())).isInstanceOf(IllegalStateException.class);

            assertThat(log.textsWithLevels())
                    .containsExactly(
                            "WARN A new key that nobody got could not be deleted, and may be left in the vault");
        }
    }

    @Test
    void leavesNoKeyBehindWhoseRecordIsRefused() {
        Identity identity = done(identities.create());
        repository.onStore = () -> CompletableFuture.completedFuture(false);

        assertRefused(CHANGED_CONCURRENTLY, identities.create());
        assertRefused(CHANGED_CONCURRENTLY, identities.rotate(identity));
        assertRefused(CHANGED_CONCURRENTLY, identities.secureChannelKey(identity));
        assertRefused(CHANGED_CONCURRENTLY, identities.credentialKey(identity));

        assertThat(signingKeys()).isEqualTo(1);
        assertThat(agreementKeys()).isZero();
    }

    @Test
    void keepsBothKeysWhenItIsNotCertainWhichOneIsStored() {
        Identity identity = done(identities.create());
        repository.onStore = () -> CompletableFuture.failedFuture(new IllegalStateException("timed out"));

        try (LogLines log = LogLines.of(Identities.class)) {
            assertThat(failureOf(identities.rotate(identity))).isInstanceOf(IllegalStateException.class);

            assertThat(log.textsWithLevels())
                    .singleElement()
                    .satisfies(line -> assertThat(line)
                            .startsWith("WARN It is not known whether identity " + identity + " has the new key "));
        }
        assertThat(signingKeys()).isEqualTo(2);
        repository.onStore = null;
        done(identities.rotate(identity));
    }

    /** The first attempt fails, and what comes after it does not. */
    private void failsOnce(RuntimeException failure) {
        repository.onStore = () -> {
            repository.onStore = null;
            return CompletableFuture.failedFuture(failure);
        };
    }

    /** As with a database that can be read, but not written to; the keys may be in a token that never forgets one. */
    @Test
    void leavesNoKeyBehindThatNoStoredRecordNames() {
        Identity identity = done(identities.create());
        for (Supplier<CompletionStage<?>> work : List.<Supplier<CompletionStage<?>>>of(
                identities::create,
                () -> identities.rotate(identity),
                () -> identities.secureChannelKey(identity),
                () -> identities.credentialKey(identity))) {
            failsOnce(new IllegalStateException("the disk is full"));

            assertThat(failureOf(work.get())).hasMessage("the disk is full");

            assertThat(signingKeys()).isEqualTo(1);
            assertThat(agreementKeys()).isZero();
        }
    }

    private static final class Refused extends RuntimeException implements Store.Undone {
        private static final long serialVersionUID = 1L;

        @Override
        public boolean isUndone() {
            return true;
        }
    }

    @Test
    void leavesNoKeyBehindWhenNothingWasDone() {
        Identity identity = done(identities.create());
        repository.onStore = () -> CompletableFuture.failedFuture(new Refused());

        assertThat(failureOf(identities.create())).isInstanceOf(Refused.class);
        assertThat(failureOf(identities.rotate(identity))).isInstanceOf(Refused.class);
        assertThat(failureOf(identities.secureChannelKey(identity))).isInstanceOf(Refused.class);
        assertThat(failureOf(identities.credentialKey(identity))).isInstanceOf(Refused.class);

        assertThat(signingKeys()).isEqualTo(1);
        assertThat(agreementKeys()).isZero();
    }

    @Test
    void keepsAKeyThatWasStoredAlthoughThatFailed() {
        Identity identity = done(identities.create());
        repository.storesAnyway = true;

        assertThat(failureOf(identities.rotate(identity))).hasMessage("timed out");

        assertThat(signingKeys()).isEqualTo(2);
        repository.storesAnyway = false;
        assertThat(done(identities.rotate(identity)).changeHistory().changes()).hasSize(3);
    }

    @Test
    void tellsOfARotationThatMayBeStoredAlthoughThatFailed() {
        Identity identity = done(identities.create());
        AtomicInteger told = new AtomicInteger();
        identities.watchHistory(identity.identifier(), told::incrementAndGet);
        repository.onStore = () -> CompletableFuture.failedFuture(new Refused());
        assertThat(failureOf(identities.rotate(identity))).isInstanceOf(Refused.class);
        failsOnce(new IllegalStateException("the disk is full"));
        assertThat(failureOf(identities.rotate(identity))).hasMessage("the disk is full");
        assertThat(told).as("it is certain that nothing is stored").hasValue(0);

        repository.storesAnyway = true;
        assertThat(failureOf(identities.rotate(identity))).hasMessage("timed out");
        assertThat(told).hasValue(1);

        repository.onStore = () -> CompletableFuture.failedFuture(new IllegalStateException("out of order"));
        assertThat(failureOf(identities.rotate(identity))).hasMessage("out of order");
        assertThat(told).as("nobody knows").hasValue(2);
    }

    @Test
    void tellsOfARotationBeforeThePreviousKeyIsDeleted() {
        Identity identity = done(identities.create());
        AtomicInteger told = new AtomicInteger();
        identities.watchHistory(identity.identifier(), told::incrementAndGet);
        vault.neverDeletes = true;

        assertThat(identities.rotate(identity).toCompletableFuture()).isNotDone();

        assertThat(told).hasValue(1);
    }

    @Test
    void tellsOfAHistoryThatMayBeStoredAlthoughThatFailed() {
        Identities others = identitiesAt(NOW, vault, InMemoryIdentityRepository.create());
        Identity peer = done(others.create());
        repository.onUpdate = null;
        done(identities.importHistory(peer.export()));
        AtomicInteger told = new AtomicInteger();
        identities.watchHistory(peer.identifier(), told::incrementAndGet);
        ByteString newer = done(others.rotate(peer)).export();

        repository.onUpdate = new Refused();
        assertThat(failureOf(identities.importHistory(newer))).isInstanceOf(Refused.class);
        assertThat(told).as("it is certain that nothing is stored").hasValue(0);

        repository.onUpdate = null;
        repository.storesAnyway = true;
        assertThat(failureOf(identities.importHistory(newer))).hasMessage("timed out");
        assertThat(told).as("it may be stored").hasValue(1);
        for (int i = 0; i < 300; i++) { // more than are remembered; nobody watches them
            ByteString stranger = done(others.create()).export();
            assertThat(failureOf(identities.importHistory(stranger))).hasMessage("timed out");
        }

        repository.storesAnyway = false;
        done(identities.importHistory(newer));
        assertThat(told).as("it is, and was known before").hasValue(2);

        done(identities.importHistory(newer));
        repository.storesAnyway = true;
        assertThat(failureOf(identities.importHistory(newer))).hasMessage("timed out");
        assertThat(told).as("nothing is new").hasValue(2);
    }

    @Test
    void isRotatedEvenWhenThePreviousKeyCannotBeDeleted() {
        Identity identity = done(identities.create());
        vault.failsToDelete = true;

        try (LogLines log = LogLines.of(Identities.class)) {
            assertThat(done(identities.rotate(identity)).changeHistory().changes())
                    .hasSize(2);

            assertThat(log.textsWithLevels())
                    .anySatisfy(
                            line -> assertThat(line).startsWith("WARN ").contains("previous key", identity.toString()));
        }
    }

    @Test
    void hasNewPurposeKeyEvenWhenThePreviousOneCannotBeDeleted() {
        Identity identity = done(identities.create());
        SecureChannelKey outdated = done(identities.secureChannelKey(identity));
        done(identities.rotate(identity));
        vault.failsToDelete = true;

        try (LogLines log = LogLines.of(Identities.class)) {
            assertThat(done(identities.secureChannelKey(identity)).key()).isNotEqualTo(outdated.key());

            assertThat(log.textsWithLevels())
                    .anySatisfy(line ->
                            assertThat(line).startsWith("WARN ").contains("secure channel key", identity.toString()));
        }
    }

    @Test
    void passesOnExceptionsOfTheRepository() {
        Forge forge = new Forge();
        ByteString exported = forge.history(forge.ed25519(1)).export();

        assertThat(failureOf(identities.importHistory(exported)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the repository is out of order");
    }

    @Test
    void logsTheLifeOfIdentitiesWithoutKeys() {
        vault.signingKeys(SignatureAlgorithm.ED25519, 0xa1);
        try (LogLines log = LogLines.of(Identities.class)) {
            Identity identity = done(identities.create());
            done(identities.rotate(identity));
            done(identities.secureChannelKey(identity));

            assertThat(log.textsWithLevels())
                    .hasSize(3)
                    .allMatch(line -> line.startsWith("INFO Identity " + identity))
                    .noneMatch(line -> line.contains("a1a1"));
        }
    }
}
