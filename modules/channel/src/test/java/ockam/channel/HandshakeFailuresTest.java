// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import ockam.channel.HandshakeException.Reason;
import ockam.channel.HandshakeException.Step;
import ockam.identity.IdentityException;
import ockam.routing.RoutingDropReason;
import ockam.vault.VaultException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every failure has a reason, at every step. */
class HandshakeFailuresTest {
    private static final Map<IdentityException.Reason, Reason> OF_IDENTITIES =
            new EnumMap<>(IdentityException.Reason.class);

    static {
        for (IdentityException.Reason reason : IdentityException.Reason.values()) {
            OF_IDENTITIES.put(
                    reason,
                    switch (reason) {
                        case HISTORY_OLDER, HISTORY_CONFLICT, CHANGED_CONCURRENTLY -> Reason.IDENTITY_CONFLICT;
                        case SUBJECT_UNKNOWN, WRONG_PURPOSE -> Reason.ATTESTATION_INVALID;
                        case HISTORY_TOO_LONG -> Reason.IDENTITY_TOO_LONG;
                        case KEY_MISMATCH -> Reason.KEY_MISMATCH;
                        case PAYLOAD_TOO_LONG -> Reason.MESSAGE_TOO_LONG;
                        case UNKNOWN_IDENTITY,
                                ROTATED_ELSEWHERE,
                                KEY_NOT_VALID_NOW,
                                VALIDITY_TOO_LONG,
                                TOO_MANY_MEMBERS,
                                TOO_MANY_TOKENS -> Reason.OWN_KEY_UNAVAILABLE;
                        default ->
                            reason.name().startsWith("ATTESTATION_")
                                    ? Reason.ATTESTATION_INVALID
                                    : Reason.IDENTITY_INVALID;
                    });
        }
    }

    private static final Set<Step> AFTER_PREPARE = EnumSet.complementOf(EnumSet.of(Step.PREPARE));

    /** The failure itself and as stages give it. */
    private static List<Throwable> forms(Throwable failure) {
        return List.of(
                failure,
                new CompletionException(failure),
                new ExecutionException(failure),
                new CompletionException(new ExecutionException(new CompletionException(failure))));
    }

    private static void assertIs(Step step, Reason reason, Throwable failure) {
        for (Throwable form : forms(failure)) {
            HandshakeException told = HandshakeFailures.of(step, form);
            assertThat(told.step()).isEqualTo(step);
            assertThat(told.reason()).as("%s at %s", failure, step).isEqualTo(reason);
            assertThat(told.getCause()).isSameAs(failure);
            assertThat(told)
                    .hasMessageStartingWith(step + ": " + reason)
                    .hasMessageContaining(Objects.requireNonNull(failure.getMessage()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyFailureOfIdentitiesHasAReason(IdentityException.Reason reason) {
        IdentityException failure = new IdentityException(reason, "text");
        for (Step step : AFTER_PREPARE) {
            assertIs(step, Objects.requireNonNull(OF_IDENTITIES.get(reason)), failure);
        }
        assertIs(Step.PREPARE, Reason.OWN_KEY_UNAVAILABLE, failure);
        forms(failure)
                .forEach(form -> assertThat(HandshakeFailures.isOfTheMessage(form))
                        .as("ends the handshake")
                        .isFalse());
    }

    @ParameterizedTest
    @EnumSource
    void everyFailureOfTheVaultHasAReason(VaultException.Reason reason) {
        VaultException failure = new VaultException(reason, "text");
        boolean weak = reason == VaultException.Reason.WEAK_PUBLIC_KEY;
        for (Step step : AFTER_PREPARE) {
            assertIs(step, weak ? Reason.WEAK_KEY : Reason.INTERNAL, failure);
        }
        assertIs(Step.PREPARE, weak ? Reason.WEAK_KEY : Reason.OWN_KEY_UNAVAILABLE, failure);
        forms(failure)
                .forEach(form ->
                        assertThat(HandshakeFailures.isOfTheMessage(form)).isEqualTo(weak));
    }

    @ParameterizedTest
    @EnumSource
    void everyFailureOfTheEngineHasAReason(NoiseException.Reason reason) {
        NoiseException failure = new NoiseException(reason);
        for (Step step : Step.values()) {
            assertIs(
                    step,
                    switch (reason) {
                        case TOO_LONG -> Reason.MESSAGE_TOO_LONG;
                        case DESTROYED -> Reason.STOPPED;
                        case TOO_SHORT, NOT_AUTHENTIC -> Reason.INTERNAL;
                    },
                    failure);
        }
        forms(failure)
                .forEach(form -> assertThat(HandshakeFailures.isOfTheMessage(form))
                        .as("the right one may still arrive")
                        .isEqualTo(reason != NoiseException.Reason.DESTROYED));
    }

    @ParameterizedTest
    @EnumSource
    void whateverElseFailsIsAFailureOfTheStep(Step step) {
        List<Throwable> failures = List.of(
                new IllegalStateException("bug"), new RejectedExecutionException("busy"), new AssertionError("error"));
        for (Throwable failure : failures) {
            assertIs(step, step == Step.PREPARE ? Reason.OWN_KEY_UNAVAILABLE : Reason.INTERNAL, failure);
            assertThat(HandshakeFailures.isOfTheMessage(failure)).isFalse();
        }
    }

    @Test
    void wrapperAroundNothingIsTakenAsItIs() {
        Throwable failure = new CompletionException("text", null);
        assertThat(HandshakeFailures.of(Step.MESSAGE_2, failure).reason()).isEqualTo(Reason.INTERNAL);
        assertThat(HandshakeFailures.of(Step.MESSAGE_2, failure).getCause()).isSameAs(failure);
        assertThat(HandshakeFailures.isOfTheMessage(failure)).isFalse();
    }

    @Test
    void whatIsKnownAlreadyStaysAsItIs() {
        HandshakeException known = new HandshakeException(Step.MESSAGE_1, RoutingDropReason.NO_SUCH_ADDRESS);
        for (Throwable form : forms(known)) {
            assertThat(HandshakeFailures.of(Step.OPEN, form)).isSameAs(known);
        }
    }

    @Test
    void textNamesStepReasonAndCause() {
        assertThat(new HandshakeException(Step.MESSAGE_2, Reason.TIMED_OUT)).hasMessage("MESSAGE_2: TIMED_OUT");
        assertThat(HandshakeFailures.of(Step.MESSAGE_3, new NoiseException(NoiseException.Reason.TOO_LONG)))
                .hasMessage("MESSAGE_3: MESSAGE_TOO_LONG (TOO_LONG)");
    }

    @Test
    void refusedMessageCostsNoStackTrace() {
        assertThat(new NoiseException(NoiseException.Reason.NOT_AUTHENTIC).getStackTrace())
                .isEmpty();
    }
}
