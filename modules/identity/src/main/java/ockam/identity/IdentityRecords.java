// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import java.util.Optional;
import ockam.identity.IdentityRepository.Retention;
import ockam.wire.Identifier;

/**
 * Identities and histories in a {@linkplain UnitOfWork unit of work}. The methods that {@link IdentityRepository} has too do the same, except
 * that they return when they are done.
 */
public interface IdentityRecords {
    /** The most characters of the name of an identity. */
    int MAX_NAME_LENGTH = 255;

    /** Returns the latest known history, as {@link IdentityRepository#history}. */
    Optional<ChangeHistory> history(Identifier identifier);

    /** Returns how long it stays, as {@link IdentityRepository#retention}. */
    Optional<Retention> retention(Identifier identifier);

    /** Compares a verified history with the known one and stores it, as {@link IdentityRepository#update}. */
    Comparison update(ChangeHistory received, Retention retention);

    /** Returns the record of an identity of the node, as {@link IdentityRepository#own}. */
    Optional<OwnIdentity> own(Identifier identifier);

    /**
     * Stores the next record of an identity of the node, as {@link IdentityRepository#storeOwn}, and with it the private keys that it names,
     * which have to be in the {@linkplain Store#vault() vault} of this store. Keys that only the record before it names are deleted. So a
     * record without its keys cannot come about, nor a key that nobody knows of.
     */
    boolean storeOwn(OwnIdentity next);

    /** Returns the identity of the node that has this name. */
    Optional<Identifier> named(String name);

    /**
     * Gives a name to an identity of the node, for good. An identity may have several names.
     *
     * @return whether it has that name now; {@code false} if another one has it, or if it is not an identity of the node
     * @throws IllegalArgumentException if the name is empty, or has more than {@value #MAX_NAME_LENGTH} characters
     */
    boolean name(String name, Identifier own);
}
