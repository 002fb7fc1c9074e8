// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kit;

/** Cuts texts so that they can still be written as UTF-8: never through a surrogate pair. */
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
}
