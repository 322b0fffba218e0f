// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import ockam.identity.CredentialAndPurposeKey;

/**
 * Has the credential that it was given last, for applications that get their credentials themselves: {@link #replace} presents the next one
 * to all peers, those of open channels included (secure channel, sections 5.7 and 7.4). {@link RefreshingRetriever} gets the next one itself.
 *
 * <p>What it is given is presented without being verified, expired or not. Thread safe; holds one credential, and a reference for each open
 * channel.
 */
public final class ReplaceableCredential implements CredentialRetriever {
    private final List<Watch> watches = new CopyOnWriteArrayList<>();
    private final AtomicReference<CredentialAndPurposeKey> credential;

    private ReplaceableCredential(CredentialAndPurposeKey first) {
        this.credential = new AtomicReference<>(Objects.requireNonNull(first, "first"));
    }

    /** Starts with this credential. */
    public static ReplaceableCredential create(CredentialAndPurposeKey first) {
        return new ReplaceableCredential(first);
    }

    /**
     * From now on there is this credential. It is sent on every open channel, as {@link SecureChannelListenerOptions#withCredentials} says,
     * unless it is the same as before. Of two calls at the same time, the one that counts is the one that is sent last.
     */
    public void replace(CredentialAndPurposeKey next) {
        CredentialAndPurposeKey before = credential.getAndSet(Objects.requireNonNull(next, "next"));
        if (!next.equals(before)) {
            watches.forEach(Watch::tell);
        }
    }

    @Override
    public CompletionStage<CredentialAndPurposeKey> credential() {
        return CompletableFuture.completedStage(credential.get());
    }

    @Override
    public Runnable watch(Runnable newer) {
        Watch watch = new Watch(newer);
        watches.add(watch);
        return () -> watches.remove(watch);
    }
}
