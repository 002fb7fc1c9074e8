// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.tls;

import java.security.KeyPair;
import java.security.SecureRandom;
import java.util.Base64;

/** The key of a machine that joins, and how it asks for a certificate. */
public final class HostKey {
  private HostKey() {}

  public static KeyPair make(SecureRandom random) {
    return X509.pair(random);
  }

  /** A request for a certificate of this key (PKCS #10), in base64. */
  public static String request(KeyPair pair) {
    return Base64.getEncoder().encodeToString(X509.request(pair));
  }
}
