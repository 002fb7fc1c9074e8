// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** A key: bytes in unsigned lexicographic order. */
public final class Key implements Comparable<Key> {
  /** The least key of all. */
  public static final Key FIRST = new Key(new byte[0]);

  private final byte[] bytes;

  /** Looked for in maps several times in its life. */
  private final int hash;

  private Key(byte[] bytes) {
    this.bytes = bytes;
    this.hash = Arrays.hashCode(bytes);
  }

  /** A key over a copy of {@code bytes}. */
  public static Key of(byte[] bytes) {
    return new Key(bytes.clone());
  }

  /** A key over bytes that nobody else holds. */
  static Key over(byte[] bytes) {
    return new Key(bytes);
  }

  /** A key of UTF-8 text. */
  public static Key of(String text) {
    return new Key(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A copy of the bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  public int length() {
    return bytes.length;
  }

  public byte at(int index) {
    return bytes[index];
  }

  public boolean startsWith(Key prefix) {
    return bytes.length >= prefix.bytes.length
        && Arrays.equals(bytes, 0, prefix.bytes.length, prefix.bytes, 0, prefix.bytes.length);
  }

  /** The least key that is greater than this one. */
  public Key successor() {
    return new Key(Arrays.copyOf(bytes, bytes.length + 1));
  }

  @Override
  public int compareTo(Key other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Key that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  /** The bytes in hexadecimal. */
  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}
