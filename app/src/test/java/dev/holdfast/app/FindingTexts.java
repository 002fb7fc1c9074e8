// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The words of every finding that the sources of a check can report. */
final class FindingTexts {
  private static final Pattern CALL =
      Pattern.compile("(Finding\\s*\\.(lost|damage|note)|faults\\s*\\.add|new Flaw)\\(");
  private static final Pattern TEXT = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");

  private FindingTexts() {}

  /** All of a source file, in pieces as they are written there. */
  static List<String> in(Path source) throws IOException {
    String text = Files.readString(source);
    var found = new ArrayList<String>();
    Matcher call = CALL.matcher(text);
    while (call.find()) {
      Matcher literal = TEXT.matcher(arguments(text, call.end()));
      while (literal.find()) {
        for (String piece : literal.group(1).replace("\\\"", "\"").split("%[a-z]", -1)) {
          if (piece.strip().length() > 4 && piece.strip().contains(" ")) {
            found.add(piece.strip());
          }
        }
      }
    }
    return found;
  }

  /** What stands between a parenthesis and the one that closes it. */
  private static String arguments(String text, int start) {
    int depth = 1;
    boolean quoted = false;
    for (int i = start; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' && text.charAt(i - 1) != '\\') {
        quoted = !quoted;
      } else if (!quoted) {
        depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        if (depth == 0) {
          return text.substring(start, i);
        }
      }
    }
    throw new IllegalArgumentException("a call that does not end");
  }

  /** The sources of all modules that report findings of the state. */
  static List<Path> checks() throws IOException {
    var found = new ArrayList<Path>();
    try (Stream<Path> modules = Files.list(Path.of(".."))) {
      for (Path main :
          modules.map(m -> m.resolve("src/main/java")).filter(Files::isDirectory).toList()) {
        try (Stream<Path> files = Files.walk(main)) {
          files
              .filter(
                  f ->
                      f.toString().matches(".*/(\\w+Check|Verifier|Checks)\\.java")
                          && !f.toString().matches(".*/(DirectoryCheck|FileCheck)\\.java"))
              .forEach(found::add);
        }
      }
    }
    return found;
  }
}
