// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.logs;

import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * What the first line of an event looks like. An expression that takes too long over a line does
 * not match it: both are the task's own, and neither may keep the agent busy.
 *
 * @see <a href="https://docs.docker.com/engine/logging/drivers/awslogs/">The awslogs driver's
 *     options</a>
 */
public record EventStart(Pattern pattern) {
  /** Looks at characters for a line; a plain expression takes some for each. */
  private static final int MOST_LOOKS = 200_000;

  private static final Map<Character, String> TIMES =
      Map.ofEntries(
          Map.entry('A', "(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"),
          Map.entry('a', "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"),
          Map.entry(
              'B',
              "(?:January|February|March|April|May|June|July|August|September|October|November|December)"),
          Map.entry('b', "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"),
          Map.entry('d', "\\d{2}"),
          Map.entry('f', "\\d{6}"),
          Map.entry('H', "\\d{2}"),
          Map.entry('I', "\\d{2}"),
          Map.entry('j', "\\d{3}"),
          Map.entry('L', "\\.\\d{3}"),
          Map.entry('M', "\\d{2}"),
          Map.entry('m', "\\d{2}"),
          Map.entry('p', "(?:AM|PM)"),
          Map.entry('S', "\\d{2}"),
          Map.entry('w', "\\d"),
          Map.entry('Y', "\\d{4}"),
          Map.entry('y', "\\d{2}"),
          Map.entry('Z', "[A-Z]{1,5}T"),
          Map.entry('z', "[+-]\\d{4}"),
          Map.entry('%', "%"));

  /** The start that one of two options tells, or null where there is none. */
  static @Nullable EventStart of(@Nullable String multiline, @Nullable String datetime) {
    String text = multiline == null && datetime != null ? expression(datetime) : multiline;
    if (text == null || text.isEmpty()) {
      return null;
    }
    try {
      return new EventStart(Pattern.compile(text));
    } catch (PatternSyntaxException _) {
      return null;
    }
  }

  /** The expression for a format of {@code strftime}. */
  static String expression(String format) {
    var expression = new StringBuilder();
    for (int i = 0; i < format.length(); i++) {
      char c = format.charAt(i);
      String time = c == '%' && i + 1 < format.length() ? TIMES.get(format.charAt(i + 1)) : null;
      if (time != null) {
        expression.append(time);
        i++;
      } else {
        expression.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return expression.toString();
  }

  /** Whether a line begins an event. */
  boolean begins(String line) {
    try {
      return pattern.matcher(new Watched(line, new int[1])).find();
    } catch (Watched.TooLong | StackOverflowError _) {
      return false;
    }
  }

  /** A text that is looked at so often and no more. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Watched(String text, int[] looks) implements CharSequence {

    /** It was looked at too often. */
    static final class TooLong extends RuntimeException {
      private static final long serialVersionUID = 1;

      TooLong() {
        super("too long", null, false, false);
      }
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      if (++looks[0] > MOST_LOOKS) {
        throw new TooLong();
      }
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.subSequence(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
