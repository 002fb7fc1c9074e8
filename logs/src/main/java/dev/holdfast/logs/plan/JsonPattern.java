// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.logs.plan;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonBool;
import dev.holdfast.kit.JsonValue.JsonNull;
import dev.holdfast.kit.JsonValue.JsonNumber;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Conditions on the members of a JSON object, such as {@code { $.level = "error" && ($.code > 499
 * || $.retry IS TRUE) }}. A member that is not there meets {@code NOT EXISTS} alone.
 */
record JsonPattern(Condition condition) implements FilterPattern {
  private static final int DEEPEST = 32;

  /** What a message must be. */
  sealed interface Condition {
    boolean holds(JsonObject message);
  }

  record All(List<Condition> of) implements Condition {
    @Override
    public boolean holds(JsonObject message) {
      return of.stream().allMatch(c -> c.holds(message));
    }
  }

  record Any(List<Condition> of) implements Condition {
    @Override
    public boolean holds(JsonObject message) {
      return of.stream().anyMatch(c -> c.holds(message));
    }
  }

  record Compared(Selector selector, Comparison comparison) implements Condition {
    @Override
    public boolean holds(JsonObject message) {
      return selector.in(message).anyMatch(this::meets);
    }

    private boolean meets(JsonValue value) {
      return switch (value) {
        case JsonString(var text) -> comparison.matches(text);
        case JsonNumber(var text) -> comparison.matches(text);
        case JsonBool(var set) -> comparison.matches(Boolean.toString(set));
        case JsonObject _, JsonArray _, JsonNull _ -> false;
      };
    }
  }

  /** {@code IS NULL}, {@code IS TRUE}, {@code IS FALSE}. */
  record Is(Selector selector, JsonValue wanted) implements Condition {
    @Override
    public boolean holds(JsonObject message) {
      return selector.in(message).anyMatch(wanted::equals);
    }
  }

  /** {@code EXISTS}, {@code NOT EXISTS}. */
  record Exists(Selector selector, boolean wanted) implements Condition {
    @Override
    public boolean holds(JsonObject message) {
      return selector.in(message).findAny().isPresent() == wanted;
    }
  }

  /** A way to a member: names, and the places of items, {@code *} for every item. */
  record Selector(List<String> steps) {
    Stream<JsonValue> in(JsonObject message) {
      Stream<JsonValue> found = Stream.of(message);
      for (String step : steps) {
        found = found.flatMap(value -> below(value, step));
      }
      return found;
    }

    private static Stream<JsonValue> below(JsonValue value, String step) {
      return switch (value) {
        case JsonObject object when !step.startsWith("[") -> Stream.ofNullable(object.get(step));
        case JsonArray(var items) when step.equals("[*]") -> items.stream();
        case JsonArray(var items) when step.startsWith("[") -> {
          int index = Integer.parseInt(step.substring(1, step.length() - 1));
          yield index < items.size() ? Stream.of(items.get(index)) : Stream.empty();
        }
        default -> Stream.empty();
      };
    }
  }

  @Override
  public boolean matches(String message) {
    String text = message.strip();
    if (!text.startsWith("{")) {
      return false;
    }
    try {
      return condition.holds(Json.parseObject(text));
    } catch (Json.MalformedJson _) {
      return false;
    }
  }

  static JsonPattern parse(String text) {
    var in = new PatternText(text);
    Condition condition = any(in, 0);
    in.skipSpace();
    if (!in.ended()) {
      throw PatternText.invalid();
    }
    return new JsonPattern(condition);
  }

  private static Condition any(PatternText in, int depth) {
    var of = new ArrayList<Condition>();
    do {
      of.add(all(in, depth));
    } while (in.take("||"));
    return of.size() == 1 ? of.getFirst() : new Any(List.copyOf(of));
  }

  private static Condition all(PatternText in, int depth) {
    var of = new ArrayList<Condition>();
    do {
      of.add(one(in, depth));
    } while (in.take("&&"));
    return of.size() == 1 ? of.getFirst() : new All(List.copyOf(of));
  }

  private static Condition one(PatternText in, int depth) {
    if (in.take("(")) {
      if (depth >= DEEPEST) {
        throw PatternText.invalid();
      }
      Condition inner = any(in, depth + 1);
      in.require(")");
      return inner;
    }
    Selector selector = selector(in);
    if (in.word("IS")) {
      if (in.word("NULL")) {
        return new Is(selector, JsonNull.NULL);
      }
      if (in.word("TRUE")) {
        return new Is(selector, new JsonBool(true));
      }
      if (in.word("FALSE")) {
        return new Is(selector, new JsonBool(false));
      }
      throw PatternText.invalid();
    }
    if (in.word("NOT")) {
      if (in.word("EXISTS")) {
        return new Exists(selector, false);
      }
      throw PatternText.invalid();
    }
    if (in.word("EXISTS")) {
      return new Exists(selector, true);
    }
    Comparison comparison = Comparison.parse(in);
    if (comparison == null) {
      throw PatternText.invalid();
    }
    return new Compared(selector, comparison);
  }

  private static Selector selector(PatternText in) {
    in.require("$");
    var steps = new ArrayList<String>();
    while (true) {
      if (in.take('.')) {
        if (!in.at('[')) {
          String name = in.until(c -> !Character.isLetterOrDigit(c) && "_-:@/#".indexOf(c) < 0);
          steps.add(required(name));
        }
      } else if (in.take('[')) {
        steps.add(item(in));
      } else if (steps.isEmpty()) {
        throw PatternText.invalid();
      } else {
        return new Selector(List.copyOf(steps));
      }
    }
  }

  private static String item(PatternText in) {
    if (in.at('"')) {
      String name = required(in.quoted());
      in.require("]");
      return name;
    }
    if (in.at('\'')) {
      in.require("'");
      String name = required(in.until(c -> c == '\''));
      in.require("'");
      in.require("]");
      return name;
    }
    String index = in.until(c -> c == ']');
    in.require("]");
    if (!index.matches("[0-9]{1,6}|\\*")) {
      throw PatternText.invalid();
    }
    return "[" + index + "]";
  }

  private static String required(String name) {
    if (name.isEmpty() || name.startsWith("[")) {
      throw PatternText.invalid();
    }
    return name;
  }
}
