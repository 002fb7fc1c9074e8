// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.http;

import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * TLS at a server's door: 1.3, and 1.2 with authenticated ciphers and ephemeral keys alone. Clients
 * are asked for a certificate and may have none; one that is shown must be of the context's own
 * kind.
 *
 * @param context what the server proves itself with, and whose certificates it takes
 */
public record Tls(SSLContext context) {
  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  /** RFC 8446, appendix B.4, and what of RFC 5289 and RFC 7905 goes with an ECDSA certificate. */
  private static final String[] CIPHERS = {
    "TLS_AES_128_GCM_SHA256",
    "TLS_AES_256_GCM_SHA384",
    "TLS_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"
  };

  /**
   * What a request came over.
   *
   * @param peer the client's certificate and those that vouch for it; empty where it showed none
   */
  public record Shown(List<X509Certificate> peer) {
    public Shown {
      peer = List.copyOf(peer);
    }
  }

  SslContextFactory.Server factory() {
    var factory = new SslContextFactory.Server();
    factory.setSslContext(context);
    factory.setExcludeProtocols();
    factory.setExcludeCipherSuites();
    factory.setIncludeProtocols(PROTOCOLS);
    factory.setIncludeCipherSuites(CIPHERS);
    factory.setRenegotiationAllowed(false);
    factory.setWantClientAuth(true);
    factory.setEndpointIdentificationAlgorithm(null);
    return factory;
  }
}
