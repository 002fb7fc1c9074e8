// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.Schema;
import dev.holdfast.aws.Type;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonNumber;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Builds the smallest valid request of an operation: what its schema requires, with values from a
 * table, and what the operation needs beside that.
 *
 * @param values JSON by {@code svc:Operation.member}, {@code svc.member} or {@code member}; the
 *     most exact name wins
 * @param beside members that the schema calls optional, by operation
 */
record SmallestRequest(Map<String, JsonValue> values, Map<String, JsonObject> beside) {

  /** Says what to add for an operation that this table does not know. */
  static final class Unknown extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unknown(String message) {
      super(message);
    }
  }

  JsonObject of(OperationModel<?, ?> model) {
    JsonObject request = structure(model, model.input());
    JsonObject more = beside.getOrDefault(model.toString(), JsonObject.EMPTY);
    for (Map.Entry<String, JsonValue> member : more.members().entrySet()) {
      request = request.with(member.getKey(), member.getValue());
    }
    return request;
  }

  private JsonObject structure(OperationModel<?, ?> model, Schema schema) {
    JsonObject built = JsonObject.EMPTY;
    for (Schema.Member member : schema.members()) {
      if (member.required()) {
        JsonValue known = known(model, member.name());
        built =
            built.with(
                member.name(), known == null ? value(model, member.name(), member.type()) : known);
      }
    }
    return built;
  }

  private @Nullable JsonValue known(OperationModel<?, ?> model, String member) {
    for (String name :
        List.of(model + "." + member, model.service().name() + "." + member, member)) {
      JsonValue value = values.get(name);
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  private JsonValue value(OperationModel<?, ?> model, String member, Type type) {
    return switch (type) {
      case Type.StringType text when !text.values().isEmpty() ->
          new JsonString(text.values().getFirst());
      case Type.StringType _ ->
          throw new Unknown(
              "%s needs a value for %s: add one to Cargo.values as \"%s.%s\""
                  .formatted(model, member, model, member));
      case Type.IntegerType number -> JsonNumber.of(Math.max(1, number.min()));
      case Type.DecimalType _ -> JsonNumber.of(1);
      case Type.BooleanType _ -> new JsonValue.JsonBool(false);
      case Type.TimestampType _ -> JsonNumber.of(1_700_000_000L);
      case Type.BlobType _ -> new JsonString("c2hpcA==");
      case Type.ListType list -> {
        var items = new ArrayList<JsonValue>();
        for (long i = 0; i < Math.max(1, list.min()); i++) {
          items.add(value(model, member, list.item()));
        }
        yield new JsonArray(items);
      }
      case Type.MapType _ -> JsonObject.EMPTY;
      case Type.StructureType nested -> structure(model, nested.schema());
    };
  }

  static JsonValue json(String text) {
    return Json.parse(text);
  }
}
