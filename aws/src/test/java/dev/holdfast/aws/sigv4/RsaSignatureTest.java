// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.sigv4;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import java.util.List;
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

  /** OpenSSL's, as are the signatures: {@code openssl dgst -sha256 -sign}, with these paddings. */
  private static final String KNOWN_KEY =
      "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAiZPyMNZfn4FKWRowzhLdsk9koAga16XkFDqi"
          + "aHbtOzxlOBeCfyVtpEK1ZgUlafrs/li75W6Vry9Bhn05B3o0C4gZxJtIxzyUkXFk0XtrlZIh0B02sJp+"
          + "2cjqMc0S5LvMb+nD0IFgI4+a45ZBh5XPJ+FPvWCYXYETnx1L32PGFFkAtkYN5IzJlkZdTnP5Q8+6rrud"
          + "cPNuWZP5+D1YIXwHzkufyepGgCv+hcnMqRHXLW7qbr9aU4DqR02LBno1wp3V8mi0ozeXr7QkFjMRgdde"
          + "XuJb6Et11GQ6Q3DoqD4trvMNAcWrZ8CgWYP6SDwIzF/6T7oLsoRa8YH2wA+ekGjcCwIDAQAB";

  private static final String PSS_32 =
      "gxiPh0p2hh1wGetYL3k+kX8TezIh3g0tpc7oGBF/jgMXox4DmYTZdYw8RXTxfvsocv0fyig29Cwu8WAP"
          + "UMir1LCF1WPivzpMT2Va2tiPZfPdt4iSBegYXljDKJjpl+MJRzmqjqPOcQHt96B/44AUaqRq/t8ssnPa"
          + "unKrkcx5Z5d3yJlE/UdQwMqwLeCpgCEVuAXQpwqBMcoy9cvXI5wd0gI/ON75bTN3mRfznmIBOrD/gVr2"
          + "AimEqqvuCuo6Z64tYNgTewOvkxOS5kW8p4HM3tuF89jjZajvtmAoCOXX6AcitNBRkvgXBXHJQi4wGZhm"
          + "qzMqIftV5YnIZJ/2SWuVxA==";

  private static final String PSS_20 =
      "QiniOK0yWaSRZE4cPmfPGcZqrh7bffk6GObSGd2ccbhliFQvUwdghFLQlPY5bDdBJkZNtQysgEodFAmw"
          + "vuc5nPP0T1v1lYYPHwb+S+KVj2EzvLIR/Ews0blOvtkfLH8vcwBGOlm9RqvWf8G/Ti1w7x4OtbzIeP5q"
          + "C6ahm04jM6ZiYLNQ1ojc2QtMphQ5N0PsiSircjzUlVKJsHOYGZDkVqzKFJViB7hqKmPiS+xJluNbTNUX"
          + "mUhg/jBV5JJtNxcYvRVR4cVPxRC4Z8U7ooQgEXF53fpwk8oIqEEBQfHyI/L7ojSx8ArYyd3kA++gXD9U"
          + "0+mHwjqtyAIbIu/RE6gqwg==";

  private static final String PKCS1 =
      "emjfY1PwDb65YOblOacMzwBYmRyZc1sFeQ0zIJa5FK0zQWv0++muqlBSdZzi0+WCiyw6jk3uoFCIRzF7"
          + "LHtvJ9y7c5iqpqVXNH9m+48tNG6shGLOyExp1/t3PZitjJf9L3YvHMuHrkmRXtA/6P1K8G91HUcfAuMF"
          + "uZFBZBj4PXyPHaAlSZaxBkBRI/6KTSyJWKMeUIOCz+BcNKwhZaNs1ot8j9djSoSOp7HVyowTbYjS4Fbc"
          + "CcXtKshuSxmg2GSM05ebeYIrsizW2hb7fzybaAkNLBAkyxvl2UeCg80WF8nfhHZ2PB93w4YvK/2npXJ/"
          + "p8kfYz+f0Z7953alrtUjcA==";

  private static boolean good(String signature, String body) {
    var request =
        new SignedRequest(
            "POST",
            "/",
            "",
            List.of(
                new SignedRequest.Header("Host", "ssm.example"),
                new SignedRequest.Header("Content-Type", "application/x-amz-json-1.1"),
                new SignedRequest.Header("X-Amz-Date", "20261126T120000Z"),
                new SignedRequest.Header(
                    "X-Amz-Target", "AmazonSSM.RequestManagedInstanceRoleToken"),
                new SignedRequest.Header(
                    "Authorization",
                    "AWS4-HMAC-SHA256 Credential=mi-0123456789abcdef0/20261126/us-east-1/ssm/aws4_request,"
                        + " SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature="
                        + signature)));
    try {
      RsaSignature.verify(
          Authorization.ofMachine(request),
          request,
          body.getBytes(StandardCharsets.UTF_8),
          RsaSignature.key(KNOWN_KEY).orElseThrow());
      return true;
    } catch (SignatureFault _) {
      return false;
    }
  }

  @Test
  void takesWhatAnotherProgramSignedInThisPaddingAlone() {
    String body = "{\"Fingerprint\":\"known\"}";
    assertThat(good(PSS_32, body)).isTrue();
    assertThat(good(PSS_32, body + " ")).isFalse();
    assertThat(good(PSS_20, body)).as("a shorter salt").isFalse();
    assertThat(good(PKCS1, body)).as("PKCS #1 1.5").isFalse();
    byte[] signature = Base64.getDecoder().decode(PSS_32);
    for (int bit = 0; bit < signature.length * 8; bit++) {
      byte[] flipped = signature.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(good(Base64.getEncoder().encodeToString(flipped), body))
          .as("bit %d", bit)
          .isFalse();
    }
  }
}
