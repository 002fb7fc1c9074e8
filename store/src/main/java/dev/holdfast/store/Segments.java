// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Lists of texts as keys, in the order of the lists and never two lists as one key.
 *
 * <p>Each segment is its UTF-8 with 0x00 written as 0x00 0xFF, then 0x00. As UTF-8 has no byte 0xFF
 * and no 0xFE, what follows a segment's end is never 0xFF, and 0xFE can mark where the key of a row
 * starts inside an index key.
 */
final class Segments {
  private static final int END = 0x00;
  private static final int ESCAPED = 0xFF;
  private static final int ROW = 0xFE;

  /** What the encoder writes for a lone surrogate, among other things. */
  private static final int REPLACED = '?';

  private Segments() {}

  /**
   * The key of a list.
   *
   * @throws IllegalArgumentException where a segment is not valid Unicode (a lone surrogate)
   */
  static Key key(List<String> segments) {
    var out = new ByteArrayOutputStream(64);
    segments.forEach(segment -> write(segment, out));
    return Key.over(out.toByteArray());
  }

  /** The key of an index entry: what is looked up, then the row that is found. */
  static Key indexKey(List<String> index, List<String> row) {
    var out = new ByteArrayOutputStream(96);
    index.forEach(segment -> write(segment, out));
    out.write(ROW);
    row.forEach(segment -> write(segment, out));
    return Key.over(out.toByteArray());
  }

  /** The keys of all lists that start with these segments. */
  static KeyRange under(List<String> prefix) {
    return new KeyRange(key(prefix), after(prefix));
  }

  /** The least key that is greater than all lists that start with these segments. */
  static Key after(List<String> prefix) {
    var out = new ByteArrayOutputStream(64);
    prefix.forEach(segment -> write(segment, out));
    out.write(ESCAPED);
    return Key.over(out.toByteArray());
  }

  private static void write(String segment, ByteArrayOutputStream out) {
    byte[] utf8 = segment.getBytes(StandardCharsets.UTF_8);
    int from = 0;
    for (int i = 0; i < utf8.length; i++) {
      if (utf8[i] == END) {
        out.write(utf8, from, i + 1 - from);
        out.write(ESCAPED);
        from = i + 1;
      } else if (utf8[i] == REPLACED) {
        requireUnicode(segment);
      }
    }
    out.write(utf8, from, utf8.length - from);
    out.write(END);
  }

  private static void requireUnicode(String segment) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(segment)) {
      throw new IllegalArgumentException("a key segment is not valid Unicode");
    }
  }

  /** The list of a key made by {@link #key}. */
  static List<String> parse(Key key) {
    return parse(key, 0);
  }

  /** The row's part of a key made by {@link #indexKey}. */
  static List<String> parseRow(Key key) {
    return parse(key, rowMark(key) + 1);
  }

  /** What is looked up by a key made by {@link #indexKey}. */
  static List<String> parseIndex(Key key) {
    return parse(Key.over(Arrays.copyOf(key.bytes(), rowMark(key))), 0);
  }

  private static int rowMark(Key key) {
    for (int i = 0; i < key.length(); i++) {
      if (key.at(i) == (byte) ROW) {
        return i;
      }
    }
    throw new IllegalArgumentException("not an index key");
  }

  /** The first {@code count} segments of a row key or an index key. */
  static List<String> parsePrefix(Key key, int count) {
    int ends = 0;
    for (int i = 0; i < key.length(); i++) {
      boolean escaped = i + 1 < key.length() && key.at(i + 1) == (byte) ESCAPED;
      if (key.at(i) == END && !escaped && ++ends == count) {
        return parse(Key.of(Arrays.copyOf(key.bytes(), i + 1)), 0);
      }
    }
    throw new IllegalArgumentException("not a key of " + count + " segments");
  }

  /**
   * The keys of all beginnings, of {@code least} segments or more, of what an index has a key by.
   */
  static List<Key> prefixes(Key key, int least) {
    byte[] bytes = key.bytes();
    var found = new ArrayList<Key>();
    int ends = 0;
    for (int i = 0; i < bytes.length && bytes[i] != (byte) ROW; i++) {
      boolean escaped = i + 1 < bytes.length && bytes[i + 1] == (byte) ESCAPED;
      if (bytes[i] == END && !escaped && ++ends >= least) {
        found.add(Key.over(Arrays.copyOf(bytes, i + 1)));
      }
    }
    return found;
  }

  private static List<String> parse(Key key, int start) {
    var segments = new ArrayList<String>();
    var segment = new ByteArrayOutputStream(32);
    for (int i = start; i < key.length(); i++) {
      byte b = key.at(i);
      if (b != END) {
        segment.write(b);
      } else if (i + 1 < key.length() && key.at(i + 1) == (byte) ESCAPED) {
        segment.write(END);
        i++;
      } else {
        segments.add(segment.toString(StandardCharsets.UTF_8));
        segment.reset();
      }
    }
    if (segment.size() != 0) {
      throw new IllegalArgumentException("not a key of segments");
    }
    return List.copyOf(segments);
  }
}
