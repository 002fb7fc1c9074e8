// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws;

import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonBool;
import dev.holdfast.kit.JsonValue.JsonNumber;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Structures as the audit record shows them: awsJson's tree, sensitive members as {@code ***}. */
public final class Redacted {
  private static final JsonString HIDDEN = new JsonString("***");

  private Redacted() {}

  public static JsonObject tree(Shape shape) {
    var tree = new LinkedHashMap<String, JsonValue>();
    List<Schema.Member> members = shape.schema().members();
    for (int i = 0; i < members.size(); i++) {
      Object value = shape.member(i);
      if (value != null) {
        tree.put(members.get(i).name(), value(members.get(i).type(), value));
      }
    }
    return new JsonObject(tree);
  }

  private static JsonValue value(Type type, Object value) {
    if (type.sensitive()) {
      return HIDDEN;
    }
    return switch (type) {
      case Type.StringType _ -> new JsonString((String) value);
      case Type.IntegerType _ -> JsonNumber.of(((Number) value).longValue());
      case Type.DecimalType _ -> JsonNumber.of((Double) value);
      case Type.BooleanType _ -> new JsonBool((Boolean) value);
      case Type.TimestampType _ ->
          new JsonNumber(JsonCodec.epochSeconds((Instant) value).toPlainString());
      case Type.BlobType _ -> new JsonString(Base64.getEncoder().encodeToString((byte[]) value));
      case Type.ListType list -> {
        var items = new ArrayList<JsonValue>();
        for (Object item : (List<?>) value) {
          items.add(value(list.item(), item));
        }
        yield new JsonArray(items);
      }
      case Type.MapType map when map.key().sensitive() -> HIDDEN;
      case Type.MapType map -> {
        var entries = new LinkedHashMap<String, JsonValue>();
        for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
          entries.put((String) entry.getKey(), value(map.value(), entry.getValue()));
        }
        yield new JsonObject(entries);
      }
      case Type.StructureType _ -> tree((Shape) value);
    };
  }
}
