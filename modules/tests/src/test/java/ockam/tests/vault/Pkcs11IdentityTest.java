// SPDX-License-Identifier: Apache-2.0

package ockam.tests.vault;

import static ockam.fixtures.Stages.await;
import static ockam.fixtures.Stages.awaitFailureOf;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import ockam.channel.HandshakeException;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.channel.SecureChannelListenerOptions;
import ockam.channel.SecureChannelOptions;
import ockam.examples.Snippets;
import ockam.identity.CredentialAndPurposeKey;
import ockam.identity.CredentialOptions;
import ockam.identity.Identities;
import ockam.identity.Identity;
import ockam.identity.IdentityOptions;
import ockam.identity.IdentityRepository;
import ockam.identity.InMemoryIdentityRepository;
import ockam.identity.OwnIdentity;
import ockam.identity.TrustPolicy;
import ockam.node.Node;
import ockam.node.Ockam;
import ockam.store.JdbcStore;
import ockam.store.JdbcStoreSettings;
import ockam.store.SealingKey;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.OckamTestKit;
import ockam.testkit.Party;
import ockam.vault.SignatureAlgorithm;
import ockam.vault.SigningKey;
import ockam.vault.SoftwareVault;
import ockam.vault.Vault;
import ockam.vault.VaultException;
import ockam.vault.pkcs11.Pkcs11KeyService;
import ockam.vault.service.KeyServiceVault;
import ockam.vault.service.Later;
import ockam.wire.Address;
import ockam.wire.Attributes;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Identities whose own keys are in a token of SoftHSM, and whose keys for channels are in memory; skipped without it. */
@ExtendWith(ActorTestKitExtension.class)
class Pkcs11IdentityTest {
    private static final IdentityOptions P256 =
            IdentityOptions.defaults().withSignatureAlgorithm(SignatureAlgorithm.P256);

    private final SoftHsm hsm = SoftHsm.get();
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final ExecutorService executor = Executors.newFixedThreadPool(2);
    private final IdentityRepository repository = InMemoryIdentityRepository.create();
    private final OckamTestKit kit;
    private final Node node;
    private final Party bob;

    Pkcs11IdentityTest(ActorTestKit testKit) {
        kit = OckamTestKit.create(testKit);
        node = kit.node("node");
        bob = kit.party();
    }

    @AfterEach
    void stop() {
        kit.close();
        executor.shutdownNow();
        timer.shutdownNow();
    }

    /** Returns a vault as after a restart: a new provider, and nothing in memory. */
    private KeyServiceVault token(SoftwareVault software) {
        return KeyServiceVault.create(
                Pkcs11KeyService.create(
                        Pkcs11KeyService.provider(hsm.configuration("identities")), SoftHsm.PIN::toCharArray, executor),
                software,
                Later.on(timer));
    }

    private Identities started() {
        SoftwareVault software = Party.vault(kit.system());
        return Identities.create(Vault.of(software, token(software), software), repository, Clock.systemUTC());
    }

    private String echoThroughChannelFrom(Identity alice) {
        String address = "listener-" + System.identityHashCode(alice);
        SecureChannelListener listener = SecureChannelListener.create(
                node,
                Address.of(address),
                bob.identity(),
                SecureChannelListenerOptions.trusting(TrustPolicy.identifier(alice.identifier())));
        node.allow(kit.echoer(node, "echoer-" + address)).from(listener);
        SecureChannel channel =
                await(SecureChannel.create(node, Route.parse("h1 => h2 => " + address), alice, bob.channelOptions()));
        String echo = await(node.ask(channel.route("echoer-" + address), Codec.string(), "Hello"))
                .body();
        await(channel.close());
        return echo;
    }

    @Test
    void channelOverHopsIsOpenedWithAKeyInTheToken() {
        kit.hops(node, "h1", "h2");
        Identity alice = await(started().create(P256));
        assertThat(echoThroughChannelFrom(alice)).isEqualTo("Hello");
    }

    @Test
    void channelIsAcceptedWithAKeyInTheToken() {
        Identity alice = await(started().create(P256));
        SecureChannelListener.create(node, Address.of("listener"), alice, bob.listenerOptions());
        SecureChannel channel = await(SecureChannel.create(
                node,
                Route.of("listener"),
                bob.identity(),
                SecureChannelOptions.trusting(TrustPolicy.identifier(alice.identifier()))));
        assertThat(channel.peer().identifier()).isEqualTo(alice.identifier());
        await(channel.close());
    }

    @Test
    void identitySurvivesARestart() {
        kit.hops(node, "h1", "h2");
        Identity before = await(started().create(P256));
        assertThat(echoThroughChannelFrom(before)).isEqualTo("Hello");

        Identity after = await(started().identity(before.identifier()));
        assertThat(after.identifier()).isEqualTo(before.identifier());
        assertThat(echoThroughChannelFrom(after)).isEqualTo("Hello");
    }

    @Test
    void storeKeepsEverythingButTheKeysInTheToken(@TempDir Path directory) {
        kit.hops(node, "h1", "h2");
        JdbcStoreSettings settings = JdbcStoreSettings.sqlite(
                directory.resolve("ockam.db"), SealingKey.from(() -> new byte[SealingKey.LENGTH]));
        Executor curves = Ockam.get(kit.system()).cryptoExecutor();
        JdbcStore store = await(JdbcStore.open(settings, curves));
        Identity before = fromStore(store);
        assertThat(echoThroughChannelFrom(before)).isEqualTo("Hello");
        await(store.close());

        JdbcStore again = await(JdbcStore.open(settings, curves));
        Identity after = fromStore(again);
        assertThat(after.identifier()).isEqualTo(before.identifier());
        assertThat(echoThroughChannelFrom(after)).isEqualTo("Hello");
        assertThat(echoThroughChannelFrom(await(after.identities().rotate(after))))
                .isEqualTo("Hello");
        await(again.close());
    }

    private Identity fromStore(JdbcStore store) {
        return await(store.withSigning(token(Party.vault(kit.system()))).identity("alice", P256, Clock.systemUTC()));
    }

    @Test
    void codeOfThePageWorks() {
        kit.hops(node, "h1", "h2");
        Vault vault = Snippets.elsewhere(
                kit.system(), Snippets.token(hsm.configuration("identities"), SoftHsm.PIN::toCharArray, executor));
        Identity alice = await(Snippets.p256(Identities.create(vault, repository, Clock.systemUTC())));
        assertThat(ownKey(alice).publicKey().algorithm()).isEqualTo(SignatureAlgorithm.P256);
        assertThat(echoThroughChannelFrom(alice)).isEqualTo("Hello");
    }

    @Test
    void authorityIssuesCredentialsWithAKeyInTheToken() {
        Identities authorities = started();
        Identity authority = await(authorities.create(P256.withCredentialKeyAlgorithm(SignatureAlgorithm.P256)));
        CredentialAndPurposeKey issued = await(authorities.issueCredential(
                authority,
                CredentialOptions.of(
                        bob.identifier(), Attributes.ofTexts(Map.of("role", "member")), Duration.ofDays(1))));
        Identities elsewhere = bob.identity().identities();
        await(elsewhere.importHistory(authority.export()));
        assertThat(await(elsewhere.verifyCredential(issued, bob.identifier(), Set.of(authority.identifier())))
                        .attributes())
                .isEqualTo(Attributes.ofTexts(Map.of("role", "member")));
        SigningKey key = await(authorities.credentialKey(authority)).key();
        assertThat(await(token(Party.vault(kit.system())).find(key.id()))).contains(key);
    }

    /** What is left: the history, and the name of the key. */
    @Test
    void identityWhoseRecordWasLostIsMadeAnew() {
        kit.hops(node, "h1", "h2");
        Identity before = await(started().create(P256));
        OwnIdentity record = await(repository.own(before.identifier())).orElseThrow();

        SoftwareVault software = Party.vault(kit.system());
        KeyServiceVault token = token(software);
        SigningKey key = await(token.find(record.key().id())).orElseThrow();
        IdentityRepository empty = InMemoryIdentityRepository.create();
        assertThat(await(empty.storeOwn(OwnIdentity.create(record.history(), key, P256))))
                .isTrue();
        Identities identities = Identities.create(Vault.of(software, token, software), empty, Clock.systemUTC());
        Identity again = await(identities.identity(before.identifier()));
        assertThat(echoThroughChannelFrom(again)).isEqualTo("Hello");
    }

    @Test
    void rotationReplacesTheKeyInTheToken() {
        kit.hops(node, "h1", "h2");
        Identities identities = started();
        Identity alice = await(identities.create(P256));
        SigningKey first = ownKey(alice);
        assertThat(echoThroughChannelFrom(alice)).isEqualTo("Hello");

        Identity rotated = await(identities.rotate(alice));
        assertThat(rotated.identifier()).isEqualTo(alice.identifier());
        assertThat(rotated.changeHistory().changes()).hasSize(2);
        KeyServiceVault token = token(Party.vault(kit.system()));
        assertThat(await(token.find(first.id()))).isEmpty();
        assertThat(await(token.find(ownKey(alice).id()))).contains(ownKey(alice));
        assertThat(echoThroughChannelFrom(rotated)).isEqualTo("Hello");
    }

    @Test
    void handshakeOfAnIdentityWhoseKeyIsGoneSaysSo() {
        Identity alice = await(started().create(P256));
        await(token(Party.vault(kit.system())).deleteSigningKey(ownKey(alice)));
        kit.listen(node, "listener", bob, bob);

        Throwable failure =
                awaitFailureOf(SecureChannel.create(node, Route.of("listener"), alice, bob.channelOptions()));
        assertThat(failure).isInstanceOfSatisfying(HandshakeException.class, e -> {
            assertThat(e.step()).isEqualTo(HandshakeException.Step.PREPARE);
            assertThat(e.reason()).isEqualTo(HandshakeException.Reason.OWN_KEY_UNAVAILABLE);
            assertThat(e).hasCauseInstanceOf(VaultException.class).hasMessageNotContaining("PIN");
        });
    }

    private SigningKey ownKey(Identity identity) {
        return await(repository.own(identity.identifier())).orElseThrow().key();
    }
}
