// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.sigv4;

import dev.holdfast.kit.Hashes;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A credential scope: {@code 20261125/us-east-1/ecs/aws4_request}. */
public record Scope(String day, String region, String service, String terminator) {
  static final String TERMINATOR = "aws4_request";

  public Scope(String day, String region, String service) {
    this(day, region, service, TERMINATOR);
  }

  static Optional<Scope> parse(String text) {
    String[] parts = text.split("/", -1);
    return parts.length == 4
        ? Optional.of(new Scope(parts[0], parts[1], parts[2], parts[3]))
        : Optional.empty();
  }

  /** The key that signs within this scope. */
  public byte[] key(byte[] secret) {
    byte[] prefix = "AWS4".getBytes(StandardCharsets.UTF_8);
    byte[] start = new byte[prefix.length + secret.length];
    System.arraycopy(prefix, 0, start, 0, prefix.length);
    System.arraycopy(secret, 0, start, prefix.length, secret.length);
    byte[] key = hmac(start, day);
    key = hmac(key, region);
    key = hmac(key, service);
    return hmac(key, terminator);
  }

  private static byte[] hmac(byte[] key, String text) {
    return Hashes.hmacSha256(key, text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return day + "/" + region + "/" + service + "/" + terminator;
  }
}
