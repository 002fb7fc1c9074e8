// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws;

import dev.holdfast.kit.Json;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * awsJson 1.1: structures as JSON objects, timestamps as epoch seconds, blobs as base64.
 *
 * @see <a href="https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html">awsJson 1.1</a>
 */
public final class JsonCodec {
  private JsonCodec() {}

  /**
   * Reads a structure; unknown members are ignored, as AWS does.
   *
   * @throws Malformed where the bytes are no such structure
   */
  public static Shape read(Schema schema, byte[] bytes) {
    if (bytes.length == 0) {
      return schema.make(new Object[schema.members().size()]);
    }
    try (JsonParser parser = Json.parser(bytes)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new Malformed("the body is not a JSON object");
      }
      Shape shape = structure(schema, parser);
      if (parser.nextToken() != null) {
        throw new Malformed("unexpected text after the JSON object");
      }
      return shape;
    } catch (JacksonException e) {
      throw new Malformed(String.valueOf(Json.malformed(e).getMessage()));
    } catch (Json.MalformedJson e) {
      throw new Malformed(String.valueOf(e.getMessage()));
    }
  }

  private static Shape structure(Schema schema, JsonParser parser) {
    @Nullable Object[] values = new Object[schema.members().size()];
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      JsonToken token = parser.nextToken();
      int place = schema.place(name);
      if (place < 0) {
        parser.skipChildren();
      } else {
        values[place] = value(schema.members().get(place).type(), name, token, parser);
      }
    }
    return schema.make(values);
  }

  private static @Nullable Object value(
      Type type, String name, @Nullable JsonToken token, JsonParser parser) {
    if (token == null || token == JsonToken.VALUE_NULL) {
      return null;
    }
    return switch (type) {
      case Type.StringType _ -> {
        expect(token == JsonToken.VALUE_STRING, name, "a string");
        yield parser.getString();
      }
      case Type.IntegerType integer -> integer(integer, name, token, parser);
      case Type.DecimalType _ -> {
        expect(token.isNumeric(), name, "a number");
        double number = parser.getDoubleValue();
        expect(Double.isFinite(number), name, "a number in range");
        yield number;
      }
      case Type.BooleanType _ -> {
        expect(token.isBoolean(), name, "a boolean");
        yield token == JsonToken.VALUE_TRUE;
      }
      case Type.TimestampType _ -> {
        expect(token.isNumeric(), name, "epoch seconds");
        double seconds = parser.getDoubleValue();
        expect(Math.abs(seconds) < 1e12, name, "epoch seconds");
        yield Instant.ofEpochMilli(Math.round(seconds * 1000));
      }
      case Type.BlobType _ -> {
        expect(token == JsonToken.VALUE_STRING, name, "base64 text");
        try {
          yield Base64.getDecoder().decode(parser.getString());
        } catch (IllegalArgumentException _) {
          throw new Malformed("`" + name + "` is not base64 text");
        }
      }
      case Type.ListType list -> list(list, name, token, parser);
      case Type.MapType map -> map(map, name, token, parser);
      case Type.StructureType structure -> {
        expect(token == JsonToken.START_OBJECT, name, "an object");
        yield structure(structure.schema(), parser);
      }
    };
  }

  private static Object integer(
      Type.IntegerType type, String name, JsonToken token, JsonParser parser) {
    expect(token.isNumeric(), name, "a whole number");
    try {
      long value = parser.getDecimalValue().longValueExact();
      return type.wide() ? (Object) value : (Object) Math.toIntExact(value);
    } catch (ArithmeticException | NumberFormatException _) {
      // The latter for an exponent beyond any number's.
      throw new Malformed("`" + name + "` is not a whole number in range");
    }
  }

  private static List<Object> list(
      Type.ListType type, String name, JsonToken token, JsonParser parser) {
    expect(token == JsonToken.START_ARRAY, name, "a list");
    var items = new ArrayList<Object>();
    for (JsonToken t = parser.nextToken(); t != JsonToken.END_ARRAY; t = parser.nextToken()) {
      Object item = value(type.item(), name, t, parser);
      if (item == null) {
        throw new Malformed("`" + name + "` holds a null");
      }
      items.add(item);
    }
    return Collections.unmodifiableList(items);
  }

  private static Map<String, Object> map(
      Type.MapType type, String name, JsonToken token, JsonParser parser) {
    expect(token == JsonToken.START_OBJECT, name, "an object");
    var entries = new LinkedHashMap<String, Object>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String key = parser.currentName();
      Object value = value(type.value(), name, parser.nextToken(), parser);
      if (value != null) {
        entries.put(key, value);
      }
    }
    return Collections.unmodifiableMap(entries);
  }

  private static void expect(boolean holds, String name, String what) {
    if (!holds) {
      throw new Malformed("`" + name + "` is not " + what);
    }
  }

  /** Writes a structure as UTF-8. */
  public static byte[] bytes(Shape shape) {
    var out = new ByteArrayOutputStream(512);
    try (JsonGenerator generator = Json.generator(out)) {
      write(generator, shape);
    }
    return out.toByteArray();
  }

  private static void write(JsonGenerator generator, Shape shape) {
    generator.writeStartObject();
    List<Schema.Member> members = shape.schema().members();
    for (int i = 0; i < members.size(); i++) {
      Object value = shape.member(i);
      if (value != null) {
        generator.writeName(members.get(i).name());
        write(generator, members.get(i).type(), value);
      }
    }
    generator.writeEndObject();
  }

  private static void write(JsonGenerator generator, Type type, Object value) {
    switch (type) {
      case Type.StringType _ -> generator.writeString((String) value);
      case Type.IntegerType _ -> generator.writeNumber(((Number) value).longValue());
      case Type.DecimalType _ -> generator.writeNumber((Double) value);
      case Type.BooleanType _ -> generator.writeBoolean((Boolean) value);
      case Type.TimestampType _ -> generator.writeNumber(epochSeconds((Instant) value));
      case Type.BlobType _ ->
          generator.writeString(Base64.getEncoder().encodeToString((byte[]) value));
      case Type.ListType list -> {
        generator.writeStartArray();
        for (Object item : (List<?>) value) {
          write(generator, list.item(), item);
        }
        generator.writeEndArray();
      }
      case Type.MapType map -> {
        generator.writeStartObject();
        ((Map<?, ?>) value)
            .forEach(
                (k, v) -> {
                  generator.writeName((String) k);
                  write(generator, map.value(), v);
                });
        generator.writeEndObject();
      }
      case Type.StructureType _ -> write(generator, (Shape) value);
    }
  }

  /** Seconds with three digits of fraction, written without an exponent. */
  static java.math.BigDecimal epochSeconds(Instant instant) {
    return java.math.BigDecimal.valueOf(instant.toEpochMilli(), 3);
  }
}
