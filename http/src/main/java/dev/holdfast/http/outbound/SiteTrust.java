// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.http.outbound;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Takes a site that a well-known authority vouches for, or else one whose last certificate has a
 * known SHA-1: then that certificate is the authority. In both cases the chain must hold, and the
 * certificate must be the host's.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc_verify-thumbprint.html">Thumbprints</a>
 */
final class SiteTrust extends X509ExtendedTrustManager {
  private final List<String> thumbprints;
  private volatile @Nullable X509Certificate last;

  /** A trust in well-known authorities, and in these thumbprints, in lower-case hex. */
  SiteTrust(List<String> thumbprints) {
    this.thumbprints = List.copyOf(thumbprints);
  }

  /** The SHA-1 of the last certificate that was shown, or null where none was. */
  @Nullable String seen() {
    X509Certificate certificate = last;
    return certificate == null ? null : thumbprint(certificate);
  }

  private static String thumbprint(X509Certificate certificate) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-1").digest(certificate.getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    check(chain, trust -> trust.checkServerTrusted(chain, type, engine));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    check(chain, trust -> trust.checkServerTrusted(chain, type, socket));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw new CertificateException("the host is not known");
  }

  private interface Check {
    void by(X509ExtendedTrustManager trust) throws CertificateException;
  }

  private void check(X509Certificate[] chain, Check check) throws CertificateException {
    X509Certificate end = chain[chain.length - 1];
    last = end;
    try {
      check.by(manager(null));
    } catch (CertificateException e) {
      if (!thumbprints.contains(thumbprint(end))) {
        throw e;
      }
      check.by(manager(end));
    }
  }

  /** The JDK's own verdict, over its own authorities or over one. */
  private static X509ExtendedTrustManager manager(@Nullable X509Certificate authority)
      throws CertificateException {
    try {
      KeyStore store = null;
      if (authority != null) {
        store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("site", authority);
      }
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(store);
      for (TrustManager manager : factory.getTrustManagers()) {
        if (manager instanceof X509ExtendedTrustManager found) {
          return found;
        }
      }
    } catch (GeneralSecurityException | IOException e) {
      throw new CertificateException(e);
    }
    throw new CertificateException("there is no trust in anybody");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    throw new CertificateException("clients show nothing here");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    throw new CertificateException("clients show nothing here");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw new CertificateException("clients show nothing here");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
