// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Rows that are kept compressed (RFC 1951): before they are sealed, since what is sealed cannot be.
 * A packed row begins with a byte that no JSON begins with, and its length; others are read as they
 * are, so that a table may become packed at any time.
 */
final class Packing {
  private static final byte PACKED = 1;
  private static final int HEAD = 1 + Integer.BYTES;

  /** Shorter rows gain nothing. */
  private static final int SHORTEST = 256;

  /** More than any row has: what claims more is damaged. */
  private static final int LONGEST = 64 << 20;

  private Packing() {}

  /** A row as it is kept: packed where that is shorter. */
  static byte[] pack(byte[] row) {
    if (row.length < SHORTEST || row.length > LONGEST) {
      return row;
    }
    byte[] packed = new byte[row.length];
    ByteBuffer.wrap(packed).put(PACKED).putInt(row.length);
    var deflater = new Deflater(Deflater.BEST_SPEED, true);
    try {
      deflater.setInput(row);
      deflater.finish();
      int length = deflater.deflate(packed, HEAD, packed.length - HEAD);
      return deflater.finished() ? Arrays.copyOf(packed, HEAD + length) : row;
    } finally {
      deflater.end();
    }
  }

  /**
   * A row as it was written.
   *
   * @throws IllegalArgumentException where it is not what was packed
   */
  static byte[] unpack(byte[] kept) {
    if (kept.length < HEAD || kept[0] != PACKED) {
      return kept;
    }
    int length = ByteBuffer.wrap(kept).getInt(1);
    if (length < 0 || length > LONGEST) {
      throw new IllegalArgumentException("a packed row of " + length + " bytes");
    }
    byte[] row = new byte[length];
    var inflater = new Inflater(true);
    try {
      inflater.setInput(kept, HEAD, kept.length - HEAD);
      int got = 0;
      int more;
      do {
        more = inflater.inflate(row, got, length - got);
        got += more;
      } while (more > 0 && got < length);
      // Whatever comes after the last byte is not what was packed.
      boolean longer = inflater.inflate(new byte[1]) > 0;
      if (got != length || longer || !inflater.finished() || inflater.getRemaining() > 0) {
        throw new IllegalArgumentException("a packed row is not whole");
      }
      return row;
    } catch (DataFormatException e) {
      throw new IllegalArgumentException("a packed row is damaged", e);
    } finally {
      inflater.end();
    }
  }
}
