// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.ecs.model.PendingEvent;
import dev.holdfast.ecs.port.LocalHost;
import dev.holdfast.ecs.state.Connections;
import dev.holdfast.kit.Hashes;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonBool;
import dev.holdfast.kit.JsonValue.JsonNumber;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import dev.holdfast.store.View;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * What happened as EventBridge would deliver it (Amazon ECS Developer Guide, "Amazon ECS task state
 * change events" and its neighbours): the shapes of the API with times as texts, in an envelope.
 */
public record EventWire(Connections connections, LocalHost host) {

  /** The event; its id is the same whenever it is made. */
  public JsonObject event(View view, PendingEvent event) {
    return JsonObject.EMPTY
        .with("version", "0")
        .with("id", id(event.key()))
        .with("detail-type", event.type())
        .with("source", "aws.ecs")
        .with("account", event.place().account().digits())
        .with("time", event.at().truncatedTo(ChronoUnit.SECONDS).toString())
        .with("region", event.place().region().name())
        .with("resources", JsonArray.ofStrings(List.of(event.resource())))
        .with("detail", detail(view, event));
  }

  private JsonObject detail(View view, PendingEvent event) {
    JsonObject detail = event.detail();
    if (event.task() != null) {
      return timed(Wire.json(Wire.task(view, event.task())))
          .with("updatedAt", event.at().toString());
    }
    if (event.instance() != null) {
      var wire = new InstanceWire(connections, host);
      return timed(Wire.json(wire.instance(view, event.instance(), List.of())))
          .with("agentConnected", Boolean.TRUE.equals(event.connected()))
          .with("clusterArn", event.instance().key().clusterKey().arn().toString())
          .with("updatedAt", event.at().toString());
    }
    return detail == null ? JsonObject.EMPTY : detail;
  }

  /** In the form of a UUID. */
  private static String id(PendingEvent.Key key) {
    String hex = Hashes.sha256Hex(String.join(" ", key.segments()));
    return String.join(
        "-",
        hex.substring(0, 8),
        hex.substring(8, 12),
        "8" + hex.substring(13, 16),
        "8" + hex.substring(17, 20),
        hex.substring(20, 32));
  }

  /** Events have times as texts, and no tags. */
  private static JsonObject timed(JsonObject shape) {
    var members = new LinkedHashMap<String, JsonValue>();
    shape
        .members()
        .forEach(
            (name, value) -> {
              if (name.endsWith("At") && value instanceof JsonNumber number) {
                long millis = Math.round(number.asDouble() * 1000);
                members.put(name, new JsonString(Instant.ofEpochMilli(millis).toString()));
              } else if (!name.equals("tags")) {
                members.put(name, timed(value));
              }
            });
    return new JsonObject(members);
  }

  private static JsonValue timed(JsonValue value) {
    return switch (value) {
      case JsonObject object -> timed(object);
      case JsonArray(var items) -> new JsonArray(items.stream().map(EventWire::timed).toList());
      case JsonBool bool -> bool;
      default -> value;
    };
  }
}
