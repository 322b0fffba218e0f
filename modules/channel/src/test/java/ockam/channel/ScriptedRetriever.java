// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import ockam.identity.CredentialAndPurposeKey;

/** Has what the test says, and counts who asks and who watches. For one thread. */
final class ScriptedRetriever implements CredentialRetriever {
    private final List<Runnable> watches = new ArrayList<>();
    private CompletableFuture<CredentialAndPurposeKey> answer =
            CompletableFuture.failedFuture(new CredentialUnavailableException("none yet"));
    private int asked;

    /** Whoever waits gets this one too, and those that watch are told. */
    void has(CredentialAndPurposeKey credential) {
        CompletableFuture<CredentialAndPurposeKey> before = answer;
        answer = CompletableFuture.completedFuture(credential);
        before.complete(credential);
        changes();
    }

    /** Says that there is a newer one, true or not. */
    void changes() {
        List.copyOf(watches).forEach(Runnable::run);
    }

    void keepsWaiting() {
        answer = new CompletableFuture<>();
    }

    /** Has none from now on, and says that there is a newer one. */
    void fails() {
        failsBecause(new CredentialUnavailableException("out of order"));
    }

    /** Fails like this from now on, and says that there is a newer one. */
    void failsBecause(Throwable why) {
        answer = CompletableFuture.failedFuture(why);
        changes();
    }

    /** Tells nobody. */
    void hasQuietly(CredentialAndPurposeKey credential) {
        answer = CompletableFuture.completedFuture(credential);
    }

    /** Fails whoever waits, too. */
    void failsWhoeverWaits() {
        answer.completeExceptionally(new CredentialUnavailableException("out of order"));
    }

    int asked() {
        return asked;
    }

    int watches() {
        return watches.size();
    }

    @Override
    public CompletionStage<CredentialAndPurposeKey> credential() {
        asked++;
        return answer;
    }

    @Override
    public Runnable watch(Runnable newer) {
        watches.add(newer);
        return () -> watches.remove(newer);
    }
}
