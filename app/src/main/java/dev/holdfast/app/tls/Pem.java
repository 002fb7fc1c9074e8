// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.tls;

import dev.holdfast.kit.Hashes;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;

/** Keys and certificates as text (RFC 7468), and their fingerprints. */
public final class Pem {
  private static final Base64.Encoder LINES =
      Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

  private Pem() {}

  public static String of(X509Certificate certificate) {
    return text("CERTIFICATE", der(certificate));
  }

  public static String of(PrivateKey key) {
    return text("PRIVATE KEY", key.getEncoded());
  }

  private static String text(String label, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(label, LINES.encodeToString(der), label);
  }

  /** The first certificate of a text. */
  public static X509Certificate certificate(String text) throws CertificateException {
    return certificate(text.getBytes(StandardCharsets.US_ASCII));
  }

  static X509Certificate certificate(byte[] bytes) throws CertificateException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(bytes));
  }

  public static PrivateKey key(String text) throws GeneralSecurityException {
    String body = text.replaceAll("-----(BEGIN|END) PRIVATE KEY-----", "").replaceAll("\\s", "");
    try {
      return key(Base64.getDecoder().decode(body));
    } catch (IllegalArgumentException e) {
      throw new GeneralSecurityException("this is no key", e);
    }
  }

  static PrivateKey key(byte[] pkcs8) throws GeneralSecurityException {
    return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
  }

  /** The SHA-256 of a certificate, in hex. */
  public static String fingerprint(X509Certificate certificate) {
    return HexFormat.of().formatHex(Hashes.sha256(der(certificate)));
  }

  /** The SHA-256 of a key as certificates hold it (SubjectPublicKeyInfo), in hex. */
  public static String fingerprint(PublicKey key) {
    return HexFormat.of().formatHex(Hashes.sha256(key.getEncoded()));
  }

  static byte[] der(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate that was read has no bytes", e);
    }
  }
}
