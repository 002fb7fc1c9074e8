// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.plan.oidc;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;

/** Makes keys and tokens as an identity provider does. */
public final class TokenMaker {
  private TokenMaker() {}

  public static KeyPair rsa(int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  public static KeyPair curve(String name) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(name));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A set of these keys, as it is published. */
  public static byte[] keySet(String... keys) {
    return ("{\"keys\":[" + String.join(",", keys) + "]}").getBytes(StandardCharsets.UTF_8);
  }

  public static String jwk(KeyPair pair, String id) {
    if (pair.getPublic() instanceof RSAPublicKey key) {
      return "{\"kty\":\"RSA\",\"use\":\"sig\",\"kid\":\"%s\",\"n\":\"%s\",\"e\":\"%s\"}"
          .formatted(id, text(bytes(key.getModulus(), 0)), text(bytes(key.getPublicExponent(), 0)));
    }
    ECPublicKey key = (ECPublicKey) pair.getPublic();
    int bits = key.getParams().getCurve().getField().getFieldSize();
    int size = (bits + 7) / 8;
    return "{\"kty\":\"EC\",\"use\":\"sig\",\"kid\":\"%s\",\"crv\":\"P-%d\",\"x\":\"%s\",\"y\":\"%s\"}"
        .formatted(
            id,
            bits,
            text(bytes(key.getW().getAffineX(), size)),
            text(bytes(key.getW().getAffineY(), size)));
  }

  private static byte[] bytes(BigInteger number, int size) {
    byte[] raw = number.toByteArray();
    byte[] bare = raw.length > 1 && raw[0] == 0 ? Arrays.copyOfRange(raw, 1, raw.length) : raw;
    byte[] all = new byte[Math.max(size, bare.length)];
    System.arraycopy(bare, 0, all, all.length - bare.length, bare.length);
    return all;
  }

  public static String text(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  public static String text(String text) {
    return text(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A signed token. */
  public static String token(KeyPair pair, String algorithm, String id, String claims) {
    String header = "{\"alg\":\"%s\",\"typ\":\"JWT\",\"kid\":\"%s\"}".formatted(algorithm, id);
    return signed(pair, algorithm, text(header) + "." + text(claims));
  }

  /** A text with its signature behind it. */
  public static String signed(KeyPair pair, String algorithm, String text) {
    String bits = algorithm.substring(2);
    String name =
        algorithm.startsWith("RS")
            ? "SHA" + bits + "withRSA"
            : "SHA" + bits + "withECDSAinP1363Format";
    try {
      Signature signer = Signature.getInstance(name);
      signer.initSign(pair.getPrivate());
      signer.update(text.getBytes(StandardCharsets.US_ASCII));
      return text + "." + text(signer.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
