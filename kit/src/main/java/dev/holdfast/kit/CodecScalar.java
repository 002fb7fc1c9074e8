// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kit;

import dev.holdfast.kit.JsonValue.JsonBool;
import dev.holdfast.kit.JsonValue.JsonNumber;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** A component that is no record and holds none. */
record CodecScalar(
    BiConsumer<JsonGenerator, Object> writer,
    Function<JsonValue, Object> reader,
    @Nullable Object absent)
    implements CodecNode {
  @Override
  public void write(JsonGenerator out, Object value) {
    writer.accept(out, value);
  }

  @Override
  public Object read(JsonValue value) {
    return reader.apply(value);
  }

  /** The node of a scalar type, or null where a type is none. */
  static @Nullable CodecNode of(Class<?> c) {
    if (c == String.class) {
      return new CodecScalar((out, v) -> out.writeString((String) v), CodecScalar::text, null);
    }
    if (c == boolean.class || c == Boolean.class) {
      return new CodecScalar(
          (out, v) -> out.writeBoolean((Boolean) v),
          v -> ((JsonBool) v).value(),
          c.isPrimitive() ? Boolean.FALSE : null);
    }
    if (c == int.class || c == Integer.class) {
      return new CodecScalar(
          (out, v) -> out.writeNumber((int) (Integer) v),
          v -> Math.toIntExact(whole(v)),
          c.isPrimitive() ? 0 : null);
    }
    if (c == long.class || c == Long.class) {
      return new CodecScalar(
          (out, v) -> out.writeNumber((long) (Long) v),
          CodecScalar::whole,
          c.isPrimitive() ? 0L : null);
    }
    if (c == double.class || c == Double.class) {
      return new CodecScalar(
          (out, v) -> Json.write(out, JsonNumber.of((Double) v)),
          CodecScalar::finite,
          c.isPrimitive() ? 0.0 : null);
    }
    if (c == byte[].class) {
      return new CodecScalar(
          (out, v) -> out.writeString(Base64.getEncoder().encodeToString((byte[]) v)),
          v -> Base64.getDecoder().decode(text(v)),
          null);
    }
    if (c == Instant.class) {
      return new CodecScalar(
          (out, v) -> out.writeString(v.toString()), v -> Instant.parse(text(v)), null);
    }
    if (c == Duration.class) {
      return new CodecScalar(
          (out, v) -> out.writeString(v.toString()), v -> Duration.parse(text(v)), null);
    }
    if (c == JsonObject.class || c == JsonValue.class) {
      return new CodecScalar((out, v) -> Json.write(out, (JsonValue) v), c::cast, null);
    }
    if (c.isEnum()) {
      return new CodecScalar(
          (out, v) -> out.writeString(((Enum<?>) v).name()), v -> constant(c, text(v)), null);
    }
    return null;
  }

  private static Object constant(Class<?> type, String name) {
    for (Object constant : type.getEnumConstants()) {
      if (((Enum<?>) constant).name().equals(name)) {
        return constant;
      }
    }
    throw new IllegalArgumentException("unknown " + type.getSimpleName());
  }

  static String text(JsonValue value) {
    return ((JsonString) value).text();
  }

  private static Double finite(JsonValue value) {
    double number = ((JsonNumber) value).asDouble();
    if (!Double.isFinite(number)) {
      throw new IllegalArgumentException("a number out of range");
    }
    return number;
  }

  private static Long whole(JsonValue value) {
    Long whole = ((JsonNumber) value).asLong();
    if (whole == null) {
      throw new IllegalArgumentException("not a whole number");
    }
    return whole;
  }
}
