// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.tls;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.Callable;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/**
 * Writes certificates (RFC 5280) and requests for them (PKCS #10), all of ECDSA over P-256 with
 * SHA-256; the one class that knows the library which does so.
 *
 * <p>It names none of the library's exceptions and hands none of its interfaces around, only what
 * is encoded: the virtual machine would look for these at every start of every command, and read
 * the long list of hashes of a signed jar for it.
 */
final class X509 {
  private static final String CURVE = "secp256r1";
  private static final String SIGNATURE = "SHA256withECDSA";

  /** The longest request; ours have some 250 bytes. */
  private static final int MOST = 4096;

  private static final int SERIAL_BITS = 127;

  private X509() {}

  /** For how long a certificate holds. */
  record Term(Instant from, Instant until) {}

  /** Who vouches. */
  record Signer(X509Certificate certificate, PrivateKey key) {
    @Override
    public String toString() {
      return "Signer[***]";
    }
  }

  static KeyPair pair(SecureRandom random) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(CURVE), random);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK makes no keys of P-256", e);
    }
  }

  /** An authority that signs leaves alone. */
  static X509Certificate authority(KeyPair pair, String name, Term term, SecureRandom random) {
    X500Name subject = named(name);
    return written(
        () -> {
          var extensions = new JcaX509ExtensionUtils();
          var builder = builder(subject, subject, pair.getPublic(), term, random);
          builder.addExtension(
              Extension.basicConstraints, true, new BasicConstraints(0).getEncoded());
          builder.addExtension(
              Extension.keyUsage,
              true,
              new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign).getEncoded());
          builder.addExtension(
              Extension.subjectKeyIdentifier,
              false,
              extensions.createSubjectKeyIdentifier(pair.getPublic()).getEncoded());
          return signed(builder, pair.getPrivate());
        });
  }

  /** A server's certificate, for addresses and names. */
  static X509Certificate server(
      Signer signer, PublicKey key, List<String> names, Term term, SecureRandom random) {
    GeneralName[] all =
        names.stream()
            .map(
                name ->
                    new GeneralName(
                        Names.isAddress(name) ? GeneralName.iPAddress : GeneralName.dNSName, name))
            .toArray(GeneralName[]::new);
    return leaf(
        signer,
        key,
        "Holdfast",
        term,
        random,
        new Leaf(KeyPurposeId.id_kp_serverAuth, new GeneralNames(all)));
  }

  /** A client's certificate, for one id. */
  static X509Certificate client(
      Signer signer, PublicKey key, String id, Term term, SecureRandom random) {
    return leaf(signer, key, id, term, random, new Leaf(KeyPurposeId.id_kp_clientAuth, null));
  }

  private record Leaf(
      KeyPurposeId purpose, @org.jspecify.annotations.Nullable GeneralNames names) {}

  private static X509Certificate leaf(
      Signer signer, PublicKey key, String name, Term term, SecureRandom random, Leaf leaf) {
    return written(
        () -> {
          var extensions = new JcaX509ExtensionUtils();
          var issuer =
              X500Name.getInstance(signer.certificate().getSubjectX500Principal().getEncoded());
          var builder = builder(issuer, named(name), key, term, random);
          builder.addExtension(
              Extension.basicConstraints, true, new BasicConstraints(false).getEncoded());
          builder.addExtension(
              Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature).getEncoded());
          builder.addExtension(
              Extension.extendedKeyUsage, true, new ExtendedKeyUsage(leaf.purpose()).getEncoded());
          builder.addExtension(
              Extension.authorityKeyIdentifier,
              false,
              extensions
                  .createAuthorityKeyIdentifier(signer.certificate().getPublicKey())
                  .getEncoded());
          if (leaf.names() != null) {
            builder.addExtension(
                Extension.subjectAlternativeName, false, leaf.names().getEncoded());
          }
          return signed(builder, signer.key());
        });
  }

  private static JcaX509v3CertificateBuilder builder(
      X500Name issuer, X500Name subject, PublicKey key, Term term, SecureRandom random) {
    BigInteger serial = new BigInteger(SERIAL_BITS, random).setBit(0);
    return new JcaX509v3CertificateBuilder(
        issuer, serial, Date.from(term.from()), Date.from(term.until()), subject, key);
  }

  private static X509Certificate signed(JcaX509v3CertificateBuilder builder, PrivateKey key)
      throws Exception {
    return new JcaX509CertificateConverter()
        .getCertificate(builder.build(new JcaContentSignerBuilder(SIGNATURE).build(key)));
  }

  private static X500Name named(String name) {
    return new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, name).build();
  }

  /** A request for a certificate, signed with the key that it is for; DER. */
  static byte[] request(KeyPair pair) {
    return written(
        () ->
            new JcaPKCS10CertificationRequestBuilder(named("host"), pair.getPublic())
                .build(new JcaContentSignerBuilder(SIGNATURE).build(pair.getPrivate()))
                .getEncoded());
  }

  /** What this library writes with parts of ours: a failure is a fault of the program. */
  private static <T> T written(Callable<T> writing) {
    try {
      return writing.call();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("no certificate can be written", e);
    }
  }

  /**
   * The key that a request is for; what else it says is not asked for.
   *
   * @throws GeneralSecurityException where it is no request, of another kind of key, or whoever
   *     wrote it does not have the key
   */
  static PublicKey requested(byte[] der) throws GeneralSecurityException {
    if (der.length > MOST) {
      throw new GeneralSecurityException("the request is too long");
    }
    try {
      var request = new JcaPKCS10CertificationRequest(der);
      PublicKey key = request.getPublicKey();
      if (!ofOurKind(key)) {
        throw new GeneralSecurityException("the key is none of P-256");
      }
      if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
        throw new GeneralSecurityException("the request is not signed with its own key");
      }
      return key;
    } catch (GeneralSecurityException e) {
      throw e;
    } catch (Exception e) {
      throw new GeneralSecurityException("this is no request for a certificate", e);
    }
  }

  private static boolean ofOurKind(PublicKey key) throws GeneralSecurityException {
    var parameters = java.security.AlgorithmParameters.getInstance("EC");
    parameters.init(new ECGenParameterSpec(CURVE));
    ECParameterSpec ours = parameters.getParameterSpec(ECParameterSpec.class);
    return key instanceof ECPublicKey ec
        && ec.getParams().getCurve().equals(ours.getCurve())
        && ec.getParams().getGenerator().equals(ours.getGenerator())
        && ec.getParams().getOrder().equals(ours.getOrder());
  }
}
