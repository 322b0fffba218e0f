// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import java.time.Clock;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import ockam.vault.Vault;

/**
 * What a node or an authority remembers, in one place: private keys, identities and histories, its own credentials, what authorities said
 * about peers, members and tokens. {@link InMemoryStore} keeps it until the process ends; others keep it for good.
 *
 * <p>Implementations are thread safe, and never block the caller. Anyone who can write to where it is kept can make members and
 * forget rotations.
 */
public interface Store {
    /** A failure of a store that may promise that nothing of the unit of work counts. Of others that is not certain. */
    interface Undone {
        /** Returns whether nothing was done, and will not be. */
        boolean isUndone();
    }

    /**
     * Runs some work as one unit: all of it counts, or nothing. No other unit sees a part of it, and two units that change the same come one
     * after the other.
     *
     * <p>The work runs on a thread of the store, must not wait for anything, and must use the unit only there and then. It may be run
     * again, after its first run was undone, so it should do nothing else. If it throws, it is undone, and the stage fails with what was
     * thrown, not wrapped; a returned stage or future in it is not waited for.
     */
    <T> CompletionStage<T> run(Function<? super UnitOfWork, ? extends T> work);

    /**
     * Returns the vault with the private keys. A key that it generates is kept for good from the moment that a record of an identity that
     * names it is stored here, in the same unit of work ({@link IdentityRecords#storeOwn}); until then it is in memory.
     */
    Vault vault();

    /** Returns what authorities said about peers. */
    AttributeStore attributes();

    /** Returns the credentials that identities of this node got from authorities. */
    CredentialStore credentials();

    /** Returns the identities and histories; each call is a unit of work of its own. */
    default IdentityRepository identities() {
        return new StoredIdentities(this);
    }

    /** Does the same as the other one, with the {@linkplain IdentityOptions#defaults() default} options. */
    default CompletionStage<Identity> identity(String name, Clock clock) {
        return identity(name, IdentityOptions.defaults(), clock);
    }

    /**
     * Completes with the identity of this name: that which is kept here, or one that is made now and kept. Of several processes that ask at
     * the same time, all get the same one.
     *
     * @param name which of this store's identities, at most {@value IdentityRecords#MAX_NAME_LENGTH} characters; nobody else sees it
     * @param options if it is made now
     * @param clock as for {@link Identities#create}
     */
    default CompletionStage<Identity> identity(String name, IdentityOptions options, Clock clock) {
        return Stages.run(() -> new NamedIdentity(this, name, clock).loadOrCreate(options));
    }
}
