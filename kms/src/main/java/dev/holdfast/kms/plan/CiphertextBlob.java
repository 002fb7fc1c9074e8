// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.plan;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;

/**
 * What {@code Encrypt} answers, opaque to clients (bytes, big-endian):
 *
 * <ul>
 *   <li>format 2, which is written: magic 1 | format 1 | key id 16 | key version 4 | algorithm 1 |
 *       nonce 32 | commitment 32 | ciphertext | tag 16
 *   <li>format 1, which is only read: magic 1 | format 1 | key id 16 | key version 4 | algorithm 1
 *       | nonce 16 | IV 12 | ciphertext | tag 16
 * </ul>
 *
 * <p>All of it is authenticated: the header, which is what lies before the ciphertext, is part of
 * the additional data.
 */
public final class CiphertextBlob {
  static final int NONCE = 32;
  static final int COMMITMENT = 32;
  static final int TAG = 16;

  /** What both formats begin with. */
  private static final int START = 1 + 1 + 16 + 4 + 1;

  /** What the commitment of format 2 is over, beside what is not in the blob. */
  static final int COMMITTED = START + NONCE;

  private static final int HEADER = COMMITTED + COMMITMENT;
  private static final int FORMER_NONCE = 16;
  private static final int FORMER_IV = 12;
  private static final int FORMER_HEADER = START + FORMER_NONCE + FORMER_IV;

  private static final byte MAGIC = 0x4b;
  private static final byte FORMER = 1;
  private static final byte FORMAT = 2;
  private static final byte AES_256_GCM = 1;
  private static final byte AES_256_GCM_COMMITTED = 2;

  private final byte[] bytes;

  private CiphertextBlob(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The blob in {@code bytes}, or empty where they cannot be one; says nothing of authenticity. */
  public static Optional<CiphertextBlob> parse(byte[] bytes) {
    if (bytes.length < START || bytes[0] != MAGIC) {
      return Optional.empty();
    }
    byte algorithm = bytes[START - 1];
    boolean plausible =
        switch (bytes[1]) {
          case FORMAT -> algorithm == AES_256_GCM_COMMITTED && bytes.length >= HEADER + TAG;
          case FORMER -> algorithm == AES_256_GCM && bytes.length >= FORMER_HEADER + TAG;
          default -> false;
        };
    return plausible ? Optional.of(new CiphertextBlob(bytes.clone())) : Optional.empty();
  }

  /** The beginning of a blob: what its commitment is over. */
  static byte[] committed(String keyId, int version, byte[] nonce) {
    UUID id = UUID.fromString(keyId);
    return ByteBuffer.allocate(COMMITTED)
        .put(MAGIC)
        .put(FORMAT)
        .putLong(id.getMostSignificantBits())
        .putLong(id.getLeastSignificantBits())
        .putInt(version)
        .put(AES_256_GCM_COMMITTED)
        .put(nonce)
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

  /** Whether it says which key and context alone open it. */
  boolean isCommitted() {
    return bytes[1] == FORMAT;
  }

  byte[] header() {
    return Arrays.copyOf(bytes, isCommitted() ? HEADER : FORMER_HEADER);
  }

  byte[] committed() {
    return Arrays.copyOf(bytes, COMMITTED);
  }

  byte[] nonce() {
    return Arrays.copyOfRange(bytes, START, START + (isCommitted() ? NONCE : FORMER_NONCE));
  }

  /** In format 2. */
  byte[] commitment() {
    return Arrays.copyOfRange(bytes, COMMITTED, HEADER);
  }

  /** In format 1. */
  byte[] iv() {
    return Arrays.copyOfRange(bytes, FORMER_HEADER - FORMER_IV, FORMER_HEADER);
  }

  byte[] sealed() {
    return Arrays.copyOfRange(bytes, header().length, bytes.length);
  }
}
