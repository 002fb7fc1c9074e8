// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An expression of the cluster query language: which container instances are meant. As documented
 * by AWS: {@code subject operator argument}, joined by {@code and or not} and parentheses. Pure.
 */
public final class ClusterQuery {
  /** In characters. */
  private static final int LONGEST = 2000;

  /** What is asked about one instance. */
  private sealed interface Node {
    record Both(Node left, Node right) implements Node {}

    record Either(Node left, Node right) implements Node {}

    record Not(Node of) implements Node {}

    record Ask(
        Subject subject, Operator operator, List<String> arguments, @Nullable QueryPattern pattern)
        implements Node {}
  }

  /** What an instance is asked for; {@code name} of an attribute alone. */
  private record Subject(Kind kind, String name) {}

  private enum Kind {
    ATTRIBUTE,
    AGENT_CONNECTED,
    AGENT_VERSION,
    INSTANCE_ID,
    REGISTERED_AT,
    RUNNING,
    TASK_GROUP
  }

  private enum Operator {
    EQUALS,
    NOT_EQUALS,
    GREATER,
    GREATER_OR_EQUAL,
    LESS,
    LESS_OR_EQUAL,
    EXISTS,
    NOT_EXISTS,
    IN,
    NOT_IN,
    MATCHES,
    NOT_MATCHES;

    static Optional<Operator> of(String word) {
      return Optional.ofNullable(
          switch (word.toLowerCase(Locale.ROOT)) {
            case "==", "equals" -> EQUALS;
            case "!=", "not_equals" -> NOT_EQUALS;
            case ">", "greater_than" -> GREATER;
            case ">=", "greater_than_equal" -> GREATER_OR_EQUAL;
            case "<", "less_than" -> LESS;
            case "<=", "less_than_equal" -> LESS_OR_EQUAL;
            case "exists" -> EXISTS;
            case "!exists", "not_exists" -> NOT_EXISTS;
            case "in" -> IN;
            case "!in", "not_in" -> NOT_IN;
            case "=~", "matches" -> MATCHES;
            case "!~", "not_matches" -> NOT_MATCHES;
            default -> null;
          });
    }

    boolean list() {
      return this == IN || this == NOT_IN;
    }

    boolean bare() {
      return this == EXISTS || this == NOT_EXISTS;
    }

    boolean regular() {
      return this == MATCHES || this == NOT_MATCHES;
    }
  }

  private final Node root;

  private ClusterQuery(Node root) {
    this.root = root;
  }

  /** What is wrong with an expression, or empty. */
  public static Optional<String> fault(@Nullable String expression) {
    try {
      parse(expression);
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Reads an expression.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  public static ClusterQuery parse(@Nullable String expression) {
    if (expression == null || expression.isBlank()) {
      throw new IllegalArgumentException("The placement expression is empty.");
    }
    if (expression.length() > LONGEST) {
      throw new IllegalArgumentException(
          "The placement expression is longer than " + LONGEST + " characters.");
    }
    try {
      var parser = new Parser(new QueryTokens(expression));
      return new ClusterQuery(parser.whole());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "Invalid expression '" + expression + "': " + e.getMessage() + ".");
    }
  }

  /** Whether an instance is meant. */
  public boolean matches(InstanceFacts facts, boolean connected) {
    return holds(root, facts, connected);
  }

  private static boolean holds(Node node, InstanceFacts facts, boolean connected) {
    return switch (node) {
      case Node.Both(var left, var right) ->
          holds(left, facts, connected) && holds(right, facts, connected);
      case Node.Either(var left, var right) ->
          holds(left, facts, connected) || holds(right, facts, connected);
      case Node.Not(var of) -> !holds(of, facts, connected);
      case Node.Ask ask -> answer(ask, facts, connected);
    };
  }

  /** A group is asked of every task, and one that is there is enough. */
  private static boolean answer(Node.Ask ask, InstanceFacts facts, boolean connected) {
    if (ask.subject().kind() == Kind.TASK_GROUP) {
      return switch (ask.operator()) {
        case EXISTS -> !facts.groups().isEmpty();
        case NOT_EXISTS -> facts.groups().isEmpty();
        case NOT_EQUALS, NOT_IN, NOT_MATCHES ->
            facts.groups().keySet().stream().allMatch(g -> compare(ask, g));
        default -> facts.groups().keySet().stream().anyMatch(g -> compare(ask, g));
      };
    }
    String value = value(ask.subject(), facts, connected);
    return switch (ask.operator()) {
      case EXISTS -> value != null;
      case NOT_EXISTS -> value == null;
      case NOT_EQUALS, NOT_IN, NOT_MATCHES -> value == null || compare(ask, value);
      default -> value != null && compare(ask, value);
    };
  }

  private static @Nullable String value(Subject subject, InstanceFacts facts, boolean connected) {
    return switch (subject.kind()) {
      case ATTRIBUTE -> facts.attributes().get(subject.name());
      case AGENT_CONNECTED -> Boolean.toString(connected);
      case AGENT_VERSION -> facts.agentVersion();
      case INSTANCE_ID -> facts.id();
      case REGISTERED_AT ->
          facts.registeredAt() == null ? null : String.valueOf(facts.registeredAt());
      case RUNNING -> Integer.toString(facts.running());
      case TASK_GROUP -> null;
    };
  }

  private static boolean compare(Node.Ask ask, String value) {
    QueryPattern pattern = ask.pattern();
    if (pattern != null) {
      return pattern.matches(value) == (ask.operator() == Operator.MATCHES);
    }
    if (ask.operator().list()) {
      return ask.arguments().stream().anyMatch(a -> order(ask.subject().kind(), value, a) == 0)
          == (ask.operator() == Operator.IN);
    }
    int order = order(ask.subject().kind(), value, ask.arguments().getFirst());
    return switch (ask.operator()) {
      case EQUALS -> order == 0;
      case NOT_EQUALS -> order != 0;
      case GREATER -> order > 0;
      case GREATER_OR_EQUAL -> order >= 0;
      case LESS -> order < 0;
      default -> order <= 0;
    };
  }

  /** How two values stand to each other: as numbers, versions or times where they are such. */
  private static int order(Kind kind, String left, String right) {
    if (kind == Kind.REGISTERED_AT) {
      Instant one = instant(left);
      Instant other = instant(right);
      return one == null || other == null ? left.compareTo(right) : one.compareTo(other);
    }
    if (numeric(left) && numeric(right)) {
      String[] ones = left.split("\\.", -1);
      String[] others = right.split("\\.", -1);
      for (int i = 0; i < Math.max(ones.length, others.length); i++) {
        int order =
            Long.compare(
                i < ones.length ? Long.parseLong(ones[i]) : 0,
                i < others.length ? Long.parseLong(others[i]) : 0);
        if (order != 0) {
          return order;
        }
      }
      return 0;
    }
    return left.compareTo(right);
  }

  private static boolean numeric(String text) {
    return text.matches("[0-9]{1,9}(\\.[0-9]{1,9}){0,5}");
  }

  private static @Nullable Instant instant(String text) {
    try {
      return text.endsWith("Z") ? Instant.parse(text) : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException _) {
      return null;
    }
  }

  /** Reads tokens by recursive descent. */
  private static final class Parser {
    /** Parentheses in parentheses; each is a few frames of the stack. */
    private static final int DEEPEST = 50;

    private final QueryTokens tokens;
    private int depth;

    Parser(QueryTokens tokens) {
      this.tokens = tokens;
    }

    Node whole() {
      Node node = either();
      if (!tokens.ended()) {
        throw new IllegalArgumentException("unexpected '" + tokens.next().text() + "'");
      }
      return node;
    }

    private Node either() {
      Node node = both();
      while (tokens.take("||", "or")) {
        node = new Node.Either(node, both());
      }
      return node;
    }

    private Node both() {
      Node node = not();
      while (tokens.take("&&", "and")) {
        node = new Node.Both(node, not());
      }
      return node;
    }

    private Node not() {
      int before = depth;
      boolean negated = false;
      while (tokens.take("!", "not")) {
        negated = !negated;
      }
      Node node;
      if (tokens.take("(", "(")) {
        if (++depth > DEEPEST) {
          throw new IllegalArgumentException("parentheses nest too deep");
        }
        node = either();
        if (!tokens.take(")", ")")) {
          throw new IllegalArgumentException("a parenthesis has no end");
        }
      } else {
        node = ask();
      }
      depth = before;
      return negated ? new Node.Not(node) : node;
    }

    private Node ask() {
      Subject subject = subject(tokens.next().text());
      String word = tokens.next().text();
      Operator operator =
          Operator.of(word)
              .orElseThrow(() -> new IllegalArgumentException("'" + word + "' is no operator"));
      if (operator.bare()) {
        return new Node.Ask(subject, operator, List.of(), null);
      }
      List<String> arguments = operator.list() ? list() : List.of(tokens.argument());
      return new Node.Ask(
          subject,
          operator,
          arguments,
          operator.regular() ? QueryPattern.of(arguments.getFirst()) : null);
    }

    private List<String> list() {
      if (!tokens.take("[", "[")) {
        throw new IllegalArgumentException("a list in [ ] is expected");
      }
      var items = new ArrayList<String>();
      do {
        items.add(tokens.argument());
      } while (tokens.take(",", ","));
      if (!tokens.take("]", "]")) {
        throw new IllegalArgumentException("a list has no end");
      }
      return List.copyOf(items);
    }

    private static Subject subject(String text) {
      if (text.startsWith("attribute:") && text.length() > "attribute:".length()) {
        return new Subject(Kind.ATTRIBUTE, text.substring("attribute:".length()));
      }
      return switch (text) {
        case "agentConnected" -> new Subject(Kind.AGENT_CONNECTED, "");
        case "agentVersion" -> new Subject(Kind.AGENT_VERSION, "");
        case "ec2InstanceId" -> new Subject(Kind.INSTANCE_ID, "");
        case "registeredAt" -> new Subject(Kind.REGISTERED_AT, "");
        case "runningTasksCount" -> new Subject(Kind.RUNNING, "");
        case "task:group" -> new Subject(Kind.TASK_GROUP, "");
        default -> throw new IllegalArgumentException("'" + text + "' is no subject");
      };
    }
  }
}
