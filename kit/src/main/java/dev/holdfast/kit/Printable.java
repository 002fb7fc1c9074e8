// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kit;

import java.util.Locale;

/**
 * Text from elsewhere as it may be shown on a terminal or kept in a log: what moves a cursor, turns
 * the direction of writing, hides, or begins a line of its own is written out instead. What is
 * shown stays readable in any language.
 *
 * @see <a href="https://www.unicode.org/reports/tr36/">Unicode security considerations</a>
 */
public final class Printable {
  private Printable() {}

  /** Text as one line: a line feed becomes {@code \n}. */
  public static String line(String text) {
    return escaped(text, false);
  }

  /** Text that may have lines and tabs, and nothing else that acts. */
  public static String text(String text) {
    return escaped(text, true);
  }

  /** One line of at most so many characters; what is longer ends in three dots. */
  public static String clipped(String text, int longest) {
    String line = line(text.length() > longest ? text.substring(0, longest) : text);
    return text.length() > longest ? line + "..." : line;
  }

  /** Printable ASCII alone, as a header may hold it: anything else becomes a question mark. */
  public static String ascii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!ascii(text.charAt(i))) {
        var out = new StringBuilder(text.length()).append(text, 0, i);
        text.chars().skip(i).forEach(c -> out.append(ascii((char) c) ? (char) c : '?'));
        return out.toString();
      }
    }
    return text;
  }

  private static boolean ascii(char c) {
    return c >= ' ' && c <= '~';
  }

  /**
   * A JSON document, which stays the same document: what acts is written as JSON writes it, {@code
   * \}{@code u001b}.
   */
  public static String json(String document) {
    int first = firstActing(document, true);
    if (first < 0) {
      return document;
    }
    var out = new StringBuilder(document.length() + 16).append(document, 0, first);
    for (int i = first; i < document.length(); i++) {
      char c = document.charAt(i);
      boolean pair =
          Character.isHighSurrogate(c)
              && i + 1 < document.length()
              && Character.isLowSurrogate(document.charAt(i + 1));
      int point = pair ? document.codePointAt(i) : c;
      if (c == '\n' || c == '\t' || !acts(point)) {
        out.appendCodePoint(point);
      } else {
        for (char unit : Character.toChars(point)) {
          out.append(String.format(Locale.ROOT, "\\u%04x", (int) unit));
        }
      }
      i += pair ? 1 : 0;
    }
    return out.toString();
  }

  /** Whether a character does something else than show itself. */
  public static boolean acts(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.PRIVATE_USE ->
          true;
      default -> hidden(point);
    };
  }

  /** Letters by their class, blank or joined to what stands before by their looks. */
  private static boolean hidden(int point) {
    return point == 0x034F // combining grapheme joiner
        || point == 0x115F // Hangul fillers
        || point == 0x1160
        || point == 0x3164
        || point == 0xFFA0
        || point == 0x17B4 // Khmer inherent vowels
        || point == 0x17B5
        || (point >= 0xFE00 && point <= 0xFE0D) // variation selectors but those of emoji
        || (point >= 0xE0100 && point <= 0xE01EF);
  }

  /** How a character that acts is written. */
  public static String written(int point) {
    return switch (point) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      case 0x1B -> "\\e";
      default ->
          point <= 0xFF
              ? String.format(Locale.ROOT, "\\x%02x", point)
              : String.format(Locale.ROOT, "\\u{%x}", point);
    };
  }

  private static String escaped(String text, boolean lines) {
    int first = firstActing(text, lines);
    if (first < 0) {
      return text;
    }
    var out = new StringBuilder(text.length() + 16).append(text, 0, first);
    text.substring(first)
        .codePoints()
        .forEach(
            point -> {
              if ((lines && (point == '\n' || point == '\t')) || !acts(point)) {
                out.appendCodePoint(point);
              } else {
                out.append(written(point));
              }
            });
    return out.toString();
  }

  /** Where the first character that acts is, or -1: most text has none. */
  private static int firstActing(String text, boolean lines) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x20 && c < 0x7F) {
        continue;
      }
      if (lines && (c == '\n' || c == '\t')) {
        continue;
      }
      int point = text.codePointAt(i);
      if (acts(point)) {
        return i;
      }
      i += Character.charCount(point) - 1;
    }
    return -1;
  }
}
