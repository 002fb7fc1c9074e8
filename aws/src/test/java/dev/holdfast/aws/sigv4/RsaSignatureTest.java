// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.sigv4;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class RsaSignatureTest {
  private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(2047).setBit(0);

  private static boolean taken(BigInteger exponent) throws GeneralSecurityException {
    byte[] der =
        KeyFactory.getInstance("RSA")
            .generatePublic(new RSAPublicKeySpec(MODULUS, exponent))
            .getEncoded();
    return RsaSignature.key(Base64.getEncoder().encodeToString(der)).isPresent();
  }

  @Test
  void takesNoKeyThatIsDearToVerifyWith() throws Exception {
    assertThat(taken(BigInteger.valueOf(65_537))).isTrue();
    assertThat(taken(BigInteger.ONE.shiftLeft(63).setBit(0))).isTrue();
    assertThat(taken(BigInteger.ONE.shiftLeft(64).setBit(0))).isFalse();
    assertThat(taken(BigInteger.ONE.shiftLeft(2000).setBit(0))).isFalse();
  }
}
