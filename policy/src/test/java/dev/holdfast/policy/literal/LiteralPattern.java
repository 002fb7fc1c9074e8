// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy.literal;

import dev.holdfast.policy.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A text of a policy after its variables are replaced: characters that stand for themselves, and
 * wildcards.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html">Variables
 *     and tags</a>
 */
record LiteralPattern(List<Token> tokens) {
  /** {@code *}, {@code ?}, or one character. */
  record Token(Sort sort, char character) {}

  enum Sort {
    MANY,
    ONE,
    SELF,
    /** Itself, from a variable's value. */
    VALUE
  }

  private static final Pattern WITH_DEFAULT = Pattern.compile("([^,]*), *'(.*)'");

  /** The pattern, or null where a variable has neither a value nor a default. */
  static @Nullable LiteralPattern of(
      String text, boolean variables, Context context, Set<Mutant> mutants) {
    var tokens = new ArrayList<Token>();
    int at = 0;
    while (at < text.length()) {
      int end = text.indexOf('}', at);
      if (variables && text.startsWith("${", at) && end > 0) {
        String inside = text.substring(at + 2, end);
        String value = value(inside, context, mutants);
        if (value == null) {
          return null;
        }
        boolean pattern =
            mutants.contains(Mutant.VARIABLE_VALUE_IS_A_PATTERN) && !inside.matches("[*?$]");
        for (int i = 0; i < value.length(); i++) {
          char c = value.charAt(i);
          tokens.add(pattern ? token(c) : new Token(Sort.VALUE, c));
        }
        at = end + 1;
      } else {
        tokens.add(token(text.charAt(at)));
        at++;
      }
    }
    return new LiteralPattern(tokens);
  }

  /** Each variable ends, has a name, and its default is in single quotes. */
  static void requireVariables(String text) {
    int at = text.indexOf("${");
    while (at >= 0) {
      int end = text.indexOf('}', at);
      LiteralGrammar.require(end > 0, "a variable without end");
      String inside = text.substring(at + 2, end);
      boolean named = !inside.isEmpty() && !inside.contains(",");
      LiteralGrammar.require(named || WITH_DEFAULT.matcher(inside).matches(), "a variable");
      at = text.indexOf("${", end);
    }
  }

  private static Token token(char c) {
    return new Token(c == '*' ? Sort.MANY : c == '?' ? Sort.ONE : Sort.SELF, c);
  }

  private static @Nullable String value(String inside, Context context, Set<Mutant> mutants) {
    if (inside.equals("*") || inside.equals("?") || inside.equals("$")) {
      return inside;
    }
    String key = inside;
    String otherwise = null;
    Matcher matcher = WITH_DEFAULT.matcher(inside);
    if (matcher.matches()) {
      key = matcher.group(1);
      otherwise = mutants.contains(Mutant.DEFAULT_IGNORED) ? null : matcher.group(2);
    }
    List<String> values = context.values(key.toLowerCase(Locale.ROOT));
    // The empty text is no value: "the value is effectively null".
    return values != null && values.size() == 1 && !values.getFirst().isEmpty()
        ? values.getFirst()
        : otherwise;
  }

  /** The text itself, where wildcards are characters like any other. */
  String text() {
    var text = new StringBuilder();
    tokens.forEach(token -> text.append(token.character()));
    return text.toString();
  }

  /** Whether all of a text matches, wildcards over whatever there is. */
  boolean matches(String text) {
    return matches(0, text, 0);
  }

  private boolean matches(int at, String text, int here) {
    if (at == tokens.size()) {
      return here == text.length();
    }
    Token token = tokens.get(at);
    if (token.sort() == Sort.MANY) {
      return matches(at + 1, text, here) || (here < text.length() && matches(at, text, here + 1));
    }
    return here < text.length()
        && (token.sort() == Sort.ONE || token.character() == text.charAt(here))
        && matches(at + 1, text, here + 1);
  }

  /** The six parts between the first five colons; fewer where there are fewer colons. */
  List<LiteralPattern> parts() {
    var parts = new ArrayList<LiteralPattern>();
    var part = new ArrayList<Token>();
    for (Token token : tokens) {
      boolean self = token.sort() == Sort.SELF || token.sort() == Sort.VALUE;
      if (self && token.character() == ':' && parts.size() < 5) {
        parts.add(new LiteralPattern(List.copyOf(part)));
        part.clear();
      } else {
        part.add(token);
      }
    }
    parts.add(new LiteralPattern(List.copyOf(part)));
    return parts;
  }

  /** Whether each of six parts matches the same part of an ARN. */
  boolean matchesArn(String arn) {
    List<LiteralPattern> parts = parts();
    String[] others = arn.split(":", 6);
    if (parts.size() != 6 || others.length != 6) {
      return false;
    }
    for (int i = 0; i < 6; i++) {
      if (!parts.get(i).matches(others[i])) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether a resource matches: wildcards stay between the colons that separate parts, save that an
   * asterisk at the end of a part may run over them.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html">Resource</a>
   */
  boolean matchesResource(String arn, Set<Mutant> mutants) {
    return resource(0, fifthColon(), arn, 0, mutants);
  }

  private boolean resource(int at, int fifth, String arn, int here, Set<Mutant> mutants) {
    if (at == tokens.size()) {
      return here == arn.length();
    }
    Token token = tokens.get(at);
    boolean colon = here < arn.length() && arn.charAt(here) == ':';
    boolean last = at > fifth;
    if (token.sort() == Sort.MANY) {
      boolean ends = at + 1 == tokens.size() || isColon(tokens.get(at + 1));
      boolean stops = mutants.contains(Mutant.RESOURCE_STAR_STOPS_AT_COLONS);
      boolean over = last || (ends && !stops);
      return resource(at + 1, fifth, arn, here, mutants)
          || (here < arn.length()
              && (over || !colon)
              && resource(at, fifth, arn, here + 1, mutants));
    }
    if (here == arn.length()) {
      return false;
    }
    if (token.sort() == Sort.ONE) {
      return (last || !colon) && resource(at + 1, fifth, arn, here + 1, mutants);
    }
    return token.character() == arn.charAt(here) && resource(at + 1, fifth, arn, here + 1, mutants);
  }

  /** Where the pattern's last part begins; beyond the end where it has fewer. */
  private int fifthColon() {
    int colons = 0;
    for (int i = 0; i < tokens.size(); i++) {
      colons += isColon(tokens.get(i)) ? 1 : 0;
      if (colons == 5) {
        return i;
      }
    }
    return tokens.size();
  }

  private static boolean isColon(Token token) {
    return token.sort() == Sort.SELF && token.character() == ':';
  }

  /** An entry of Resource: an asterisk, or an ARN whose service is spelled out. */
  static void requireResource(String text, boolean variables) {
    if (text.equals("*")) {
      return;
    }
    LiteralGrammar.require(text.startsWith("arn:"), "a resource is an ARN");
    LiteralGrammar.require(
        !text.matches("(?s)arn:(?!aws:|aws$)[^:*?$]*(:.*)?"), "of another partition");
    LiteralGrammar.require(!text.matches("(?s)arn:[^:]*:iam:[^:*?$]+:.*"), "a region of IAM");
    if (variables) {
      requireVariables(text);
    }
    int colons = 0;
    boolean open = false;
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (variables && text.startsWith("${", at)) {
        int end = text.indexOf('}', at);
        LiteralGrammar.require(end > 0, "a variable without end");
        boolean special = text.substring(at + 2, end).matches("[*?$]");
        LiteralGrammar.require(special || colons >= 5 || open, "a variable too early");
        at = end + 1;
        continue;
      }
      boolean ends = at + 1 == text.length() || text.charAt(at + 1) == ':';
      LiteralGrammar.require(colons != 2 || (c != '*' && c != '?'), "a wildcard for a service");
      open |= c == '*' && ends;
      colons += c == ':' ? 1 : 0;
      at++;
    }
    LiteralGrammar.require(colons >= 5 || (colons >= 2 && open), "too short an ARN");
  }
}
