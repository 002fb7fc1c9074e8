// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import java.util.regex.Pattern;

/** Words of a POSIX shell command line. */
public final class Shell {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=@%+,-]+");

  private Shell() {}

  /** The text as one shell word, quoted only where it must be. */
  public static String quote(String text) {
    return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
  }

  /** A line that exports one variable. */
  static String export(String name, String value) {
    return "export " + name + "=" + quote(value);
  }
}
