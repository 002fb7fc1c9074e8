// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.plan.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.iam.plan.oidc.KeySet.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/**
 * The tokens that a specification prints are good under the keys that it prints, and under no bit
 * turned.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7515#appendix-A">RFC 7515, A.2 and A.3</a>
 */
class KnownTokensTest {
  private static final String CLAIMS =
      "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19y"
          + "b290Ijp0cnVlfQ";

  private static final String RSA_KEY =
      "{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\""
          + "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJ"
          + "PMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0"
          + "LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uD"
          + "Zlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2"
          + "PAcDTW9gb54h4FRWyuXpoQ"
          + "\"}";

  private static final String RSA_SIGNATURE =
      "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF"
          + "5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK"
          + "5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqt"
          + "FZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrB"
          + "p0igcN_IoypGlUPQGe77Rw";

  private static final String EC_KEY =
      "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
          + "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}";

  private static final String EC_SIGNATURE =
      "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

  private static Verdict judged(String key, String header, String signature) {
    String token =
        Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(header.getBytes(StandardCharsets.US_ASCII))
            + "."
            + CLAIMS
            + "."
            + signature;
    try {
      return KeySet.parse(("{\"keys\":[" + key + "]}").getBytes(StandardCharsets.US_ASCII))
          .orElseThrow()
          .judge(Jwt.parse(token));
    } catch (TokenFault _) {
      return Verdict.BAD;
    }
  }

  private static void known(String key, String header, String signature) {
    assertThat(judged(key, header, signature)).isEqualTo(Verdict.GOOD);
    byte[] bytes = Base64.getUrlDecoder().decode(signature);
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      byte[] flipped = bytes.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      String changed = Base64.getUrlEncoder().withoutPadding().encodeToString(flipped);
      assertThat(judged(key, header, changed)).as("bit %d", bit).isEqualTo(Verdict.BAD);
    }
  }

  @Test
  void rs256() {
    known(RSA_KEY, "{\"alg\":\"RS256\"}", RSA_SIGNATURE);
  }

  @Test
  void es256() {
    known(EC_KEY, "{\"alg\":\"ES256\"}", EC_SIGNATURE);
  }

  /** Signatures of zeros verified under any key in some versions of some libraries. */
  @Test
  void aSignatureOfZerosIsNone() {
    String zeros = Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[64]);
    assertThat(judged(EC_KEY, "{\"alg\":\"ES256\"}", zeros)).isEqualTo(Verdict.BAD);
  }
}
