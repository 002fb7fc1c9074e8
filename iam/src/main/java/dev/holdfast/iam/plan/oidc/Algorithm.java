// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.plan.oidc;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a token may be signed: by a private key, never by a secret that both sides know, and never
 * not at all.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7518#section-3.1">RFC 7518, 3.1</a>
 */
enum Algorithm {
  RS256("SHA256withRSA", null, 0),
  RS384("SHA384withRSA", null, 0),
  RS512("SHA512withRSA", null, 0),
  ES256("SHA256withECDSAinP1363Format", "P-256", 64),
  ES384("SHA384withECDSAinP1363Format", "P-384", 96),
  ES512("SHA512withECDSAinP1363Format", "P-521", 132);

  private final String name;
  private final @Nullable String curve;
  private final int size;

  Algorithm(String name, @Nullable String curve, int size) {
    this.name = name;
    this.curve = curve;
    this.size = size;
  }

  static Optional<Algorithm> named(String text) {
    for (Algorithm algorithm : values()) {
      if (algorithm.name().equals(text)) {
        return Optional.of(algorithm);
      }
    }
    return Optional.empty();
  }

  /** Whether a key of a kind ({@code RSA}, or the name of a curve) is meant for this. */
  boolean fits(String kind) {
    return curve == null ? kind.equals("RSA") : kind.equals(curve);
  }

  boolean verifies(PublicKey key, byte[] text, byte[] signature) {
    if (size != 0 && signature.length != size) {
      return false;
    }
    try {
      Signature verifier = Signature.getInstance(name);
      verifier.initVerify(key);
      verifier.update(text);
      return verifier.verify(signature);
    } catch (GeneralSecurityException _) {
      return false; // a signature of another length, or a key of another kind
    }
  }
}
