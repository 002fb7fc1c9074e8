// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws;

import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The type of a member, with the constraints that AWS's model states. */
public sealed interface Type {

  /** Whether values must never be printed, logged or recorded. */
  default boolean sensitive() {
    return false;
  }

  /** Text; {@code min} and {@code max} count characters. */
  record StringType(
      long min, long max, @Nullable Pattern pattern, boolean sensitive, List<String> values)
      implements Type {}

  /** A whole number of 32 or 64 bits. */
  record IntegerType(long min, long max, boolean wide) implements Type {}

  /** A floating-point number. */
  record DecimalType() implements Type {}

  /** True or false. */
  record BooleanType() implements Type {}

  /** An instant: epoch seconds in JSON, ISO 8601 in XML and forms. */
  record TimestampType() implements Type {}

  /** Bytes, base64 on the wire; {@code min} and {@code max} count bytes. */
  record BlobType(long min, long max, boolean sensitive) implements Type {}

  /** A list; {@code itemName} is the name of an item in forms and XML. */
  record ListType(
      Type item, String itemName, boolean flattened, long min, long max, boolean sensitive)
      implements Type {}

  /** A map with text keys. */
  record MapType(Type key, Type value, boolean flattened, long min, long max, boolean sensitive)
      implements Type {}

  /** A nested structure, resolved late because structures may contain themselves. */
  record StructureType(Supplier<Schema> target, boolean sensitive) implements Type {
    public Schema schema() {
      return target.get();
    }
  }

  static Type string(
      long min, long max, @Nullable String pattern, boolean sensitive, String... values) {
    return new StringType(
        min,
        max,
        pattern == null ? null : Pattern.compile(pattern, Pattern.DOTALL),
        sensitive,
        List.copyOf(Set.of(values).size() == values.length ? List.of(values) : Set.of(values)));
  }

  static Type integer(long min, long max) {
    return new IntegerType(min, max, false);
  }

  static Type longInteger(long min, long max) {
    return new IntegerType(min, max, true);
  }

  static Type decimal() {
    return new DecimalType();
  }

  static Type bool() {
    return new BooleanType();
  }

  static Type timestamp() {
    return new TimestampType();
  }

  static Type blob(long min, long max, boolean sensitive) {
    return new BlobType(min, max, sensitive);
  }

  static Type list(
      Type item, String itemName, boolean flattened, long min, long max, boolean sensitive) {
    return new ListType(item, itemName, flattened, min, max, sensitive);
  }

  static Type map(Type key, Type value, boolean flattened, long min, long max, boolean sensitive) {
    return new MapType(key, value, flattened, min, max, sensitive);
  }

  static Type structure(Supplier<Schema> target, boolean sensitive) {
    return new StructureType(target, sensitive);
  }
}
