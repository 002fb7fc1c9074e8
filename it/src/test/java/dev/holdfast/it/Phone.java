// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** An authenticator program: what somebody has who was shown a device's key once (RFC 6238). */
record Phone(String seed) {
  private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

  /** The phone that read a device's key. */
  static Phone of(JsonObject device) {
    byte[] seed = Base64.getDecoder().decode(Harbor.text(device, "Base32StringSeed"));
    return new Phone(new String(seed, StandardCharsets.US_ASCII));
  }

  private byte[] key() {
    var key = ByteBuffer.allocate(seed.length() * 5 / 8);
    int held = 0;
    int bits = 0;
    for (int i = 0; i < seed.length(); i++) {
      held = (held << 5 | ALPHABET.indexOf(seed.charAt(i))) & 0xfff;
      bits += 5;
      if (bits >= 8) {
        bits -= 8;
        key.put((byte) (held >> bits));
      }
    }
    return key.array();
  }

  static long step(Instant now) {
    return now.getEpochSecond() / 30;
  }

  String code(long step) {
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(key(), "HmacSHA1"));
      byte[] hash = mac.doFinal(ByteBuffer.allocate(8).putLong(step).array());
      int offset = hash[hash.length - 1] & 0xf;
      return String.format(
          Locale.ROOT,
          "%06d",
          (ByteBuffer.wrap(hash).getInt(offset) & Integer.MAX_VALUE) % 1_000_000);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * Enables the device by this step's code and the one before.
   *
   * @return the next step, whose code is taken from now on and for a minute at least
   */
  long enable(Harbor harbor, String user, String serial) {
    long step = step(Instant.now());
    JsonObject _ =
        harbor.admin(
            "iam:EnableMFADevice",
            Json.text(
                JsonObject.EMPTY
                    .with("UserName", user)
                    .with("SerialNumber", serial)
                    .with("AuthenticationCode1", code(step - 1))
                    .with("AuthenticationCode2", code(step))));
    return step + 1;
  }
}
