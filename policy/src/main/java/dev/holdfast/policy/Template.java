// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A policy value with its wildcards and policy variables taken apart.
 *
 * <p>{@code ${key}} and {@code ${key, 'default'}} stand for a value of the request; {@code ${*}},
 * {@code ${?}} and {@code ${$}} for those characters. A substituted value is literal text.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html">Policy
 *     variables</a>
 */
final class Template {
  /** Tokens from here downwards are variables: {@code VARIABLE - index}. */
  private static final int VARIABLE = -16;

  /**
   * A variable.
   *
   * @param name as written
   * @param key the folded name
   */
  record Variable(String name, String key, @Nullable String fallback) {}

  private final int[] tokens;
  private final List<Variable> variables;

  private Template(int[] tokens, List<Variable> variables) {
    this.tokens = tokens;
    this.variables = List.copyOf(variables);
  }

  /**
   * Takes a value apart.
   *
   * @param expand whether variables are known, as from version 2012-10-17 on
   * @param wildcards whether {@code *} and {@code ?} are wildcards
   * @throws MalformedPolicy for a variable without end
   */
  static Template parse(String text, boolean expand, boolean wildcards) {
    int[] tokens = new int[text.length()];
    int size = 0;
    var variables = new ArrayList<Variable>();
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      int token = c;
      if (expand && c == '$' && text.startsWith("{", at + 1)) {
        int end = text.indexOf('}', at + 2);
        if (end < 0) {
          throw MalformedPolicy.syntax("a policy variable is not closed");
        }
        String inner = text.substring(at + 2, end);
        if (inner.equals("*") || inner.equals("?") || inner.equals("$")) {
          token = inner.charAt(0);
        } else {
          token = VARIABLE - variables.size();
          variables.add(variable(inner));
        }
        at = end;
      } else if (wildcards && c == '*') {
        token = Glob.RUN;
      } else if (wildcards && c == '?') {
        token = Glob.ONE;
      }
      if (token != Glob.RUN || size == 0 || tokens[size - 1] != Glob.RUN) {
        tokens[size++] = token;
      }
    }
    return new Template(Arrays.copyOf(tokens, size), variables);
  }

  private static Variable variable(String inner) {
    int comma = inner.indexOf(',');
    if (comma < 0) {
      String name = inner.strip();
      if (name.isEmpty()) {
        throw MalformedPolicy.syntax("a policy variable has no name");
      }
      return new Variable(name, Context.fold(name), null);
    }
    String name = inner.substring(0, comma).strip();
    String quoted = inner.substring(comma + 1).strip();
    if (name.isEmpty() || quoted.length() < 2 || !quoted.startsWith("'") || !quoted.endsWith("'")) {
      throw MalformedPolicy.syntax("a policy variable's default is not in single quotes");
    }
    return new Variable(name, Context.fold(name), quoted.substring(1, quoted.length() - 1));
  }

  boolean constant() {
    return variables.isEmpty();
  }

  /** Whether another template matches exactly what this one does, as it is written alike. */
  boolean same(Template other) {
    return Arrays.equals(tokens, other.tokens) && variables.equals(other.variables);
  }

  List<Variable> variables() {
    return variables;
  }

  /** The raw tokens; for a constant template the pattern itself. */
  int[] tokens() {
    return tokens;
  }

  static boolean isVariable(int token) {
    return token <= VARIABLE;
  }

  Template withTokens(int[] changed) {
    return new Template(changed, variables);
  }

  /** The tokens with each variable replaced, or null where one has neither value nor default. */
  int @Nullable [] resolve(Context context) {
    if (variables.isEmpty()) {
      return tokens;
    }
    int[] out = new int[tokens.length + 64];
    int size = 0;
    for (int token : tokens) {
      if (!isVariable(token)) {
        out = size == out.length ? Arrays.copyOf(out, size * 2) : out;
        out[size++] = token;
        continue;
      }
      String value = value(token, context);
      if (value == null) {
        return null;
      }
      if (size + value.length() > out.length) {
        out = Arrays.copyOf(out, (size + value.length()) * 2);
      }
      for (int i = 0; i < value.length(); i++) {
        out[size++] = value.charAt(i);
      }
    }
    return Arrays.copyOf(out, size);
  }

  /** The value of a token's variable; a key with several values, or an empty one, has none. */
  @Nullable String value(int token, Context context) {
    Variable variable = variables.get(VARIABLE - token);
    List<String> values = context.values(variable.key());
    if (values != null && values.size() == 1 && !values.getFirst().isEmpty()) {
      return values.getFirst();
    }
    return variable.fallback();
  }
}
