// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** The JDK's TLS, set up for one end. */
public final class Contexts {
  private Contexts() {}

  static SSLContext server(ServerIdentity identity, ClientTrust trust)
      throws GeneralSecurityException {
    return context(new KeyManager[] {identity}, trust);
  }

  /** A client that takes the server of one authority, by its fingerprint. */
  public static SSLContext client(PinnedTrust trust) throws GeneralSecurityException {
    return context(null, trust);
  }

  /** A client that takes the servers of one authority. */
  public static SSLContext client(X509Certificate authority) throws GeneralSecurityException {
    return context(null, OneAuthority.of(authority));
  }

  /** A client that takes the servers of one authority, and shows a certificate of its own. */
  public static SSLContext client(
      X509Certificate authority, PrivateKey key, X509Certificate certificate)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    char[] nothing = new char[0]; // it is never written
    store.setKeyEntry("host", key, nothing, new X509Certificate[] {certificate});
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, nothing);
    return context(keys.getKeyManagers(), OneAuthority.of(authority));
  }

  private static SSLContext context(KeyManager @Nullable [] keys, TrustManager trust)
      throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys, new TrustManager[] {trust}, null);
    return context;
  }
}
