// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kit;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Which word somebody meant who wrote another. */
public final class Spelling {
  /** More letters than these are no slip. */
  private static final int MOST_SLIPS = 3;

  private Spelling() {}

  /**
   * The word nearest to what was written, case aside; empty where none is near: at most three
   * slips, and at most one for each three letters.
   */
  public static Optional<String> nearest(String written, Collection<String> words) {
    int most = Math.min(MOST_SLIPS, Math.max(1, written.length() / 3));
    return words.stream()
        .filter(word -> slips(lower(written), lower(word)) <= most)
        .min(
            Comparator.comparingInt((String word) -> slips(lower(written), lower(word)))
                .thenComparing(Comparator.naturalOrder()));
  }

  private static String lower(String word) {
    return word.toLowerCase(Locale.ROOT);
  }

  /** Letters left out, put in, mistaken or swapped with their neighbour (Damerau). */
  static int slips(String a, String b) {
    int[][] slips = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        slips[i][j] = i == 0 || j == 0 ? i + j : least(a, b, i, j, slips);
      }
    }
    return slips[a.length()][b.length()];
  }

  private static int least(String a, String b, int i, int j, int[][] slips) {
    int mistaken = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
    int least =
        Math.min(
            slips[i - 1][j - 1] + mistaken, Math.min(slips[i - 1][j] + 1, slips[i][j - 1] + 1));
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(least, slips[i - 2][j - 2] + 1) : least;
  }
}
