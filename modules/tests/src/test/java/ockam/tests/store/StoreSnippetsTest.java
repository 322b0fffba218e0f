// SPDX-License-Identifier: Apache-2.0

package ockam.tests.store;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorSystem;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import ockam.channel.CredentialRetriever;
import ockam.identity.CredentialAndPurposeKey;
import ockam.identity.CredentialOptions;
import ockam.identity.Identity;
import ockam.identity.IdentityFile;
import ockam.identity.IdentityOptions;
import ockam.identity.Redemption;
import ockam.identity.Store;
import ockam.identity.Timestamp;
import ockam.identity.Token;
import ockam.identity.TokenCode;
import ockam.node.Ockam;
import ockam.store.JdbcStore;
import ockam.store.JdbcStoreSettings;
import ockam.store.OckamStore;
import ockam.store.SealingKey;
import ockam.vault.SignatureAlgorithm;
import ockam.vault.SigningVault;
import ockam.vault.SoftwareVault;
import ockam.wire.Attributes;
import ockam.wire.Identifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the page about stores shows. */
class StoreSnippetsTest {
    @TempDir
    Path directory;

    private static CompletionStage<Identity> identity(ActorSystem<?> system) {
        // #identity
        CompletionStage<Identity> alice = OckamStore.get(system).identity("alice");
        // #identity
        return alice;
    }

    private static CompletionStage<JdbcStore> open(Path database, Path keyFile, Executor curves) {
        // #open
        CompletionStage<JdbcStore> opened =
                JdbcStore.open(JdbcStoreSettings.sqlite(database, SealingKey.inFile(keyFile)), curves);
        // #open
        return opened;
    }

    private static CompletionStage<Identity> elsewhere(
            ActorSystem<?> system, SigningVault signing, IdentityOptions p256) {
        // #elsewhere
        CompletionStage<Identity> alice = OckamStore.get(system)
                .store()
                .thenCompose(store -> store.withSigning(signing).identity("alices-token", p256, Clock.systemUTC()));
        // #elsewhere
        return alice;
    }

    private static CompletionStage<Redemption> redeem(
            Store store, Identifier authority, Identifier subject, TokenCode code, Timestamp now) {
        // #unit
        CompletionStage<Redemption> redeemed = store.run(unit -> {
            unit.tokens().removeEnded(authority, now);
            return unit.redeem(authority, subject, code, now);
        });
        // #unit
        return redeemed;
    }

    private static CompletionStage<Identity> load(Path file, char[] password, SoftwareVault vault, Executor blocking) {
        // #file
        CompletionStage<Identity> alice =
                IdentityFile.of(file, password).loadOrCreate(vault, blocking, Clock.systemUTC());
        // #file
        return alice;
    }

    private static CredentialRetriever kept(Store store, Identity identity, Identifier authority, Clock clock) {
        // #credential
        CredentialRetriever kept = CredentialRetriever.cached(
                () -> store.credentials().find(identity.identifier(), authority, clock.instant()), clock);
        // #credential
        return kept;
    }

    @Test
    void identityInAFileIsTheSameInTheNextRun() {
        Path file = directory.resolve("identity");
        char[] password = "correct horse".toCharArray();
        SoftwareVault vault = SoftwareVault.create(Runnable::run);

        Identity alice = await(load(file, password, vault, Runnable::run));

        assertThat(await(load(file, password, vault, Runnable::run)).identifier())
                .isEqualTo(alice.identifier());
    }

    @Test
    void identityAndMembersAreTheSameInTheNextRun() throws IOException {
        Path keyFile = directory.resolve("ockam.key");
        Files.writeString(keyFile, "0123456789abcdef".repeat(4));
        Files.setPosixFilePermissions(keyFile, PosixFilePermissions.fromString("rw-------"));
        Path database = directory.resolve("ockam.db");
        ActorTestKit kit = ActorTestKit.create(ConfigFactory.parseString(
                        "ockam.store { url = \"jdbc:sqlite:" + database + "\", key.file = \"" + keyFile + "\" }")
                .withFallback(ConfigFactory.load()));
        Identity alice = await(identity(kit.system()));
        Executor curves = Ockam.get(kit.system()).cryptoExecutor();
        SoftwareVault signing = SoftwareVault.create(curves);
        IdentityOptions p256 = IdentityOptions.defaults().withSignatureAlgorithm(SignatureAlgorithm.P256);
        assertThat(await(elsewhere(kit.system(), signing, p256)).identifier()).isNotEqualTo(alice.identifier());
        JdbcStore store = await(open(database, keyFile, curves)); // beside the other one
        Timestamp now = Timestamp.of(Instant.now());
        TokenCode code = TokenCode.random(new SecureRandom());
        Identifier authority = alice.identifier();
        Token token = new Token(
                authority,
                code.hash(),
                "first",
                authority,
                now,
                now.plus(Duration.ofMinutes(10)),
                1,
                Attributes.ofTexts(Map.of("role", "member")));
        await(store.run(unit -> {
            unit.tokens().add(token);
            return true;
        }));

        assertThat(await(redeem(store, authority, authority, code, now))).isEqualTo(Redemption.MEMBER_NOW);
        assertThat(await(store.identity("alice", Clock.systemUTC())).identifier())
                .isEqualTo(alice.identifier());

        CredentialAndPurposeKey credential = await(alice.identities()
                .issueCredential(alice, CredentialOptions.of(authority, Attributes.none(), Duration.ofMinutes(10))));
        assertThat(await(store.credentials().keep(credential))).isTrue();
        assertThat(await(kept(store, alice, authority, Clock.systemUTC()).credential()))
                .isEqualTo(credential);

        await(store.close());
        kit.shutdownTestKit();
    }
}
