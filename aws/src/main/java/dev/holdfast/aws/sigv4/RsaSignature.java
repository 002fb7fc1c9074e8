// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.sigv4;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Signatures of machines that have a key of their own and no secret in common with the platform:
 * Signature Version 4's string to sign, signed with RSASSA-PSS over SHA-256 and a salt of 32 bytes,
 * in base64. Their access key id is the machine's.
 *
 * @see <a href="https://github.com/aws/amazon-ssm-agent">The agent of AWS Systems Manager</a>
 */
public final class RsaSignature {
  private static final int SALT = 32;
  private static final int SHORTEST = 2048;
  private static final int LONGEST = 4096;

  /** Bits of the public exponent: what a verification costs goes by them. */
  private static final int LONGEST_EXPONENT = 64;

  private static final int LONGEST_TEXT = 2048;

  private RsaSignature() {}

  /** The RSA key in a text, the base64 of its DER form; empty where it is none that is taken. */
  public static Optional<PublicKey> key(String text) {
    if (text.length() > LONGEST_TEXT) {
      return Optional.empty();
    }
    try {
      byte[] der = Base64.getDecoder().decode(text);
      var key =
          (RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(der));
      int bits = key.getModulus().bitLength();
      int width = key.getPublicExponent().bitLength();
      boolean exponent =
          width > 1 && width <= LONGEST_EXPONENT && key.getPublicExponent().testBit(0);
      return bits >= SHORTEST && bits <= LONGEST && exponent ? Optional.of(key) : Optional.empty();
    } catch (GeneralSecurityException | IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /**
   * Refuses what can be refused without the key. The header with the body's hash is added by those
   * agents after they have signed; what it says is compared all the same.
   *
   * @param services the signing names that this endpoint answers to
   */
  public static void check(
      Authorization auth, SignedRequest request, List<String> services, Instant now) {
    Verifier.check(auth, request, services, now, name -> name.equals("x-amz-content-sha256"));
  }

  /**
   * Verifies the signature itself.
   *
   * @throws SignatureFault where it is not of this key and this request
   */
  public static void verify(Authorization auth, SignedRequest request, byte[] body, PublicKey key) {
    String hash = Verifier.bodyHash(request, body);
    String toSign =
        CanonicalRequest.stringToSign(
            request, auth.signedHeaders(), hash, auth.date(), auth.scope(), false);
    if (!signed(toSign, auth.signature(), key)) {
      throw SignatureFault.wrong(
          "The request signature does not match the key that the machine registered with.");
    }
  }

  /**
   * What a signature is looked at with where there is no machine, so that it takes as long. Anybody
   * can sign for it: whoever asks with it is refused whatever comes out.
   */
  public static PublicKey nobodysKey() {
    return Nobody.KEY;
  }

  /** A modulus of ones, whose factors are known. */
  private static final class Nobody {
    private static final PublicKey KEY = key();

    private static PublicKey key() {
      BigInteger modulus = BigInteger.ONE.shiftLeft(SHORTEST).subtract(BigInteger.ONE);
      try {
        return KeyFactory.getInstance("RSA")
            .generatePublic(new RSAPublicKeySpec(modulus, RSAKeyGenParameterSpec.F4));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("there is no RSA", e);
      }
    }
  }

  private static boolean signed(String text, String signature, PublicKey key) {
    try {
      Signature verifier = Signature.getInstance("RSASSA-PSS");
      verifier.setParameter(
          new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, SALT, 1));
      verifier.initVerify(key);
      verifier.update(text.getBytes(StandardCharsets.UTF_8));
      return verifier.verify(Base64.getDecoder().decode(signature));
    } catch (GeneralSecurityException | IllegalArgumentException _) {
      return false;
    }
  }
}
