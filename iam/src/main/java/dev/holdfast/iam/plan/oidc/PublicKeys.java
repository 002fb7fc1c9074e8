// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.plan.oidc;

import dev.holdfast.kit.JsonValue.JsonObject;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.EllipticCurve;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Public keys out of JSON Web Keys.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7518#section-6">RFC 7518, 6</a>
 */
final class PublicKeys {
  private static final int SHORTEST_MODULUS = 2048;
  private static final int LONGEST_MODULUS = 8192;
  private static final int LONGEST_EXPONENT = 32;

  private PublicKeys() {}

  /** {@code RSA}, or the name of a curve, or empty text. */
  static String kind(JsonObject jwk) {
    String type = jwk.string("kty");
    String curve = jwk.string("crv");
    if (type == null) {
      return "";
    }
    return type.equals("EC") && curve != null ? curve : type;
  }

  /** The key, or empty where it is of no kind that signs tokens, or not as it has to be. */
  static Optional<PublicKey> of(JsonObject jwk) {
    try {
      return switch (kind(jwk)) {
        case "RSA" -> rsa(jwk);
        case "P-256" -> point(jwk, "secp256r1", 32);
        case "P-384" -> point(jwk, "secp384r1", 48);
        case "P-521" -> point(jwk, "secp521r1", 66);
        default -> Optional.empty();
      };
    } catch (GeneralSecurityException _) {
      return Optional.empty();
    }
  }

  private static Optional<PublicKey> rsa(JsonObject jwk) throws GeneralSecurityException {
    BigInteger modulus = number(jwk, "n", LONGEST_MODULUS / 8, false);
    BigInteger exponent = number(jwk, "e", LONGEST_EXPONENT / 8, false);
    if (modulus == null
        || exponent == null
        || modulus.bitLength() < SHORTEST_MODULUS
        || !modulus.testBit(0)
        || !exponent.testBit(0)
        || exponent.bitLength() < 2) {
      return Optional.empty();
    }
    return Optional.of(
        KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, exponent)));
  }

  private static Optional<PublicKey> point(JsonObject jwk, String curve, int bytes)
      throws GeneralSecurityException {
    BigInteger x = number(jwk, "x", bytes, true);
    BigInteger y = number(jwk, "y", bytes, true);
    AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
    parameters.init(new ECGenParameterSpec(curve));
    ECParameterSpec spec = parameters.getParameterSpec(ECParameterSpec.class);
    if (x == null || y == null || !onCurve(spec.getCurve(), x, y)) {
      return Optional.empty();
    }
    return Optional.of(
        KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(new ECPoint(x, y), spec)));
  }

  /** Whether y² = x³ + ax + b; the curves' order is prime, so that no point is in a small group. */
  private static boolean onCurve(EllipticCurve curve, BigInteger x, BigInteger y) {
    BigInteger p = ((ECFieldFp) curve.getField()).getP();
    if (x.compareTo(p) >= 0 || y.compareTo(p) >= 0) {
      return false;
    }
    BigInteger right = x.multiply(x).add(curve.getA()).multiply(x).add(curve.getB()).mod(p);
    return y.multiply(y).mod(p).equals(right);
  }

  /** A number in base64 of so many bytes at most, or of exactly so many; null where it is none. */
  private static @Nullable BigInteger number(
      JsonObject jwk, String name, int bytes, boolean exactly) {
    String text = jwk.string(name);
    if (text == null || text.length() > 2 * bytes) {
      return null;
    }
    try {
      byte[] magnitude = Base64.getUrlDecoder().decode(text);
      boolean fits = exactly ? magnitude.length == bytes : magnitude.length <= bytes;
      return fits && magnitude.length > 0 ? new BigInteger(1, magnitude) : null;
    } catch (IllegalArgumentException _) {
      return null;
    }
  }
}
