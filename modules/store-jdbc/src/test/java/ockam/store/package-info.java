// SPDX-License-Identifier: Apache-2.0

/**
 * A map of the tests of the store: what each file proves.
 *
 * <pre>
 * What a store in any database does
 *   StoreSuite             identities and their keys last; units of work, codes, members, histories and statements; run for each database
 *   SqliteStoreTest        the same in a file of SQLite; who may read it, what waits, what others keep busy, its log
 *   TwoProcessesTest       two processes create the same database; they redeem the same code exactly as often as it is good for
 *   KilledTest             a process is killed while it writes: it comes back as it was, and nothing is half-written
 *
 * Private keys
 *   StoredVaultTest        new keys: what is not kept, and how many are
 *   SealingTest            they are sealed in files and gone from memory; keys that are lost, wrong, readable by others
 *
 * Settings
 *   JdbcStoreSettingsTest  what can be set, and what is refused
 *   OckamStoreTest         the store of an actor system
 *   WorkersTest            how long work waits for its turn; closing, which blocks nobody
 *   PooledConnectionsTest  a pool that throws what is no SQLException
 *
 * Used by these tests
 *   StoreTests             members, tokens, a key, patience
 *   Elsewhere              an identity with a key that is known
 *   HeapDump               a process that writes down what is alive in it
 *   KilledNode             a process that writes until it is killed
 *   Openers                a process that opens databases
 *   Redeemers              a process in which fifty redeem a code
 * </pre>
 */
@NullMarked
package ockam.store;

import org.jspecify.annotations.NullMarked;
