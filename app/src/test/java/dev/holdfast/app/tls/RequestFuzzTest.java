// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.fuzz.Edit;
import dev.holdfast.kit.fuzz.Fuzz;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

/** Requests for certificates (PKCS #10) that were changed: for the key that signed, or for none. */
class RequestFuzzTest {
  private static final KeyPair PAIR = X509.pair(new SecureRandom());
  private static final byte[] REQUEST = X509.request(PAIR);

  @Test
  void aRequestIsForTheKeyThatSignedItOrIsNone() throws Exception {
    assertThat(X509.requested(REQUEST)).isEqualTo(PAIR.getPublic());
    for (int bit = 0; bit < REQUEST.length * 8; bit++) {
      byte[] changed = REQUEST.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(read(changed)).as("bit %d", bit).startsWith("refused");
    }
    Fuzz.run(RequestFuzzTest.class, "edit", RequestFuzzTest::requested);
  }

  static String requested(byte[] input) {
    return read(input) + ", " + read(Edit.of(REQUEST, input));
  }

  private static String read(byte[] der) {
    PublicKey key;
    try {
      key = X509.requested(der);
    } catch (GeneralSecurityException e) {
      Throwable cause = e.getCause();
      return "refused " + (cause == null ? e.getMessage() : cause.getClass().getSimpleName());
    }
    assertThat(key).isEqualTo(PAIR.getPublic());
    return "taken";
  }
}
