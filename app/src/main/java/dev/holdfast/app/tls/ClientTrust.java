// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.function.BiConsumer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Takes certificates of clients that the installation's authority signed for clients; whatever else
 * is shown ends the handshake.
 */
final class ClientTrust extends X509ExtendedTrustManager {
  private final X509Certificate authority;
  private final X509ExtendedTrustManager checks;
  private final BiConsumer<String, String> refused;

  /**
   * Makes the trust.
   *
   * @param refused told the client's address and what is wrong with its certificate
   */
  ClientTrust(X509Certificate authority, BiConsumer<String, String> refused)
      throws CertificateException {
    this.authority = authority;
    this.checks = OneAuthority.of(authority);
    this.refused = refused;
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    try {
      checks.checkClientTrusted(chain, authType, engine);
    } catch (CertificateException e) {
      String peer = engine.getPeerHost();
      refused.accept(peer == null ? "" : peer, "a certificate that is not of this installation");
      throw e;
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    checks.checkClientTrusted(chain, authType);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    checks.checkClientTrusted(chain, authType, socket);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw new CertificateException("this is a server");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    throw new CertificateException("this is a server");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw new CertificateException("this is a server");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[] {authority};
  }
}
