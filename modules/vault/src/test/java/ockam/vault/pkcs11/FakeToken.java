// SPDX-License-Identifier: Apache-2.0

package ockam.vault.pkcs11;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyPairGeneratorSpi;
import java.security.KeyStoreSpi;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.ProviderException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.SignatureException;
import java.security.SignatureSpi;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Collections;
import java.util.Date;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A provider like the JDK's for PKCS#11, with a token in memory that can be taken out of its slot, break, and be used by others. As there, a
 * key store lists what was in the token when it was loaded, and asks the token for keys.
 */
final class FakeToken extends Provider {
    private static final long serialVersionUID = 1L;

    record Entry(PrivateKey key, Certificate certificate) {}

    /** A private key that cannot be read out. */
    private record Hidden(PrivateKey behind) implements PrivateKey {
        @Override
        public String getAlgorithm() {
            return "EC";
        }

        @Override
        public @Nullable String getFormat() {
            return null;
        }

        @Override
        public byte @Nullable [] getEncoded() {
            return null;
        }
    }

    final transient Map<String, Entry> entries = new TreeMap<>();
    transient String pin = "1234";
    transient boolean loggedIn;
    transient int logIns;
    transient int loads;
    transient boolean present = true;
    transient boolean readable;
    /** The name of the error in PKCS#11 that everything but logging in has; empty for none. */
    transient String error = "";

    FakeToken() {
        super("FakeToken", "1", "a token in memory");
        offer("KeyStore", "PKCS11", Store::new);
        offer("KeyPairGenerator", "EC", Generator::new);
        offer("Signature", "SHA256withECDSA", () -> new Signer("SHA256withECDSA"));
        offer("Signature", "SHA256withECDSAinP1363Format", () -> new Signer("SHA256withECDSAinP1363Format"));
    }

    private void offer(String type, String algorithm, Supplier<?> instances) {
        putService(new Service(this, type, algorithm, type, null, null) {
            @Override
            public Object newInstance(@Nullable Object parameter) {
                return instances.get();
            }
        });
    }

    @Override
    public synchronized @Nullable Service getService(String type, String algorithm) {
        return present ? super.getService(type, algorithm) : null;
    }

    private void ask() {
        if (!error.isEmpty()) {
            throw new ProviderException("Initialization failed", new Exception(error));
        }
    }

    private final class Generator extends KeyPairGeneratorSpi {
        private final KeyPairGenerator behind = generator();

        private static KeyPairGenerator generator() {
            try {
                return KeyPairGenerator.getInstance("EC");
            } catch (GeneralSecurityException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void initialize(int size, SecureRandom random) {
            throw new AssertionError("a size says too little");
        }

        @Override
        public void initialize(AlgorithmParameterSpec parameters, SecureRandom random)
                throws InvalidAlgorithmParameterException {
            behind.initialize(parameters, random);
        }

        @Override
        public KeyPair generateKeyPair() {
            ask();
            KeyPair pair = behind.generateKeyPair();
            return readable ? pair : new KeyPair(pair.getPublic(), new Hidden(pair.getPrivate()));
        }
    }

    private final class Signer extends SignatureSpi {
        private final Signature behind;

        Signer(String algorithm) {
            try {
                behind = Signature.getInstance(algorithm, "SunEC");
            } catch (GeneralSecurityException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        protected void engineInitSign(PrivateKey key) throws InvalidKeyException {
            ask();
            behind.initSign(key instanceof Hidden hidden ? hidden.behind() : key);
        }

        @Override
        protected void engineUpdate(byte one) throws SignatureException {
            behind.update(one);
        }

        @Override
        protected void engineUpdate(byte[] bytes, int offset, int length) throws SignatureException {
            behind.update(bytes, offset, length);
        }

        @Override
        protected byte[] engineSign() throws SignatureException {
            return behind.sign();
        }

        @Override
        protected void engineInitVerify(PublicKey key) {
            throw new UnsupportedOperationException();
        }

        @Override
        protected boolean engineVerify(byte[] signature) {
            throw new UnsupportedOperationException();
        }

        @Override
        @Deprecated
        protected void engineSetParameter(String name, Object value) {
            throw new UnsupportedOperationException();
        }

        @Override
        @Deprecated
        protected Object engineGetParameter(String name) {
            throw new UnsupportedOperationException();
        }
    }

    private final class Store extends KeyStoreSpi {
        private final Set<String> listed = new HashSet<>();

        @Override
        public void engineLoad(@Nullable InputStream unused, char @Nullable [] password) throws IOException {
            if (password == null) {
                if (!loggedIn) {
                    throw new IOException("load failed", new Exception("no password provided"));
                }
            } else {
                logIn(new String(password));
            }
            loads++;
            listed.clear();
            listed.addAll(entries.keySet());
        }

        private void logIn(String password) throws IOException {
            logIns++;
            if (!pin.equals(password)) {
                throw new IOException(
                        "load failed", new UnrecoverableKeyException().initCause(new Exception("CKR_PIN_INCORRECT")));
            }
            loggedIn = true;
        }

        @Override
        public boolean engineIsKeyEntry(String alias) {
            return listed.contains(alias);
        }

        @Override
        public @Nullable Key engineGetKey(String alias, char @Nullable [] password) {
            ask();
            return Optional.ofNullable(entries.get(alias)).map(Entry::key).orElse(null);
        }

        @Override
        public @Nullable Certificate engineGetCertificate(String alias) {
            return Optional.ofNullable(entries.get(alias))
                    .map(Entry::certificate)
                    .orElse(null);
        }

        @Override
        public void engineSetKeyEntry(String alias, Key key, char @Nullable [] password, Certificate[] chain) {
            ask();
            entries.put(alias, new Entry((PrivateKey) key, chain[0]));
            listed.add(alias);
        }

        @Override
        public void engineDeleteEntry(String alias) {
            ask();
            entries.remove(alias);
            listed.remove(alias);
        }

        @Override
        public Enumeration<String> engineAliases() {
            return Collections.enumeration(listed);
        }

        @Override
        public boolean engineContainsAlias(String alias) {
            return listed.contains(alias);
        }

        @Override
        public int engineSize() {
            return listed.size();
        }

        @Override
        public void engineSetKeyEntry(String alias, byte[] key, Certificate[] chain) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void engineSetCertificateEntry(String alias, Certificate certificate) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean engineIsCertificateEntry(String alias) {
            throw new UnsupportedOperationException();
        }

        @Override
        public String engineGetCertificateAlias(Certificate certificate) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Certificate[] engineGetCertificateChain(String alias) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Date engineGetCreationDate(String alias) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void engineStore(OutputStream unused, char[] password) {
            throw new UnsupportedOperationException();
        }
    }
}
