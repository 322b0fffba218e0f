// SPDX-License-Identifier: Apache-2.0

package ockam.vault.pkcs11;

import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidParameterException;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.ProviderException;
import java.security.Security;
import java.security.UnrecoverableKeyException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ockam.vault.VaultException;
import ockam.vault.VaultException.Reason;

/** The JDK's PKCS#11 provider, and what its exceptions mean. */
final class Providers {
    /** The JDK's own exception class for these cannot be named from outside; its text begins with the name of the error in PKCS#11. */
    private static final Pattern ERROR = Pattern.compile("^(?:.*PKCS11Exception: )?(CKR_\\w+)");

    private static final Pattern DENYING = Pattern.compile("CKR_PIN_\\w+|CKR_USER_PIN_NOT_INITIALIZED");

    private static final Pattern PASSING =
            Pattern.compile("CKR_TOKEN_NOT_PRESENT|CKR_TOKEN_NOT_RECOGNIZED|CKR_SLOT_ID_INVALID"
                    + "|CKR_DEVICE_\\w+|CKR_SESSION_\\w+|CKR_USER_NOT_LOGGED_IN|CKR_CRYPTOKI_NOT_INITIALIZED");

    private Providers() {}

    static Provider sunPkcs11(String configuration) {
        if (configuration.contains("\\n")) {
            throw new IllegalArgumentException(
                    "SunPKCS11 takes a backslash and an n for the end of a line, if its configuration is no file:"
                            + " write / in paths in place of \\");
        }
        Provider general = Security.getProvider("SunPKCS11");
        if (general == null) {
            throw new VaultException(Reason.UNSUPPORTED, "this Java platform has no module jdk.crypto.cryptoki");
        }
        try {
            return general.configure("--" + configuration);
        } catch (ProviderException | InvalidParameterException | UnsupportedOperationException e) {
            throw new VaultException(Reason.UNAVAILABLE, "no PKCS#11 token can be had as configured", e);
        }
    }

    /** Returns the failure that an exception of the provider stands for. The text has the name of PKCS#11's own error, if there is one. */
    static VaultException failure(Exception thrown) {
        String error = error(thrown);
        if (DENYING.matcher(error).matches()
                || (error.isEmpty() && hasCause(thrown, UnrecoverableKeyException.class))) {
            return new VaultException(Reason.DENIED, "the token does not let this node in" + in(error), thrown);
        }
        if (PASSING.matcher(error).matches() || (error.isEmpty() && saysRemoved(thrown))) {
            return new VaultException(Reason.UNAVAILABLE, "the token cannot be reached" + in(error), thrown);
        }
        if (thrown instanceof NoSuchAlgorithmException || thrown instanceof InvalidAlgorithmParameterException) {
            return new VaultException(Reason.UNSUPPORTED, "the token has no ECDSA on P-256" + in(error), thrown);
        }
        return new VaultException(Reason.FAILED, "the token failed" + in(error), thrown);
    }

    /** The one failure of tokens that come and go which the JDK itself notices, with texts of its own. */
    private static boolean saysRemoved(Exception thrown) {
        return thrown instanceof ProviderException
                && thrown.getMessage() != null
                && thrown.getMessage()
                        .matches(
                                "Token has been removed|No token present|Could not obtain session.*|.*[Ss]ession.*available.*");
    }

    private static String in(String error) {
        return error.isEmpty() ? "" : " (" + error + ")";
    }

    private static String error(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            Matcher matcher = ERROR.matcher(String.valueOf(cause.getMessage()));
            if (matcher.find()) {
                return matcher.group(1);
            }
        }
        return "";
    }

    private static boolean hasCause(Throwable thrown, Class<? extends Throwable> type) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }
}
