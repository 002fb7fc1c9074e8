// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kit;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A JSON document as an immutable tree, for documents whose shape we do not own (RFC 8259). */
public sealed interface JsonValue {

  /** An object; members keep their order, and a duplicate name was refused by the parser. */
  record JsonObject(Map<String, JsonValue> members) implements JsonValue {
    public static final JsonObject EMPTY = new JsonObject(Map.of());

    public JsonObject {
      members = Members.of(members);
    }

    public @Nullable JsonValue get(String name) {
      return members.get(name);
    }

    /** The member as text, or null where it is absent or of another kind. */
    public @Nullable String string(String name) {
      return members.get(name) instanceof JsonString(var text) ? text : null;
    }

    /** The member as a whole number, or null where it is absent or of another kind. */
    public @Nullable Long integer(String name) {
      return members.get(name) instanceof JsonNumber number ? number.asLong() : null;
    }

    /** True only where the member is literally {@code true}. */
    public boolean isTrue(String name) {
      return members.get(name) instanceof JsonBool(var value) && value;
    }

    /** The member as an object; empty where it is absent or of another kind. */
    public JsonObject object(String name) {
      return members.get(name) instanceof JsonObject object ? object : EMPTY;
    }

    /** The items of an array member; empty where it is absent or of another kind. */
    public List<JsonValue> array(String name) {
      return members.get(name) instanceof JsonArray(var items) ? items : List.of();
    }

    /** For an object of many members: each {@code with} of an object makes a copy. */
    public static final class Builder {
      private LinkedHashMap<String, JsonValue> members = new LinkedHashMap<>();

      public Builder with(String name, JsonValue value) {
        members.put(name, value);
        return this;
      }

      public Builder with(String name, String value) {
        return with(name, new JsonString(value));
      }

      public Builder with(String name, boolean value) {
        return with(name, new JsonBool(value));
      }

      /** The object; the builder begins anew. */
      public JsonObject build() {
        var built = new JsonObject(Members.over(members));
        members = new LinkedHashMap<>();
        return built;
      }
    }

    /** A copy with one member set. */
    public JsonObject with(String name, JsonValue value) {
      var copy = new LinkedHashMap<>(members);
      copy.put(name, value);
      return new JsonObject(Members.over(copy));
    }

    /** A copy without one member. */
    public JsonObject without(String name) {
      var copy = new LinkedHashMap<>(members);
      copy.remove(name);
      return new JsonObject(Members.over(copy));
    }

    /** A copy with one text member set. */
    public JsonObject with(String name, String value) {
      return with(name, new JsonString(value));
    }

    /** A copy with one numeric member set. */
    public JsonObject with(String name, long value) {
      return with(name, JsonNumber.of(value));
    }

    /** A copy with one boolean member set. */
    public JsonObject with(String name, boolean value) {
      return with(name, new JsonBool(value));
    }
  }

  /** An array. */
  record JsonArray(List<JsonValue> items) implements JsonValue {
    public JsonArray {
      items = List.copyOf(items);
    }

    public static JsonArray ofStrings(Iterable<String> texts) {
      var items = new java.util.ArrayList<JsonValue>();
      texts.forEach(text -> items.add(new JsonString(text)));
      return new JsonArray(items);
    }
  }

  /** A string. */
  record JsonString(String text) implements JsonValue {}

  /** A number, kept as written so that nothing is rounded. */
  record JsonNumber(String text) implements JsonValue {
    public static JsonNumber of(long value) {
      return new JsonNumber(Long.toString(value));
    }

    /**
     * JSON has no infinity and no NaN: they are refused, since they would be written as they are.
     */
    public static JsonNumber of(double value) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException("not a number in JSON: " + value);
      }
      return new JsonNumber(
          value == Math.rint(value) && Math.abs(value) < 1e15
              ? Long.toString((long) value)
              : Double.toString(value));
    }

    /** The value as a whole number, or null where it is none or does not fit 64 bits. */
    public @Nullable Long asLong() {
      try {
        return new java.math.BigDecimal(text).longValueExact();
      } catch (ArithmeticException | NumberFormatException _) {
        return null;
      }
    }

    public double asDouble() {
      return Double.parseDouble(text);
    }
  }

  /** {@code true} or {@code false}. */
  record JsonBool(boolean value) implements JsonValue {}

  /** {@code null}. */
  record JsonNull() implements JsonValue {
    public static final JsonNull NULL = new JsonNull();
  }

  static JsonString of(String text) {
    return new JsonString(text);
  }
}
