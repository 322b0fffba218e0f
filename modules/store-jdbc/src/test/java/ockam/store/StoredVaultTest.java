// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import static ockam.store.StoreTests.KEY;
import static ockam.store.StoreTests.assertRefused;
import static ockam.store.StoreTests.failureOf;
import static ockam.store.StoreTests.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import ockam.identity.OwnIdentity;
import ockam.store.StoreException.Reason;
import ockam.vault.KeyCounts;
import ockam.vault.SignatureAlgorithm;
import ockam.vault.SigningKey;
import ockam.vault.SoftwareVault;
import ockam.vault.VaultException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredVaultTest {
    @TempDir
    Path directory;

    private JdbcStore store;

    @BeforeEach
    void open() {
        store = get(JdbcStore.open(JdbcStoreSettings.sqlite(directory.resolve("ockam.db"), KEY), Runnable::run));
    }

    /** Of which none is in the database. */
    private void assertKeys(int agreementKeys, int signingKeys) {
        assertThat(store.vault())
                .hasToString("StoredVault(" + new KeyCounts(agreementKeys, signingKeys, 0, 0) + ", "
                        + (agreementKeys + signingKeys) + " not stored)");
    }

    @Test
    void keyThatCannotBeSealedIsNotKept() {
        get(store.vault().signing().generateSigningKey(SignatureAlgorithm.ED25519));
        assertKeys(0, 1);
        get(store.close());
        assertKeys(0, 0);

        assertRefused(Reason.CLOSED, store.vault().signing().generateSigningKey(SignatureAlgorithm.P256));
        assertRefused(Reason.CLOSED, store.vault().secureChannels().generateAgreementKey());
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> store.importSigningKey(SignatureAlgorithm.ED25519, new byte[32]))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.CLOSED));

        assertKeys(0, 0);
    }

    /** As when records cannot be stored for a long time. */
    @Test
    void newKeysThatNobodyNamesAreBounded() {
        List<SigningKey> keys = new ArrayList<>();
        for (int i = 0; i <= StoredVault.MAX_UNSAVED; i++) {
            keys.add(get(store.vault().signing().generateSigningKey(SignatureAlgorithm.ED25519)));
        }

        assertKeys(0, StoredVault.MAX_UNSAVED);
        assertThat(failureOf(store.vault().signing().sign(keys.get(0), new byte[1])))
                .isInstanceOfSatisfying(
                        VaultException.class, e -> assertThat(e.reason()).isEqualTo(VaultException.Reason.UNKNOWN_KEY));
        assertThat(get(store.vault().signing().sign(keys.get(1), new byte[1]))).isNotNull();
        get(store.close());
    }

    @Test
    void importedAgainAKeyCanStillBeDeletedInTheDatabase() {
        byte[] seed = new byte[32];
        SoftwareVault elsewhere = SoftwareVault.create(Runnable::run);
        OwnIdentity record =
                Elsewhere.identityOf(elsewhere, elsewhere.importSigningKey(SignatureAlgorithm.ED25519, seed));
        SigningKey key = store.importSigningKey(SignatureAlgorithm.ED25519, seed);
        assertThat(get(store.identities().storeOwn(record))).isTrue();

        assertThat(store.importSigningKey(SignatureAlgorithm.ED25519, seed)).isEqualTo(key);

        assertThat(get(store.vault().signing().deleteSigningKey(key))).isTrue();
        assertThat(failureOf(store.vault().signing().sign(key, new byte[1])))
                .isInstanceOfSatisfying(
                        VaultException.class, e -> assertThat(e.reason()).isEqualTo(VaultException.Reason.UNKNOWN_KEY));
        get(store.close());
    }

    @Test
    void importedTwiceItIsStillOneKeyAndCanBeDeleted() {
        SigningKey key = store.importSigningKey(SignatureAlgorithm.ED25519, new byte[32]);
        assertThat(store.importSigningKey(SignatureAlgorithm.ED25519, new byte[32]))
                .isEqualTo(key);
        assertKeys(0, 1);

        assertThat(get(store.vault().signing().deleteSigningKey(key))).isTrue();
        assertKeys(0, 0);
        assertThat(get(store.vault().signing().deleteSigningKey(key))).isFalse();
        get(store.close());
    }
}
