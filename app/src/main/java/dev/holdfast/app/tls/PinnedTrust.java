// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.tls;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Takes a server whose authority has a known fingerprint, and no other. The authority itself comes
 * in the handshake, before anything is sent; all checks of the JDK hold beside, the server's name
 * among them.
 */
public final class PinnedTrust extends X509ExtendedTrustManager {
  private final String fingerprint;
  private final AtomicReference<@Nullable X509Certificate> seen = new AtomicReference<>();

  /**
   * Trusts one authority.
   *
   * @param fingerprint the SHA-256 of its certificate in hex, with or without colons
   */
  public PinnedTrust(String fingerprint) {
    this.fingerprint = fingerprint.replace(":", "").toLowerCase(Locale.ROOT);
    if (!this.fingerprint.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("a fingerprint has 64 hexadecimal digits");
    }
  }

  /** The authority, once a server was taken. */
  public @Nullable X509Certificate authority() {
    return seen.get();
  }

  private X509ExtendedTrustManager checks(X509Certificate[] chain) throws CertificateException {
    X509Certificate last = chain[chain.length - 1];
    if (!MessageDigest.isEqual(ascii(Pem.fingerprint(last)), ascii(fingerprint))) {
      throw new CertificateException("the platform's authority has another fingerprint");
    }
    return OneAuthority.of(last);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    checks(chain).checkServerTrusted(chain, authType, engine);
    seen.set(chain[chain.length - 1]);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    checks(chain).checkServerTrusted(chain, authType, socket);
    seen.set(chain[chain.length - 1]);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw new CertificateException("the server's name cannot be checked this way");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw new CertificateException("this is a client");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    throw new CertificateException("this is a client");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw new CertificateException("this is a client");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
