// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kit;

import java.security.MessageDigest;
import java.util.Arrays;

/** Secret bytes that print as {@code ***}, compare in constant time and wipe themselves. */
public final class Secret implements AutoCloseable {
  private final byte[] bytes;

  /** Takes ownership of {@code bytes}: the caller must not keep them. */
  public Secret(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The live bytes, valid until {@link #close}; not a copy. */
  public byte[] bytes() {
    return bytes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret that && MessageDigest.isEqual(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return 0;
  }

  @Override
  public String toString() {
    return "***";
  }

  @Override
  public void close() {
    Arrays.fill(bytes, (byte) 0);
  }
}
