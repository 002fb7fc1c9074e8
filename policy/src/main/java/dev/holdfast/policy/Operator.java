// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A condition operator, without set prefix and {@code IfExists}.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html">Condition
 *     operators</a>
 */
enum Operator {
  STRING_EQUALS("StringEquals", Type.EXACT, false),
  STRING_NOT_EQUALS("StringNotEquals", Type.EXACT, true),
  STRING_EQUALS_IGNORE_CASE("StringEqualsIgnoreCase", Type.FOLDED, false),
  STRING_NOT_EQUALS_IGNORE_CASE("StringNotEqualsIgnoreCase", Type.FOLDED, true),
  STRING_LIKE("StringLike", Type.LIKE, false),
  STRING_NOT_LIKE("StringNotLike", Type.LIKE, true),
  NUMERIC_EQUALS("NumericEquals", Type.NUMBER, false),
  NUMERIC_NOT_EQUALS("NumericNotEquals", Type.NUMBER, true),
  NUMERIC_LESS_THAN("NumericLessThan", Type.NUMBER, Relation.LESS),
  NUMERIC_LESS_THAN_EQUALS("NumericLessThanEquals", Type.NUMBER, Relation.LESS_OR_EQUAL),
  NUMERIC_GREATER_THAN("NumericGreaterThan", Type.NUMBER, Relation.GREATER),
  NUMERIC_GREATER_THAN_EQUALS("NumericGreaterThanEquals", Type.NUMBER, Relation.GREATER_OR_EQUAL),
  DATE_EQUALS("DateEquals", Type.DATE, false),
  DATE_NOT_EQUALS("DateNotEquals", Type.DATE, true),
  DATE_LESS_THAN("DateLessThan", Type.DATE, Relation.LESS),
  DATE_LESS_THAN_EQUALS("DateLessThanEquals", Type.DATE, Relation.LESS_OR_EQUAL),
  DATE_GREATER_THAN("DateGreaterThan", Type.DATE, Relation.GREATER),
  DATE_GREATER_THAN_EQUALS("DateGreaterThanEquals", Type.DATE, Relation.GREATER_OR_EQUAL),
  BOOL("Bool", Type.BOOL, false),
  BINARY_EQUALS("BinaryEquals", Type.BINARY, false),
  IP_ADDRESS("IpAddress", Type.IP, false),
  NOT_IP_ADDRESS("NotIpAddress", Type.IP, true),
  ARN_EQUALS("ArnEquals", Type.ARN, false),
  ARN_LIKE("ArnLike", Type.ARN, false),
  ARN_NOT_EQUALS("ArnNotEquals", Type.ARN, true),
  ARN_NOT_LIKE("ArnNotLike", Type.ARN, true),
  NULL("Null", Type.NULL, false);

  /** What the values are read as. */
  enum Type {
    EXACT,
    FOLDED,
    LIKE,
    NUMBER,
    DATE,
    BOOL,
    BINARY,
    IP,
    ARN,
    NULL
  }

  /** How a request value must stand to a policy value. */
  enum Relation {
    EQUAL,
    LESS,
    LESS_OR_EQUAL,
    GREATER,
    GREATER_OR_EQUAL;

    boolean holds(int comparison) {
      return switch (this) {
        case EQUAL -> comparison == 0;
        case LESS -> comparison < 0;
        case LESS_OR_EQUAL -> comparison <= 0;
        case GREATER -> comparison > 0;
        case GREATER_OR_EQUAL -> comparison >= 0;
      };
    }
  }

  private static final Map<String, Operator> BY_WORD = new HashMap<>();

  static {
    for (Operator operator : values()) {
      BY_WORD.put(operator.word, operator);
    }
  }

  private final String word;
  private final Type type;
  private final boolean negated;
  private final Relation relation;

  Operator(String word, Type type, boolean negated) {
    this.word = word;
    this.type = type;
    this.negated = negated;
    this.relation = Relation.EQUAL;
  }

  Operator(String word, Type type, Relation relation) {
    this.word = word;
    this.type = type;
    this.negated = false;
    this.relation = relation;
  }

  static @Nullable Operator of(String word) {
    return BY_WORD.get(word);
  }

  Type type() {
    return type;
  }

  /** Whether no policy value may hold, instead of one. */
  boolean negated() {
    return negated;
  }

  Relation relation() {
    return relation;
  }
}
