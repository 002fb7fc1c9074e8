// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli.daily;

import dev.holdfast.kit.Printable;
import java.util.ArrayList;
import java.util.List;

/** Rows of words in columns, as wide as they need to be or as the terminal is. */
final class Columns {
  /** No column is made narrower, and the first one, which is an id, not at all. */
  private static final int NARROWEST = 4;

  private static final String GAP = "  ";

  private final List<List<String>> rows = new ArrayList<>();

  Columns(String... head) {
    rows.add(List.of(head));
  }

  /** Adds a row; each word is shown harmless, on one line. */
  void add(List<String> words) {
    if (words.size() != rows.getFirst().size()) {
      throw new IllegalArgumentException("a row has as many words as the head");
    }
    rows.add(words.stream().map(w -> w.isEmpty() ? "-" : Printable.line(w)).toList());
  }

  boolean isEmpty() {
    return rows.size() == 1;
  }

  /**
   * The table.
   *
   * @param width of the terminal; 0 for whole words, whatever they need
   */
  String text(int width) {
    int[] widths = widths();
    if (width > 0) {
      fit(widths, width);
    }
    var text = new StringBuilder();
    for (List<String> row : rows) {
      var line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        String word = clipped(row.get(i), widths[i]);
        line.append(word);
        if (i < row.size() - 1) {
          line.repeat(' ', widths[i] - word.length()).append(GAP);
        }
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  private int[] widths() {
    int[] widths = new int[rows.getFirst().size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    return widths;
  }

  /** Takes from the widest column, again and again. */
  private static void fit(int[] widths, int width) {
    int whole = GAP.length() * (widths.length - 1);
    for (int w : widths) {
      whole += w;
    }
    while (whole > width) {
      int widest = 1;
      for (int i = 2; i < widths.length; i++) {
        widest = widths[i] > widths[widest] ? i : widest;
      }
      if (widths[widest] <= NARROWEST) {
        return;
      }
      widths[widest]--;
      whole--;
    }
  }

  private static String clipped(String word, int width) {
    if (word.length() <= width) {
      return word;
    }
    int end = width - 1;
    if (end > 0 && Character.isHighSurrogate(word.charAt(end - 1))) {
      end--;
    }
    return word.substring(0, end) + "~";
  }
}
