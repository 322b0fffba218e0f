// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import akka.util.ByteString;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import ockam.identity.IdentityException.Reason;
import ockam.vault.SigningKey;
import ockam.vault.SigningVault;
import ockam.wire.Identifier;

/** Issues the credentials of this node's identities (secure channel, section 4.9). Thread safe. */
final class CredentialIssuer {
    /** A key may be replaced between the moment at which it is asked for and the moment at which it signs. */
    private static final int MAX_ATTEMPTS = 4;

    private final SigningVault vault;
    private final IdentityRepository repository;
    private final Clock clock;
    private final OwnIdentities ownIdentities;
    private final PurposeKeys purposeKeys;

    CredentialIssuer(
            SigningVault vault,
            IdentityRepository repository,
            Clock clock,
            OwnIdentities ownIdentities,
            PurposeKeys purposeKeys) {
        this.vault = vault;
        this.repository = repository;
        this.clock = clock;
        this.ownIdentities = ownIdentities;
        this.purposeKeys = purposeKeys;
    }

    CompletionStage<CredentialAndPurposeKey> issue(Identifier authority, CredentialOptions options) {
        return issue(authority, options, MAX_ATTEMPTS);
    }

    private CompletionStage<CredentialAndPurposeKey> issue(
            Identifier authority, CredentialOptions options, int attempts) {
        Timestamp now = Timestamp.of(clock.instant());
        return ownIdentities
                .current(authority)
                .thenCompose(own -> {
                    requireValidity(own, options);
                    return purposeKeys.credentialKey(authority, now.plus(options.validity()));
                })
                .thenCompose(held -> repository
                        .history(options.subject())
                        .thenCompose(subject -> sign(held.key(), options, subject, now)))
                .exceptionallyCompose(failure -> attempts > 1 && Stages.isUnknownKey(failure)
                        ? issue(authority, options, attempts - 1)
                        : CompletableFuture.failedStage(failure));
    }

    /** A new key would soon not last long enough, so there would be a new one for each credential, or nearly. */
    private static void requireValidity(OwnIdentity own, CredentialOptions options) {
        if (options.validity().compareTo(own.options().maxCredentialValidity()) > 0) {
            throw new IdentityException(
                    Reason.VALIDITY_TOO_LONG,
                    "a credential for " + options.validity() + " by an identity whose credentials last for at most "
                            + own.options().maxCredentialValidity() + ", nine tenths of the time of its attestations");
        }
    }

    private CompletionStage<CredentialAndPurposeKey> sign(
            AttestedKey<SigningKey> key, CredentialOptions options, Optional<ChangeHistory> subject, Timestamp now) {
        PurposeKeyAttestationData attested = key.attestation().content();
        Timestamp createdAt = Timestamp.later(now, attested.createdAt()); // even if the clock was set back since
        Timestamp expiresAt = Timestamp.earlier(createdAt.plus(options.validity()), attested.expiresAt());
        ByteString data = new CredentialData(
                        options.subject(),
                        subject.map(history -> history.latest().hash()).orElse(null),
                        options.schema(),
                        options.attributes(),
                        createdAt,
                        expiresAt)
                .encodeSigned();
        return vault.sign(key.key(), VersionedData.hash(data))
                .thenApply(
                        signature -> new CredentialAndPurposeKey(new Credential(data, signature), key.attestation()));
    }
}
