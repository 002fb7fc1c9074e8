// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.plan.issue;

import dev.holdfast.iam.model.TokenIssuer;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * How tokens are signed: the two ways that AWS offers.
 *
 * @see <a href="https://docs.aws.amazon.com/STS/latest/APIReference/API_GetWebIdentityToken.html">
 *     GetWebIdentityToken</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7518">RFC 7518</a>
 */
public enum SigningAlgorithm {
  RS256("RSA", "SHA256withRSA"),
  ES384("EC", "SHA384withECDSAinP1363Format");

  private static final Base64.Encoder URL = Base64.getUrlEncoder().withoutPadding();

  /** How many bytes a coordinate of P-384 has. */
  private static final int COORDINATE = 48;

  private final String kind;
  private final String signature;

  SigningAlgorithm(String kind, String signature) {
    this.kind = kind;
    this.signature = signature;
  }

  public static Optional<SigningAlgorithm> named(String text) {
    return Arrays.stream(values()).filter(algorithm -> algorithm.name().equals(text)).findFirst();
  }

  /** Makes a key; RSA takes its time. */
  public TokenIssuer.Key key(String id) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
      generator.initialize(parameters());
      KeyPair pair = generator.generateKeyPair();
      return new TokenIssuer.Key(
          id,
          name(),
          Json.text(jwk(id, pair.getPublic())),
          Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded()),
          null);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK makes no " + kind + " keys", e);
    }
  }

  private AlgorithmParameterSpec parameters() {
    return switch (this) {
      case RS256 -> new RSAKeyGenParameterSpec(2048, RSAKeyGenParameterSpec.F4);
      case ES384 -> new ECGenParameterSpec("secp384r1");
    };
  }

  private JsonObject jwk(String id, PublicKey key) {
    JsonObject jwk =
        JsonObject.EMPTY.with("kty", kind).with("kid", id).with("use", "sig").with("alg", name());
    return switch (key) {
      case RSAPublicKey rsa ->
          jwk.with("n", number(rsa.getModulus())).with("e", number(rsa.getPublicExponent()));
      case ECPublicKey point ->
          jwk.with("crv", "P-384")
              .with("x", coordinate(point.getW().getAffineX()))
              .with("y", coordinate(point.getW().getAffineY()));
      default -> throw new IllegalStateException("a key of another kind than was asked for");
    };
  }

  /** A number without the byte that {@link BigInteger} puts in front for its sign. */
  private static byte[] magnitude(BigInteger number) {
    byte[] bytes = number.toByteArray();
    return bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
  }

  private static String number(BigInteger number) {
    return URL.encodeToString(magnitude(number));
  }

  private static String coordinate(BigInteger number) {
    byte[] bytes = magnitude(number);
    var whole = new byte[COORDINATE];
    System.arraycopy(bytes, 0, whole, COORDINATE - bytes.length, bytes.length);
    return URL.encodeToString(whole);
  }

  /** A token in its compact form (RFC 7515), signed by a key of this algorithm. */
  public String token(TokenIssuer.Key key, byte[] claims) {
    JsonObject header =
        JsonObject.EMPTY.with("alg", name()).with("kid", key.id()).with("typ", "JWT");
    String text = URL.encodeToString(Json.bytes(header)) + '.' + URL.encodeToString(claims);
    try {
      Signature signer = Signature.getInstance(signature);
      signer.initSign(
          KeyFactory.getInstance(kind)
              .generatePrivate(
                  new PKCS8EncodedKeySpec(Base64.getDecoder().decode(key.privateKey()))));
      signer.update(text.getBytes(StandardCharsets.US_ASCII));
      return text + '.' + URL.encodeToString(signer.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the key " + key.id() + " does not sign", e);
    }
  }
}
