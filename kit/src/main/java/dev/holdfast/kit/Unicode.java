// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kit;

/** Keeps texts such that they can be written as UTF-8, which has no half of a surrogate pair. */
public final class Unicode {
  private Unicode() {}

  /** The first {@code most} characters, or one less where the cut would go through a pair. */
  public static String cut(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    boolean through = most > 0 && Character.isHighSurrogate(text.charAt(most - 1));
    return text.substring(0, through ? most - 1 : most);
  }

  /** The text with each half of a surrogate pair replaced by U+FFFD; mostly the text itself. */
  public static String writable(String text) {
    StringBuilder mended = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        mended = mended == null ? new StringBuilder(text) : mended;
        mended.setCharAt(i, '\uFFFD');
      }
    }
    return mended == null ? text : mended.toString();
  }
}
