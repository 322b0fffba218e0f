// SPDX-License-Identifier: Apache-2.0

package ockam.vault.pkcs11;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Provider;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import ockam.vault.P256PublicKey;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERGeneralizedTime;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERUTCTime;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/** The certificate that a key store of the Java platform wants beside a private key: by the key, about itself, without an end. */
final class SelfSigned {
    /** What RFC 5280 uses for certificates that have no end. */
    private static final Time NO_END = new Time(new DERGeneralizedTime("99991231235959Z"));

    private static final Time BEGINNING = new Time(new DERUTCTime("200101000000Z"));

    /** The name of all of them: tokens find certificates by the label that the key store gives them. */
    private static final X500Name NAME = new X500Name("CN=Ockam signing key");

    private SelfSigned() {}

    /** Signs with the private key of the pair, which may be in a token. */
    static Certificate certificate(P256PublicKey key, KeyPair pair, Provider provider)
            throws GeneralSecurityException, IOException {
        var algorithm = new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
        var generator = new V3TBSCertificateGenerator();
        generator.setSerialNumber(new ASN1Integer(new BigInteger(1, key.toBytes()).mod(BigInteger.TWO.pow(64))));
        generator.setIssuer(NAME);
        generator.setSubject(NAME);
        generator.setStartDate(BEGINNING);
        generator.setEndDate(NO_END);
        generator.setSignature(algorithm);
        generator.setSubjectPublicKeyInfo(
                SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded()));
        TBSCertificate content = generator.generateTBSCertificate();

        Signature signer = Signature.getInstance("SHA256withECDSA", provider);
        signer.initSign(pair.getPrivate());
        signer.update(content.getEncoded(ASN1Encoding.DER));
        var parts = new ASN1EncodableVector();
        parts.add(content);
        parts.add(algorithm);
        parts.add(new DERBitString(signer.sign()));
        byte[] encoded = new DERSequence(parts).getEncoded(ASN1Encoding.DER);
        return CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded));
    }
}
