// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The words of a command line, by the quoting rules of a POSIX shell; nothing is expanded.
 *
 * @see <a href="https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html">Shell
 *     command language, 2.2</a>
 */
public final class CommandWords {
  private final List<String> words = new ArrayList<>();
  private final StringBuilder word = new StringBuilder();
  private boolean begun;

  private CommandWords() {}

  /** The words, or empty where a quote is left open. */
  public static Optional<List<String>> of(String line) {
    return new CommandWords().read(line);
  }

  private Optional<List<String>> read(String line) {
    char quote = 0;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '\\' && quote != '\'') {
        if (i + 1 == line.length()) {
          return Optional.empty();
        }
        char next = line.charAt(++i);
        if (quote == '"' && "\"\\$`".indexOf(next) < 0) {
          word.append(c);
        }
        add(next);
      } else if (quote != 0) {
        quote = c == quote ? 0 : add(c, quote);
      } else if (c == '\'' || c == '"') {
        quote = c;
        begun = true;
      } else if (Character.isWhitespace(c)) {
        end();
      } else {
        add(c);
      }
    }
    end();
    return quote == 0 ? Optional.of(List.copyOf(words)) : Optional.empty();
  }

  private void add(char c) {
    word.append(c);
    begun = true;
  }

  private char add(char c, char quote) {
    add(c);
    return quote;
  }

  private void end() {
    if (begun) {
      words.add(word.toString());
      word.setLength(0);
      begun = false;
    }
  }
}
