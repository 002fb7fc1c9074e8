// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.secrets.plan;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * A secret's value in clear, for as long as one call needs it.
 *
 * @param bytes text as UTF-8
 * @param binary whether it was given as {@code SecretBinary}
 */
@SuppressWarnings("ArrayRecordComponent")
public record Plain(byte[] bytes, boolean binary) {

  public static Plain of(String text) {
    return new Plain(text.getBytes(StandardCharsets.UTF_8), false);
  }

  /** The bytes as text. */
  public String text() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Whether another value is the same, in a time that tells nothing of it. */
  public boolean same(Plain other) {
    return binary == other.binary && MessageDigest.isEqual(bytes, other.bytes);
  }

  @Override
  public String toString() {
    return "Plain[***]";
  }
}
