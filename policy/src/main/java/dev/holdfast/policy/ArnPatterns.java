// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

import dev.holdfast.policy.Comparison.Outcome;
import java.util.List;

/**
 * The values of an Arn condition: six parts, each matched on its own, wildcards never crossing a
 * colon; the sixth part holds all further colons.
 */
final class ArnPatterns implements Comparison {
  private static final int COLONS = 5;

  private final List<Template> templates;

  private ArnPatterns(List<Template> templates) {
    this.templates = List.copyOf(templates);
  }

  /**
   * Compiles the values; {@code *} alone stands for every ARN.
   *
   * @throws MalformedPolicy where one without variables does not have six parts
   */
  static ArnPatterns of(List<Template> templates) {
    for (Template template : templates) {
      int[] tokens = template.tokens();
      if (template.constant() && !any(tokens) && !sixParts(tokens)) {
        throw MalformedPolicy.syntax("a condition value is no ARN");
      }
    }
    return new ArnPatterns(templates);
  }

  private static boolean any(int[] tokens) {
    return tokens.length == 1 && tokens[0] == Glob.RUN;
  }

  private static boolean sixParts(int[] tokens) {
    int colons = 0;
    for (int token : tokens) {
      colons += token == ':' ? 1 : 0;
    }
    return colons >= COLONS;
  }

  private static boolean sixParts(String value) {
    int colons = 0;
    for (int i = 0; i < value.length(); i++) {
      colons += value.charAt(i) == ':' ? 1 : 0;
    }
    return colons >= COLONS;
  }

  @Override
  public Outcome compare(String value, Context context) {
    if (!value.startsWith("arn:") || !sixParts(value)) {
      return Outcome.UNREADABLE;
    }
    Outcome outcome = Outcome.FAILS;
    for (int i = 0; i < templates.size(); i++) {
      int[] tokens = templates.get(i).resolve(context);
      if (tokens == null) {
        continue;
      }
      if (any(tokens) || matches(tokens, value)) {
        return Outcome.HOLDS;
      }
      if (!sixParts(tokens)) {
        outcome = Outcome.UNREADABLE; // a variable's value made it none
      }
    }
    return outcome;
  }

  private static boolean matches(int[] tokens, String value) {
    int token = 0;
    int at = 0;
    for (int part = 0; part < COLONS; part++) {
      int tokenEnd = token;
      while (tokenEnd < tokens.length && tokens[tokenEnd] != ':') {
        tokenEnd++;
      }
      int end = value.indexOf(':', at);
      if (tokenEnd == tokens.length || !Glob.matches(tokens, token, tokenEnd, value, at, end)) {
        return false;
      }
      token = tokenEnd + 1;
      at = end + 1;
    }
    return Glob.matches(tokens, token, tokens.length, value, at, value.length());
  }
}
