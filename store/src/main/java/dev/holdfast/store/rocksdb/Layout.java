// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.rocksdb;

import dev.holdfast.store.Key;
import dev.holdfast.store.Revision;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * How keys and values lie in RocksDB: {@code 0x00 name} for facts about the store, {@code 0x01 key}
 * for entries; an entry's value is its revision (8 bytes, big-endian) and then the bytes.
 */
final class Layout {
  static final byte[] FORMAT_KEY = {0, 'f'};
  static final byte[] REVISION_KEY = {0, 'r'};

  /**
   * The newest format, one byte, raised whenever the shape of any row or the way it lies here
   * changes, or what is sealed in one; each older one opens and becomes this one, a newer one is
   * refused. See decision 0010.
   */
  static final byte[] FORMAT = {7};

  /** Present from when a {@link HighWaterMark} is kept beside the store. */
  static final byte[] MARKED_KEY = {0, 'm'};

  /** Where entries begin. */
  static final byte[] FIRST_ENTRY = {1};

  /** Above all entries. */
  static final byte[] END = {2};

  private static final byte ENTRY = 1;
  private static final int HEADER = Long.BYTES;

  private Layout() {}

  static byte[] stored(Key key) {
    byte[] bytes = key.bytes();
    byte[] stored = new byte[bytes.length + 1];
    stored[0] = ENTRY;
    System.arraycopy(bytes, 0, stored, 1, bytes.length);
    return stored;
  }

  static Key key(byte[] stored) {
    return Key.of(Arrays.copyOfRange(stored, 1, stored.length));
  }

  static byte[] stored(Revision revision, byte[] value) {
    return ByteBuffer.allocate(HEADER + value.length).putLong(revision.number()).put(value).array();
  }

  static byte[] stored(Revision revision) {
    return stored(revision, new byte[0]);
  }

  static Revision revision(byte[] stored) {
    return new Revision(ByteBuffer.wrap(stored).getLong());
  }

  static byte[] value(byte[] stored) {
    return Arrays.copyOfRange(stored, HEADER, stored.length);
  }
}
