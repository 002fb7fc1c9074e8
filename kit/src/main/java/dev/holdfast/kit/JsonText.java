// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kit;

/**
 * Whether bytes can be the text of a JSON document, before its grammar is asked: UTF-8 in its one
 * form, without a byte order mark, and no escape that stands for half a character. A parser that is
 * lenient here reads what others read differently, and makes strings that cannot be written again.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8259#section-8">RFC 8259, section 8</a>
 */
final class JsonText {
  private static final int NONE = -1;

  private final byte[] bytes;
  private int at;

  private JsonText(byte[] bytes) {
    this.bytes = bytes;
  }

  static boolean wellFormed(byte[] bytes) {
    return new JsonText(bytes).holds();
  }

  private boolean holds() {
    if (byteAt(0) == 0xef && byteAt(1) == 0xbb && byteAt(2) == 0xbf) {
      return false;
    }
    while (at < bytes.length) {
      byte b = bytes[at];
      boolean fine = true;
      if (b == '\\') {
        fine = escape();
      } else if (b > 0) {
        at++;
      } else {
        fine = b != 0 && sequence(b & 0xff);
      }
      if (!fine) {
        return false;
      }
    }
    return true;
  }

  /** An escape; of other forms than {@code \}{@code uXXXX} the grammar knows more. */
  private boolean escape() {
    int unit = unit(at);
    if (unit == NONE) {
      at += 2;
      return true;
    }
    at += 6;
    if (!Character.isSurrogate((char) unit)) {
      return true;
    }
    int low = unit(at);
    if (Character.isLowSurrogate((char) unit)
        || low == NONE
        || !Character.isLowSurrogate((char) low)) {
      return false;
    }
    at += 6;
    return true;
  }

  /** The UTF-16 unit that is escaped at a place, or none. */
  private int unit(int from) {
    if (byteAt(from) != '\\' || byteAt(from + 1) != 'u') {
      return NONE;
    }
    int unit = 0;
    for (int i = from + 2; i < from + 6; i++) {
      int digit = Character.digit(Math.max(0, byteAt(i)), 16);
      if (digit < 0) {
        return NONE;
      }
      unit = unit << 4 | digit;
    }
    return unit;
  }

  /** A character of several bytes (The Unicode Standard, table 3-7). */
  private boolean sequence(int lead) {
    int length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    int least = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    int most = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    if (lead < 0xc2 || lead > 0xf4 || byteAt(at + 1) < least || byteAt(at + 1) > most) {
      return false;
    }
    for (int i = 2; i < length; i++) {
      if ((byteAt(at + i) & ~0x3f) != 0x80) {
        return false;
      }
    }
    at += length;
    return true;
  }

  private int byteAt(int index) {
    return index < bytes.length ? bytes[index] & 0xff : NONE;
  }
}
