// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

import dev.holdfast.policy.Comparison.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One operator applied to one key.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html">Set
 *     operators</a>
 */
final class Condition {

  private enum Quantifier {
    NONE,
    FOR_ALL,
    FOR_ANY
  }

  private static final String IF_EXISTS = "IfExists";
  private static final String FOR_ALL = "ForAllValues:";
  private static final String FOR_ANY = "ForAnyValue:";

  private final String word;
  private final Operator operator;
  private final Quantifier quantifier;
  private final boolean ifExists;
  private final String name;
  private final String key;
  private final List<Template> templates;
  private final Comparison comparison;
  private final List<String> written;

  /**
   * Compiles a condition.
   *
   * @param word the operator as written, with set prefix and suffix
   * @param expand whether policy variables are known
   * @throws MalformedPolicy for an unknown operator or a value not of its type
   */
  Condition(String word, String name, List<String> values, boolean expand) {
    String rest = word;
    Quantifier set = Quantifier.NONE;
    if (rest.startsWith(FOR_ALL)) {
      set = Quantifier.FOR_ALL;
      rest = rest.substring(FOR_ALL.length());
    } else if (rest.startsWith(FOR_ANY)) {
      set = Quantifier.FOR_ANY;
      rest = rest.substring(FOR_ANY.length());
    }
    this.ifExists = rest.endsWith(IF_EXISTS);
    if (ifExists) {
      rest = rest.substring(0, rest.length() - IF_EXISTS.length());
    }
    Operator found = Operator.of(rest);
    boolean plain = set == Quantifier.NONE && !ifExists;
    if (found == null || (found == Operator.NULL && !plain)) {
      throw new MalformedPolicy(
          "Invalid Condition type : " + word + ".", "an unknown condition operator");
    }
    this.word = word;
    this.operator = found;
    this.quantifier = set;
    this.name = name;
    this.key = Context.fold(name);
    this.templates = templates(found, values, expand);
    this.comparison = Comparison.of(found, templates, values);
    this.written = List.copyOf(values);
  }

  private static List<Template> templates(Operator op, List<String> values, boolean expand) {
    var templates = new ArrayList<Template>();
    boolean wildcards = op.type() == Operator.Type.LIKE || op.type() == Operator.Type.ARN;
    boolean text =
        wildcards || op.type() == Operator.Type.EXACT || op.type() == Operator.Type.FOLDED;
    for (String value : text ? values : List.<String>of()) {
      templates.add(Template.parse(value, expand, wildcards));
    }
    return List.copyOf(templates);
  }

  /** The operator as written. */
  String word() {
    return word;
  }

  /** The key as written. */
  String name() {
    return name;
  }

  /** The values as written. */
  List<String> written() {
    return written;
  }

  List<Template> templates() {
    return templates;
  }

  /** Whether this holds for some texts and not for all others: it says what they are. */
  boolean tellsTexts() {
    boolean texts =
        switch (operator.type()) {
          case EXACT, FOLDED, LIKE -> !operator.negated();
          case NUMBER, DATE, BOOL, BINARY, IP, ARN, NULL -> false;
        };
    return texts && written.stream().noneMatch(Condition::anything);
  }

  private static boolean anything(String value) {
    return value.chars().allMatch(c -> c == '*' || c == '?');
  }

  /** Whether another condition holds exactly where this one does, as it is written alike. */
  boolean same(Condition other) {
    if (!word.equals(other.word)
        || !key.equals(other.key)
        || !written.equals(other.written)
        || templates.size() != other.templates.size()) {
      return false;
    }
    for (int i = 0; i < templates.size(); i++) {
      if (!templates.get(i).same(other.templates.get(i))) {
        return false; // read by another version of the language
      }
    }
    return true;
  }

  boolean holds(Context context) {
    List<String> values = context.values(key);
    boolean absent = values == null || values.isEmpty();
    if (operator == Operator.NULL) {
      String isNull = absent || empty(values) ? "true" : "false";
      return comparison.compare(isNull, context) == Outcome.HOLDS;
    }
    // ForAnyValue wants a value, and IfExists does not change that: so AWS answers, whatever the
    // sentence on IfExists lets one expect.
    if (absent && ifExists && quantifier != Quantifier.FOR_ANY) {
      return true;
    }
    return switch (quantifier) {
      case NONE -> {
        if (absent) {
          yield operator.negated();
        }
        yield operator.negated() ? all(values, context) : any(values, context);
      }
      case FOR_ALL -> absent || empty(values) || all(values, context);
      case FOR_ANY -> !absent && !empty(values) && any(values, context);
    };
  }

  /** Whether the key is there without content, which AWS treats like null. */
  private static boolean empty(@Nullable List<String> values) {
    if (values != null) {
      for (int i = 0; i < values.size(); i++) {
        if (!values.get(i).isEmpty()) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean any(@Nullable List<String> values, Context context) {
    for (int i = 0; values != null && i < values.size(); i++) {
      if (satisfied(values.get(i), context)) {
        return true;
      }
    }
    return false;
  }

  private boolean all(@Nullable List<String> values, Context context) {
    for (int i = 0; values != null && i < values.size(); i++) {
      if (!satisfied(values.get(i), context)) {
        return false;
      }
    }
    return true;
  }

  private boolean satisfied(String value, Context context) {
    return comparison.compare(value, context)
        == (operator.negated() ? Outcome.FAILS : Outcome.HOLDS);
  }
}
