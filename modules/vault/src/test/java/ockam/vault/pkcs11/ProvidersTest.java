// SPDX-License-Identifier: Apache-2.0

package ockam.vault.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.security.InvalidKeyException;
import java.security.KeyStoreException;
import java.security.NoSuchAlgorithmException;
import java.security.ProviderException;
import java.security.SignatureException;
import java.security.UnrecoverableKeyException;
import java.util.stream.Stream;
import ockam.vault.VaultException;
import ockam.vault.VaultException.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ProvidersTest {
    /** As SunPKCS11 throws them: what happened is the text of a cause, which is of a class that cannot be named. */
    private static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(
                        Reason.DENIED,
                        new IOException(
                                "load failed",
                                new UnrecoverableKeyException().initCause(new Exception("CKR_PIN_INCORRECT")))),
                Arguments.of(Reason.DENIED, new IOException("load failed", new Exception("CKR_PIN_LOCKED"))),
                Arguments.of(
                        Reason.DENIED, new IOException("load failed", new Exception("CKR_USER_PIN_NOT_INITIALIZED"))),
                Arguments.of(Reason.DENIED, new IOException("load failed", new UnrecoverableKeyException())),
                Arguments.of(Reason.UNAVAILABLE, new ProviderException("Token has been removed")),
                Arguments.of(
                        Reason.UNAVAILABLE,
                        new KeyStoreException(new ProviderException("x", new Exception("CKR_TOKEN_NOT_PRESENT")))),
                Arguments.of(Reason.UNAVAILABLE, new ProviderException(new Exception("CKR_SESSION_HANDLE_INVALID"))),
                Arguments.of(Reason.UNAVAILABLE, new ProviderException("x", new Exception("CKR_DEVICE_REMOVED"))),
                Arguments.of(
                        Reason.UNAVAILABLE,
                        new ProviderException("sun.security.pkcs11.wrapper.PKCS11Exception: CKR_USER_NOT_LOGGED_IN")),
                Arguments.of(
                        Reason.UNAVAILABLE, new ProviderException("x", new Exception("CKR_SESSION_COUNT: 0x000000B1"))),
                Arguments.of(Reason.UNSUPPORTED, new NoSuchAlgorithmException("no EC")),
                Arguments.of(Reason.FAILED, new SignatureException("x", new Exception("CKR_FUNCTION_FAILED"))),
                Arguments.of(Reason.FAILED, new InvalidKeyException("x", new Exception("CKR_OBJECT_HANDLE_INVALID"))),
                Arguments.of(Reason.FAILED, new ProviderException()));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void exceptionsOfTheProviderHaveReasons(Reason reason, Exception thrown) {
        VaultException failure = Providers.failure(thrown);
        assertThat(failure.reason()).isEqualTo(reason);
        assertThat(failure).hasCause(thrown);
    }

    @Test
    void textNamesTheErrorOfPkcs11() {
        assertThat(Providers.failure(new ProviderException("x", new Exception("CKR_FUNCTION_FAILED"))))
                .hasMessage("the token failed (CKR_FUNCTION_FAILED)");
    }
}
