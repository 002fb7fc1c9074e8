// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kit;

import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonBool;
import dev.holdfast.kit.JsonValue.JsonNull;
import dev.holdfast.kit.JsonValue.JsonNumber;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * Strict JSON in and out: duplicate names, trailing bytes, deep nesting (over 100), overlong texts
 * and documents of more than 200,000 tokens are refused.
 */
public final class Json {

  /** Thrown for bytes that are not one JSON document; the message names line and column. */
  public static final class MalformedJson extends RuntimeException {
    private static final long serialVersionUID = 1;

    MalformedJson(String message) {
      super(message, null, false, false);
    }
  }

  /**
   * The most names, values and brackets of a document from outside. A tree takes up to some hundred
   * bytes for each, so that two megabytes of brackets would take a whole server's memory. The
   * longest that anybody has reason to send, a manifest of 10,000 layers, has half as many.
   */
  static final int MOST_TOKENS = 200_000;

  private static final JsonFactory FACTORY = factory(MOST_TOKENS);
  private static final JsonFactory OWN = factory(Long.MAX_VALUE);

  private static JsonFactory factory(long tokens) {
    return JsonFactory.builder()
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(100)
                .maxStringLength(16 * 1024 * 1024)
                .maxNumberLength(200)
                .maxTokenCount(tokens)
                .build())
        .build();
  }

  private Json() {}

  /**
   * A parser over UTF-8 bytes with the limits above.
   *
   * @throws MalformedJson where the bytes are no text
   */
  public static JsonParser parser(byte[] bytes) {
    requireText(bytes);
    return FACTORY.createParser(ObjectReadContext.empty(), bytes);
  }

  /** A generator that writes UTF-8 into {@code out}. */
  public static JsonGenerator generator(ByteArrayOutputStream out) {
    return FACTORY.createGenerator(ObjectWriteContext.empty(), out);
  }

  /**
   * Parses exactly one document.
   *
   * @throws MalformedJson where the bytes are anything else
   */
  public static JsonValue parse(byte[] bytes) {
    requireText(bytes);
    return parse(FACTORY, bytes);
  }

  private static void requireText(byte[] bytes) {
    if (!JsonText.wellFormed(bytes)) {
      throw new MalformedJson("the bytes are no text in UTF-8");
    }
  }

  /**
   * Parses a document as long as it may be: what this platform wrote, and what its container engine
   * says.
   *
   * @throws MalformedJson where the bytes are not exactly one document
   */
  public static JsonValue parseOwn(byte[] bytes) {
    return parse(OWN, bytes);
  }

  private static JsonValue parse(JsonFactory factory, byte[] bytes) {
    try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), bytes)) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        throw new MalformedJson("empty document");
      }
      JsonValue value = value(parser, first);
      if (parser.nextToken() != null) {
        throw new MalformedJson("unexpected text after the document");
      }
      return value;
    } catch (JacksonException e) {
      throw malformed(e);
    }
  }

  public static JsonValue parse(String text) {
    return parse(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Parses one document that must be an object.
   *
   * @throws MalformedJson where it is not
   */
  public static JsonObject parseObject(byte[] bytes) {
    if (parse(bytes) instanceof JsonObject object) {
      return object;
    }
    throw new MalformedJson("the document is not an object");
  }

  public static JsonObject parseObject(String text) {
    return parseObject(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The reason of a parse failure without a quote of the input, which may hold secrets. */
  public static MalformedJson malformed(JacksonException e) {
    var at = e.getLocation();
    String reason = e.getOriginalMessage();
    boolean duplicate = reason != null && reason.startsWith("Duplicate");
    String where = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
    return new MalformedJson((duplicate ? "duplicate member" : "malformed JSON") + where);
  }

  /** Reads the value whose first token is {@code token}. */
  public static JsonValue value(JsonParser parser, JsonToken token) {
    return switch (token) {
      case START_OBJECT -> {
        var members = new LinkedHashMap<String, JsonValue>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
          String name = parser.currentName();
          members.put(name, value(parser, next(parser)));
        }
        yield new JsonObject(Members.over(members));
      }
      case START_ARRAY -> {
        var items = new ArrayList<JsonValue>();
        for (JsonToken t = next(parser); t != JsonToken.END_ARRAY; t = next(parser)) {
          items.add(value(parser, t));
        }
        yield new JsonArray(items);
      }
      case VALUE_STRING -> new JsonString(parser.getString());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new JsonNumber(parser.getString());
      case VALUE_TRUE -> new JsonBool(true);
      case VALUE_FALSE -> new JsonBool(false);
      case VALUE_NULL -> JsonNull.NULL;
      case NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT ->
          throw new MalformedJson("malformed JSON");
    };
  }

  private static JsonToken next(JsonParser parser) {
    JsonToken token = parser.nextToken();
    if (token == null) {
      throw new MalformedJson("the document ends too early");
    }
    return token;
  }

  /** Writes a tree as UTF-8. */
  public static byte[] bytes(JsonValue value) {
    var out = new ByteArrayOutputStream(256);
    try (JsonGenerator generator = generator(out)) {
      write(generator, value);
    }
    return out.toByteArray();
  }

  public static String text(JsonValue value) {
    return new String(bytes(value), StandardCharsets.UTF_8);
  }

  public static void write(JsonGenerator generator, JsonValue value) {
    switch (value) {
      case JsonObject(var members) -> {
        generator.writeStartObject();
        members.forEach(
            (name, member) -> {
              generator.writeName(name);
              write(generator, member);
            });
        generator.writeEndObject();
      }
      case JsonArray(var items) -> {
        generator.writeStartArray();
        items.forEach(item -> write(generator, item));
        generator.writeEndArray();
      }
      case JsonString(var text) -> generator.writeString(text);
      case JsonNumber(var text) -> generator.writeNumber(text);
      case JsonBool(var bool) -> generator.writeBoolean(bool);
      case JsonNull() -> generator.writeNull();
    }
  }
}
