// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kit;

/** Texts that can be written as UTF-8: without a half of a surrogate pair. */
public final class Unicode {
  private Unicode() {}

  /** Whether each surrogate stands in a pair. */
  public static boolean isWhole(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (!Character.isHighSurrogate(text.charAt(i))
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  /** The first {@code most} characters, or one less where the cut would go through a pair. */
  public static String cut(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    boolean through = most > 0 && Character.isHighSurrogate(text.charAt(most - 1));
    return text.substring(0, through ? most - 1 : most);
  }
}
