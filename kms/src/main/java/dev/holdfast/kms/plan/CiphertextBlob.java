// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.plan;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;

/**
 * What {@code Encrypt} answers, opaque to clients: magic 1 | format 1 | key id 16 | key version 4 |
 * algorithm 1 | nonce 16 | IV 12 | ciphertext | tag 16 (bytes, big-endian).
 *
 * <p>All of it is authenticated: the header is part of the additional data.
 */
public final class CiphertextBlob {
  static final int NONCE = 16;
  static final int IV = 12;
  static final int TAG = 16;
  static final int HEADER = 1 + 1 + 16 + 4 + 1 + NONCE + IV;

  private static final byte MAGIC = 0x4b;
  private static final byte FORMAT = 1;
  private static final byte AES_256_GCM = 1;

  private final byte[] bytes;

  private CiphertextBlob(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The blob in {@code bytes}, or empty where they cannot be one; says nothing of authenticity. */
  public static Optional<CiphertextBlob> parse(byte[] bytes) {
    boolean plausible =
        bytes.length >= HEADER + TAG
            && bytes[0] == MAGIC
            && bytes[1] == FORMAT
            && bytes[22] == AES_256_GCM;
    return plausible ? Optional.of(new CiphertextBlob(bytes.clone())) : Optional.empty();
  }

  static byte[] header(String keyId, int version, byte[] nonce, byte[] iv) {
    UUID id = UUID.fromString(keyId);
    return ByteBuffer.allocate(HEADER)
        .put(MAGIC)
        .put(FORMAT)
        .putLong(id.getMostSignificantBits())
        .putLong(id.getLeastSignificantBits())
        .putInt(version)
        .put(AES_256_GCM)
        .put(nonce)
        .put(iv)
        .array();
  }

  /** The id of the key that made it. */
  public String keyId() {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new UUID(buffer.getLong(2), buffer.getLong(10)).toString();
  }

  /** The version of the key's material that made it. */
  public int version() {
    return ByteBuffer.wrap(bytes).getInt(18);
  }

  byte[] header() {
    return Arrays.copyOf(bytes, HEADER);
  }

  byte[] nonce() {
    return Arrays.copyOfRange(bytes, HEADER - IV - NONCE, HEADER - IV);
  }

  byte[] iv() {
    return Arrays.copyOfRange(bytes, HEADER - IV, HEADER);
  }

  byte[] sealed() {
    return Arrays.copyOfRange(bytes, HEADER, bytes.length);
  }
}
